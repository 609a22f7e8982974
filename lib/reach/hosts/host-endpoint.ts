import type { Direction } from '../../model/flow';
import type { OrderedTier } from '../../model/policy-order';
import type { HostEndpoint, World } from '../../model/world';
import { isWorkload } from '../ends/party';
import type { PolicyJudge } from '../policy/types';
import { failsafe, isFailsafe } from './failsafe';
import { hostFilter, hostOpinion } from './opinion';
import { replyAnswers } from './reply';
import type { HostAnswer, HostFilters, HostPacket, HostSide } from './types';

const NO_HOST_ENDPOINT: HostAnswer = { answers: [], untracked: false, replies: () => [] };

/**
 * Prepares the host endpoints of a world. A node has one interface here, so any of its
 * host endpoints stands for it; one that names the interface or its addresses comes before `*`
 * (Felix: felix/dataplane/linux/endpoint_mgr.go).
 */
export function createHosts(
  world: World,
  tiers: readonly OrderedTier[],
  policies: PolicyJudge,
): HostFilters {
  const hostAt = (node: string): HostEndpoint | undefined =>
    world.hostEndpoints
      .filter((host) => host.node === node)
      .toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0];
  const at = (direction: Direction) => (arrived: HostPacket) => {
    const host = hostAt(arrived.node);
    return host === undefined
      ? NO_HOST_ENDPOINT
      : answer({ world, tiers, host, direction, policies }, arrived);
  };
  return { leaving: at('egress'), entering: at('ingress') };
}

/** To the node's own address: until it is translated it leaves by no interface of the host's. */
const isToItself = ({ node, before }: HostPacket): boolean =>
  before !== undefined && before.target.party.node === node && !isWorkload(before.target.party);

const rank = (host: HostEndpoint): number => (host.interfaceName === '*' ? 1 : 0);

/**
 * Raw before translation before filter, as packets meet them; what an earlier stage allowed or
 * denied is spared the later ones (Felix: rules/static.go). Failsafe ports pass the first two.
 */
function answer(side: HostSide, arrived: HostPacket): HostAnswer {
  const { packet, before, kind } = arrived;
  const arriving = before ?? packet;
  const isEgress = side.direction === 'egress';
  const isSafe = isFailsafe(arriving, side.direction);
  // Only what the node itself sends passes the raw table on its way out.
  const skipsRaw = isSafe || (isEgress && (kind === 'forwarded' || isToItself(arrived)));
  const untracked = skipsRaw ? undefined : hostOpinion(side, arriving, 'untracked');
  const early = isSafe || isEgress ? undefined : hostOpinion(side, arriving, 'pre-dnat');
  const found =
    untracked ??
    early ??
    (kind === 'local' ? failsafe(side, packet) : undefined) ??
    hostFilter(side, packet, kind);
  const isUntracked = untracked?.verdict === 'allowed';
  return {
    answers: found === undefined ? [] : [found],
    untracked: isUntracked,
    replies: () => replyAnswers(side, arrived, isUntracked ? 'untracked' : 'tracked'),
  };
}
