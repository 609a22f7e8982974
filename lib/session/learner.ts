import {
  advanceLab,
  type LabEvent,
  type LabProgress,
  type Progress,
  readProgress,
  resetLab,
} from '../lab/progress';
import { examProgress, recordInExam } from './exam';
import { keptAside, readState, writeState } from './state';

const NAME = 'progress';

/** How far this user is in every lab. */
export function allProgress(): Progress {
  const kept = readState<unknown>(NAME);
  if (kept === undefined) return {};
  try {
    return readProgress(JSON.stringify(kept));
  } catch (error) {
    throw keptAside(NAME, error);
  }
}

/**
 * How far this user is in one lab: in the exam of it, where one is under way. `undefined` where it was never
 * begun.
 */
export const progressIn = (lab: string): LabProgress | undefined =>
  examProgress(lab) ?? allProgress()[lab];

/** Keeps what happened to a lab, or in the exam of it, and answers with the progress after it. */
export function record(lab: string, event: LabEvent): LabProgress | undefined {
  const inExam = recordInExam(lab, event);
  if (inExam !== undefined) return inExam;
  const after = advanceLab(allProgress(), lab, event);
  writeState(NAME, after);
  return after[lab];
}

/** Forgets one lab's progress. */
export const forgetProgress = (lab: string): void => writeState(NAME, resetLab(allProgress(), lab));
