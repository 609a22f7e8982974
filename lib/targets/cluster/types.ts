import type { Clock } from '../../model/clock';
import type { World } from '../../model/world';
import type { Cluster } from './cluster';
import type { RemoteView } from './observable';

/** What a lab in a cluster is checked with. */
export interface ClusterTargetOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** What of the lab can be observed here. */
  readonly view: RemoteView;
  /** The world of one of the lab's stages: what a step requires. */
  readonly stageWorld: (stage: string) => World;
  /** Image of the pods that prove enforcement. */
  readonly canaryImage: string;
  /**
   * How long a policy may take to reach every node before it counts as absent, in milliseconds.
   * @default 20000
   */
  readonly settleMs?: number;
}
