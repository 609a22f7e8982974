import type { Filter, Verdict } from './explanation';
import type { Direction } from './flow';

/** One change that turns a flow's verdict around, found by trying it. */
export interface Flip {
  readonly filter: Filter;
  readonly direction: Direction;
  /** What to change: an object's name, or the one to create. */
  readonly object: string;
  /** The change as an instruction, one sentence without a full stop. */
  readonly change: string;
  readonly becomes: Verdict;
}
