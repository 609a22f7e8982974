import type { LabProgress } from '../../lab/progress';
import type { DrawnStart } from '../drawn';
import { record } from '../learner';
import { type LocalStart, startLocal } from './start';

/**
 * Brings a lab up on this machine at its first stage, and keeps that it was begun.
 * @returns the progress after it
 * @throws Failure `already-up`, or `no-sandbox` where this machine cannot make one
 */
export async function beginLocal(
  { lab, seed }: DrawnStart,
  start: LocalStart,
): Promise<LabProgress | undefined> {
  await startLocal(lab, start);
  return record(lab.id, {
    kind: 'begun',
    ...(lab.start !== undefined && { stage: lab.start }),
    ...(seed !== undefined && { seed }),
  });
}
