import type { Explanation } from '../../model/explanation';
import type { Flip } from '../../model/flip';
import type { Direction } from '../../model/flow';
import type { World } from '../../model/world';
import type { Packet } from '../ends/types';

/** A change that may turn a verdict around: its description, and the world with the change made. */
export interface FlipCandidate extends Omit<Flip, 'becomes'> {
  readonly world: World;
}

/** What is known when a change is searched for. */
export interface FlipQuestion {
  readonly world: World;
  readonly explanation: Explanation;
  /** The packet as each end's policies see it. */
  readonly packets: Readonly<Record<Direction, Packet>>;
}
