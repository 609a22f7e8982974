import type { Direction } from '../../model/flow';
import type { OrderedTier } from '../../model/policy-order';
import type { HostEndpoint, World } from '../../model/world';
import type { Packet } from '../ends/types';
import type { FilterAnswer } from '../hops/types';
import type { PolicyJudge } from '../policy/types';

/** Calico's policies on the nodes' own interfaces. */
export interface HostFilters {
  /** A packet that leaves a node by its interface. */
  readonly leaving: (packet: HostPacket) => HostAnswer;
  /** A packet that enters a node by its interface. */
  readonly entering: (packet: HostPacket) => HostAnswer;
}

/** What a host endpoint answers to a packet, and to the replies. */
export interface HostAnswer {
  readonly answers: readonly FilterAnswer[];
  /** Allowed untracked: then its addresses are not translated (kernel: nf_nat works on tracked packets). */
  readonly untracked: boolean;
  readonly replies: () => readonly FilterAnswer[];
}

/** A packet at a node's interface. */
export interface HostPacket {
  readonly node: string;
  readonly packet: Packet;
  /** The packet before the node translated its destination, where it does. */
  readonly before?: Packet;
  /** The packet after the node translated its source, where it does: replies go back to that. */
  readonly after?: Packet;
  /**
   * `local`: it begins or ends on the node itself. `forwarded`: the node forwards it for a pod.
   * `stopped`: it ends there before policies are evaluated, so that only what comes before the
   * translation sees it.
   */
  readonly kind: 'local' | 'forwarded' | 'stopped';
  /** The receiver rejects it: the reply is an ICMP error. */
  readonly refused?: true;
}

/** A host endpoint in one direction. */
export interface HostSide {
  readonly world: World;
  readonly tiers: readonly OrderedTier[];
  readonly host: HostEndpoint;
  readonly direction: Direction;
  /** Pods' own policies: they filter untracked replies too. */
  readonly policies: PolicyJudge;
}
