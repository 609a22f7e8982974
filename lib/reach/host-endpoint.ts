import type { Direction } from '../model/flow';
import type { OrderedTier } from '../model/policy-order';
import type { HostEndpoint, World } from '../model/world';
import { failsafe, isFailsafe } from './failsafe';
import { type HostCrossing, type HostSide, hostFilter, hostOpinion } from './host-opinion';
import { replyAnswers } from './host-reply';
import type { Judge, Judgement } from './judge';
import { isWorkload } from './party';

/** What Calico's policy on nodes' own interfaces says of packets that cross them. */
export interface Hosts {
  /** A packet that leaves a node by its interface. */
  readonly leaving: (crossing: HostCrossing) => HostAnswer;
  /** A packet that comes in by a node's interface. */
  readonly entering: (crossing: HostCrossing) => HostAnswer;
}

/** What a host endpoint answers to a packet, and to the replies on their way back. */
export interface HostAnswer {
  readonly judgements: readonly Judgement[];
  /** Let in or out untracked: then nobody translates it (kernel: nf_nat works on tracked packets). */
  readonly untracked: boolean;
  readonly replies: () => readonly Judgement[];
}

const SILENT: HostAnswer = { judgements: [], untracked: false, replies: () => [] };

/**
 * Prepares the judges of a world's host endpoints. A node has one interface here, so any of its
 * host endpoints stands for it; one that names the interface or its addresses comes before `*`
 * (Felix: felix/dataplane/linux/endpoint_mgr.go).
 */
export function createHosts(world: World, tiers: readonly OrderedTier[], policies: Judge): Hosts {
  const hostAt = (node: string): HostEndpoint | undefined =>
    world.hostEndpoints
      .filter((host) => host.node === node)
      .toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0];
  const at = (direction: Direction) => (crossing: HostCrossing) => {
    const host = hostAt(crossing.node);
    return host === undefined
      ? SILENT
      : answer({ world, tiers, host, direction, policies }, crossing);
  };
  return { leaving: at('egress'), entering: at('ingress') };
}

/** To the node's own address: until it is translated it leaves by no interface of the host's. */
const isToItself = ({ node, before }: HostCrossing): boolean =>
  before !== undefined && before.target.party.node === node && !isWorkload(before.target.party);

const rank = (host: HostEndpoint): number => (host.interfaceName === '*' ? 1 : 0);

/**
 * Raw before translation before filter, as packets meet them; what an earlier stage allowed or
 * denied is spared the later ones (Felix: rules/static.go). Failsafe ports pass the first two.
 */
function answer(side: HostSide, crossing: HostCrossing): HostAnswer {
  const { packet, before, kind } = crossing;
  const arriving = before ?? packet;
  const isEgress = side.direction === 'egress';
  const isSafe = isFailsafe(arriving, side.direction);
  // Only what the node itself sends passes the raw table on its way out.
  const skipsRaw = isSafe || (isEgress && (kind === 'forwarded' || isToItself(crossing)));
  const untracked = skipsRaw ? undefined : hostOpinion(side, arriving, 'untracked');
  const early = isSafe || isEgress ? undefined : hostOpinion(side, arriving, 'pre-dnat');
  const found =
    untracked ??
    early ??
    (kind === 'local' ? failsafe(side, packet) : undefined) ??
    hostFilter(side, packet, kind);
  const isUntracked = untracked?.verdict === 'allowed';
  return {
    judgements: found === undefined ? [] : [found],
    untracked: isUntracked,
    replies: () => replyAnswers(side, crossing, isUntracked ? 'untracked' : 'tracked'),
  };
}
