import type { Explanation } from '../../model/explanation';
import type { Flow, FlowEnd } from '../../model/flow';
import type { OrderedTier } from '../../model/policy-order';
import type { PartyDirectory } from '../ends/types';

/** Which flows a matrix holds: every source against every target. */
export interface MatrixQuery {
  readonly sources: readonly FlowEnd[];
  readonly targets: readonly MatrixAim[];
}

/** What a source tries to reach. */
export type MatrixAim = Pick<Flow, 'to' | 'protocol' | 'port'>;

/** What a matrix is computed from. */
export interface MatrixSetup {
  readonly directory: PartyDirectory;
  readonly tiers: readonly OrderedTier[];
  /** Explains the flows that are more than two pods and policies between them. */
  readonly explain: (flow: Flow) => Explanation;
}
