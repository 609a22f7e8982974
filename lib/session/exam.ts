import { type Exam, type ExamResult, examResult, roundOf } from '../lab/exam';
import type { Lab } from '../lab/format';
import { advance, type LabEvent, type LabProgress } from '../lab/progress';
import { Failure } from '../model/problem';
import { readState, writeState } from './state';

const UNDER_WAY = 'exam';
const RESULTS = 'exams';

/** The exam that is under way; `undefined` where none is. */
export const openExam = (): Exam | undefined => readState<Exam | null>(UNDER_WAY) ?? undefined;

/** Results of all exams of this user, the oldest first. */
export const examResults = (): readonly ExamResult[] => readState<ExamResult[]>(RESULTS) ?? [];

/** Progress in the round that is under way; `undefined` where this lab is not in an exam. */
export function examProgress(lab: string): LabProgress | undefined {
  const exam = openExam();
  return exam?.lab === lab ? exam.progress : undefined;
}

/** Keeps what happened in the exam of this lab; `undefined` where it is not in one. */
export function recordInExam(lab: string, event: LabEvent): LabProgress | undefined {
  const exam = openExam();
  if (exam?.lab !== lab) return undefined;
  const progress = advance(exam.progress, event);
  writeState(UNDER_WAY, { ...exam, progress });
  return progress;
}

const NEW: LabProgress = { done: [], solved: [], hints: {}, answers: {} };

/** Begins an exam, in its first round. */
export function beginExam(lab: string, seeds: readonly number[]): Exam {
  const progress = { ...NEW, seed: seeds[0] ?? 0 };
  const exam = { lab, startedAt: new Date().toISOString(), seeds, rounds: [], progress };
  writeState(UNDER_WAY, exam);
  return exam;
}

/** Finishes the round under way, and begins the next; `undefined` after the last. */
export function nextRound(lab: Lab<string>, exam: Exam): Exam | undefined {
  const rounds = [...exam.rounds, roundOf(lab, exam, exam.progress.seed ?? 0)];
  const seed = exam.seeds[rounds.length];
  const after = { ...exam, rounds, progress: { ...NEW, ...(seed === undefined ? {} : { seed }) } };
  writeState(UNDER_WAY, after);
  return seed === undefined ? undefined : after;
}

/**
 * Ends an exam, with the round under way as it is, and keeps its result.
 * @param lab the lab as the round drew it
 */
export function endExam(lab: Lab<string>, exam: Exam): ExamResult {
  const isOpen = exam.rounds.length < exam.seeds.length;
  const rounds = isOpen
    ? [...exam.rounds, roundOf(lab, exam, exam.progress.seed ?? 0)]
    : exam.rounds;
  const result = examResult(lab, { ...exam, rounds }, new Date().toISOString());
  writeState(RESULTS, [...examResults(), result]);
  writeState(UNDER_WAY, null);
  return result;
}

/**
 * Refuses what an exam does not allow.
 * @param command as it was typed, such as `lab hint`
 * @throws Failure `in-exam`
 */
export function refuseInExam(lab: string, command: string): void {
  if (openExam()?.lab !== lab) return;
  throw new Failure(
    'in-exam',
    `${command} is not available in an exam`,
    'use lab get, lab exec, lab capture and lab matrix; lab exam --end ends the exam',
  );
}
