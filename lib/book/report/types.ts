import type { FlowChange } from '../../model/change';
import type { Explained, Grid, PlacedFinding } from '../engine/types';

/** What one HTML report shows: only the parts that are given. */
export interface BookReport {
  /** The command that makes it again. */
  readonly command: string;
  /** The result in a few words: the decision of who reads it. */
  readonly headline: string;
  /** What was judged, in a sentence. */
  readonly summary: string;
  /** The worst of it; absent: nothing is wrong. */
  readonly warning?: string;
  readonly changes?: readonly ReportedChange[];
  readonly findings?: readonly PlacedFinding[];
  readonly grid?: Grid;
  /** The grid before the changes. */
  readonly before?: Grid;
  /** What packets showed, cell by cell of `grid`. */
  readonly seen?: readonly (readonly number[] | undefined)[];
  readonly explained?: Explained;
  /** Flows that packets answered otherwise, a line each. */
  readonly differing?: readonly string[];
  /** When and by which version. */
  readonly footer: string;
}

/** A change with what decides it now. */
export interface ReportedChange {
  readonly change: FlowChange;
  readonly decidedBy: readonly string[];
}
