import type { Verdict } from './explanation';
import type { Flow } from './flow';

/** Flows between two workloads whose verdict another set of policies changes, all in the same way. */
export interface FlowChange extends Pick<Flow, 'protocol' | 'port'> {
  /** Workload of the sources, as `namespace/Kind/name`. */
  readonly from: string;
  readonly to: string;
  /** `absent` where one of the ends does not exist on that side. */
  readonly before: Verdict | 'absent';
  readonly after: Verdict | 'absent';
  /** How many single flows change so. */
  readonly flows: number;
  /** How many there are between the two in all: fewer change where replicas differ. */
  readonly of: number;
  /** One of them, to ask about. */
  readonly example: Flow;
}
