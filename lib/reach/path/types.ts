import type { Evidence, Trace, Verdict } from '../../model/explanation';
import type { PartyDirectory } from '../ends/types';
import type { HostFilters } from '../hosts/types';
import type { PolicyJudge } from '../policy/types';
import type { VpcFabric } from '../vpc/types';

/** The judged path of one delivery, forward and back. */
export interface JudgedPath {
  readonly verdict: Verdict;
  readonly by: readonly Evidence[];
  readonly trace: Trace;
}

/** Everything that filters packets in one world. */
export interface PathFilters {
  readonly directory: PartyDirectory;
  readonly policies: PolicyJudge;
  readonly hosts: HostFilters;
  /** The VPC between nodes; `undefined` where no template describes one. */
  readonly fabric: VpcFabric | undefined;
  /** Whether paths keep their trace: what every device on the way decided. */
  readonly isTraced: boolean;
}
