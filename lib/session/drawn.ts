import { drawFault } from '../lab/fault';
import type { Lab } from '../lab/format';
import { findLab } from './catalogue';
import { progressIn } from './learner';

/**
 * The lab with this id as this learner plays it: where it draws a fault by seed, the one that was drawn
 * when it was brought up.
 * @throws Failure `unknown-lab` with the nearest id.
 */
export const drawnLab = (id: string): Lab<string> =>
  drawFault(findLab(id), progressIn(id)?.seed ?? 0);

/** A lab as it is about to begin, and the seed that drew it; no seed where it draws nothing. */
export interface DrawnStart {
  readonly lab: Lab<string>;
  readonly seed: number | undefined;
}

/**
 * The lab with this id as it begins for this learner.
 * @param wanted the seed; its own again, or a new one where absent
 * @throws Failure `unknown-lab` with the nearest id.
 */
export function drawnStart(id: string, wanted?: number): DrawnStart {
  const found = findLab(id);
  const seed = wanted ?? seedFor(found);
  return { lab: drawFault(found, seed ?? 0), seed };
}

/** A seed for a lab that draws: its own again, or a new one where it was never begun. */
const seedFor = (lab: Lab<string>): number | undefined =>
  lab.faults === undefined
    ? undefined
    : (progressIn(lab.id)?.seed ?? Math.floor(Math.random() * 1_000_000));
