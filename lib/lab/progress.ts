import { Failure } from '../model/problem';
import type { Lab, Step } from './format';

/** How far a learner is in one lab. Kept on disk, so its JSON shape is public. */
export interface LabProgress {
  /** The stage the environment is at; absent in a Linux lab. */
  readonly stage?: string;
  /** Ids of the steps whose checks have passed, in the order they did. */
  readonly done: readonly string[];
  /** Ids of the steps whose solution was asked for. */
  readonly solved: readonly string[];
  /** Hints taken, by step id. */
  readonly hints: Readonly<Record<string, number>>;
  /** What was typed last, by question id. */
  readonly answers: Readonly<Record<string, string>>;
  /** Wrong answers given, by question id; absent: none was counted. */
  readonly wrong?: Readonly<Record<string, number>>;
  /** Checks that did not pass, by step id; absent: none was counted. */
  readonly failed?: Readonly<Record<string, number>>;
  /** What a fault was drawn by, where the lab draws one. */
  readonly seed?: number;
}

/** Progress of every lab that was ever begun, by lab id. */
export type Progress = Readonly<Record<string, LabProgress>>;

/** What happens to a lab. */
export type LabEvent =
  | { readonly kind: 'begun'; readonly stage?: string; readonly seed?: number }
  | { readonly kind: 'stage-entered'; readonly stage: string }
  | { readonly kind: 'step-passed'; readonly step: string }
  | { readonly kind: 'hint-taken'; readonly step: string }
  | { readonly kind: 'solution-taken'; readonly step: string }
  | { readonly kind: 'check-failed'; readonly step: string }
  | {
      readonly kind: 'answered';
      readonly question: string;
      readonly answer: string;
      /** The answer is wrong; absent: right, or not known before the next check. */
      readonly isWrong?: true;
    };

const NOTHING: LabProgress = { done: [], solved: [], hints: {}, answers: {} };

/**
 * Progress after an event. Passing a step twice changes nothing; beginning again keeps what was
 * learned (steps, hints, answers) and only moves the environment; `reset` forgets.
 */
export function advance(progress: LabProgress | undefined, event: LabEvent): LabProgress {
  const before = progress ?? NOTHING;
  switch (event.kind) {
    case 'begun':
      return {
        ...before,
        ...(event.stage === undefined ? {} : { stage: event.stage }),
        ...(event.seed === undefined ? {} : { seed: event.seed }),
      };
    case 'stage-entered':
      return { ...before, stage: event.stage };
    case 'step-passed':
      return { ...before, done: withOne(before.done, event.step) };
    case 'hint-taken':
      return {
        ...before,
        hints: { ...before.hints, [event.step]: hintsTaken(before, event.step) + 1 },
      };
    case 'solution-taken':
      return { ...before, solved: withOne(before.solved, event.step) };
    case 'check-failed':
      return { ...before, failed: plusOne(before.failed, event.step) };
    case 'answered': {
      const after = { ...before, answers: { ...before.answers, [event.question]: event.answer } };
      return event.isWrong ? { ...after, wrong: plusOne(before.wrong, event.question) } : after;
    }
  }
}

/** All labs' progress after an event of one of them. */
export const advanceLab = (progress: Progress, lab: string, event: LabEvent): Progress => ({
  ...progress,
  [lab]: advance(own(progress, lab), event),
});

/** All labs' progress with one forgotten. */
export const resetLab = (progress: Progress, lab: string): Progress =>
  Object.fromEntries(Object.entries(progress).filter(([id]) => id !== lab));

/** The first step not done yet; `undefined` once all are. */
export const currentStep = (
  lab: Lab<string>,
  progress: LabProgress | undefined,
): Step | undefined => lab.steps.find((step) => !(progress?.done ?? []).includes(step.id));

export type LabState = 'new' | 'begun' | 'done';

/** Where a learner is with a lab. A lab is done when every step is. */
export function labState(lab: Lab<string>, progress: LabProgress | undefined): LabState {
  if (progress === undefined) return 'new';
  return currentStep(lab, progress) === undefined ? 'done' : 'begun';
}

/** The next hint of a step, or `undefined` when all were taken. */
export const nextHint = (step: Step, progress: LabProgress | undefined): string | undefined =>
  step.hints[hintsTaken(progress ?? NOTHING, step.id)];

/**
 * Reads what `JSON.stringify(progress)` wrote.
 * @throws Failure `bad-progress` where it is something else: progress is never silently lost.
 */
export function readProgress(text: string): Progress {
  const parsed = parseJson(text);
  if (!isRecord(parsed) || !Object.values(parsed).every(isLabProgress)) {
    throw new Failure(
      'bad-progress',
      'the progress file does not hold progress',
      'move it away to begin anew, or restore it',
    );
  }
  return parsed as Progress;
}

/** A count for each key, with one more for this one. */
const plusOne = (
  counts: Readonly<Record<string, number>> | undefined,
  key: string,
): Readonly<Record<string, number>> => ({ ...counts, [key]: (own(counts ?? {}, key) ?? 0) + 1 });

const hintsTaken = (progress: LabProgress, step: string): number => own(progress.hints, step) ?? 0;

const withOne = (all: readonly string[], one: string): readonly string[] =>
  all.includes(one) ? all : [...all, one];

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const isCounts = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((count) => Number.isInteger(count));

const isLabProgress = (value: unknown): boolean =>
  isRecord(value) &&
  isTexts(value.done) &&
  isTexts(value.solved) &&
  [value.hints, value.wrong ?? {}, value.failed ?? {}].every(isCounts) &&
  isRecord(value.answers) &&
  isTexts(Object.values(value.answers)) &&
  (value.stage === undefined || typeof value.stage === 'string') &&
  (value.seed === undefined || typeof value.seed === 'number');
