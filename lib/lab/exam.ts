import type { Lab } from './format';
import type { LabProgress } from './progress';

/** How many faults an exam draws of a lab that draws them. */
const FAULTS = 3;

/** An exam that is under way. Kept on disk. */
export interface Exam {
  readonly lab: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Seeds of the faults, one a round; `[0]` for a lab that draws none. */
  readonly seeds: readonly number[];
  /** Rounds that are finished. */
  readonly rounds: readonly ExamRound[];
  /** The round under way. */
  readonly progress: LabProgress;
}

/** One round of an exam: the steps that passed, with the number of checks and answers that did not. */
export interface ExamRound {
  readonly seed: number;
  readonly steps: readonly ExamStep[];
}

/** A step of an exam. */
export interface ExamStep {
  readonly step: string;
  readonly passed: boolean;
  /** Checks that failed and answers that were wrong before it passed. */
  readonly misses: number;
}

/** What an exam ended with. Kept on disk and printed. */
export interface ExamResult {
  readonly lab: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly minutes: number;
  /** 0 to 100: the mean of the points of all steps. */
  readonly score: number;
  readonly rounds: readonly ExamRound[];
}

/**
 * Seeds of an exam: three faults that differ, chosen by one seed; a lab that draws none has one round.
 * @param seed any whole number
 */
export function examSeeds(lab: Lab<string>, seed: number): readonly number[] {
  const count = lab.faults?.length ?? 0;
  if (count === 0) return [0];
  const rounds = Math.min(FAULTS, count);
  // Consecutive seeds go through all faults; a stride spreads the rounds over the list.
  const stride = Math.max(1, Math.floor(count / rounds));
  return Array.from({ length: rounds }, (_, i) => (seed + i * stride) % count);
}

/** What the round under way counts for, as it is now. */
export const roundOf = (lab: Lab<string>, { progress }: Exam, seed: number): ExamRound => ({
  seed,
  steps: lab.steps.map((step) => ({
    step: step.id,
    passed: progress.done.includes(step.id),
    misses: (progress.failed?.[step.id] ?? 0) + wrongIn(step, progress),
  })),
});

function wrongIn({ checks }: Lab<string>['steps'][number], { wrong = {} }: LabProgress): number {
  const asked = checks.flatMap((check) => (check.kind === 'answer' ? [check.question.id] : []));
  return asked.reduce((sum, id) => sum + (wrong[id] ?? 0), 0);
}

/** Points that a miss takes from a step. */
const MISS = 20;
/** Points that a step which passed keeps in any case. */
const LEAST = 20;

/** Points of a step: 100 at the first try, 20 less for each miss, at least 20; 0 where it did not pass. */
export const pointsOf = ({ passed, misses }: ExamStep): number =>
  passed ? Math.max(LEAST, 100 - MISS * misses) : 0;

/** The result of an exam; rounds that were not begun count as not passed. */
export function examResult(lab: Lab<string>, exam: Exam, endedAt: string): ExamResult {
  const missing = exam.seeds.slice(exam.rounds.length).map((seed) => ({
    seed,
    steps: lab.steps.map(({ id }) => ({ step: id, passed: false, misses: 0 })),
  }));
  const rounds = [...exam.rounds, ...missing];
  const points = rounds.flatMap(({ steps }) => steps.map(pointsOf));
  const millis = Date.parse(endedAt) - Date.parse(exam.startedAt);
  return {
    lab: exam.lab,
    startedAt: exam.startedAt,
    endedAt,
    minutes: Math.round(millis / 6000) / 10,
    score: Math.round(points.reduce((sum, one) => sum + one, 0) / Math.max(1, points.length)),
    rounds,
  };
}
