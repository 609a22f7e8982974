import {
  advanceLab,
  type LabEvent,
  type LabProgress,
  type Progress,
  readProgress,
  resetLab,
} from '../lab/progress';
import { readState, writeState } from './state';

const NAME = 'progress';

/** How far this user is in every lab. */
export function allProgress(): Progress {
  const kept = readState<unknown>(NAME);
  return kept === undefined ? {} : readProgress(JSON.stringify(kept));
}

/** How far this user is in one lab; `undefined` where it was never begun. */
export const progressIn = (lab: string): LabProgress | undefined => allProgress()[lab];

/** Keeps what happened to a lab, and answers with the progress after it. */
export function record(lab: string, event: LabEvent): LabProgress | undefined {
  const after = advanceLab(allProgress(), lab, event);
  writeState(NAME, after);
  return after[lab];
}

/** Forgets one lab's progress. */
export const forgetProgress = (lab: string): void => writeState(NAME, resetLab(allProgress(), lab));
