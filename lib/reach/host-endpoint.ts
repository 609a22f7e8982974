import type { Direction } from '../model/flow';
import type { PolicyHook } from '../model/policy';
import type { OrderedTier } from '../model/policy-order';
import type { HostEndpoint, World } from '../model/world';
import { failsafe } from './failsafe';
import { askTiers, type Judgement, type Packet } from './judge';
import { tiersFor } from './subjects';
import type { Matter } from './words';

/** What Calico's policy on nodes' own interfaces says of packets that cross them. */
export interface Hosts {
  /** A packet that leaves a node by its interface. */
  readonly leaving: (crossing: HostCrossing) => readonly Judgement[];
  /** A packet that comes in by a node's interface. */
  readonly entering: (crossing: HostCrossing) => readonly Judgement[];
}

/** A packet at a node's interface. */
export interface HostCrossing {
  readonly node: string;
  readonly packet: Packet;
  /** The packet before the node translated its destination, where it does. */
  readonly before?: Packet;
  /** Does it begin or end on the node itself, or does the node pass it on for a pod? */
  readonly kind: 'local' | 'forwarded';
}

/**
 * Prepares the judges of a world's host endpoints. A node has one interface here, so any of its
 * host endpoints stands for it; one that names the interface or its addresses comes before `*`
 * (Felix: felix/dataplane/linux/endpoint_mgr.go).
 */
export function createHosts(world: World, tiers: readonly OrderedTier[]): Hosts {
  const hostAt = (node: string): HostEndpoint | undefined =>
    world.hostEndpoints
      .filter((host) => host.node === node)
      .toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0];
  const at = (direction: Direction) => (crossing: HostCrossing) => {
    const host = hostAt(crossing.node);
    return host === undefined ? [] : inOrder(stagesOf({ world, tiers, host, direction }, crossing));
  };
  return { leaving: at('egress'), entering: at('ingress') };
}

const rank = (host: HostEndpoint): number => (host.interfaceName === '*' ? 1 : 0);

interface Side {
  readonly world: World;
  readonly tiers: readonly OrderedTier[];
  readonly host: HostEndpoint;
  readonly direction: Direction;
}

/** A stage that settles a packet spares it the later ones; `undefined`: it has no opinion. */
type Stage = () => Judgement | undefined;

/** Raw before translation before filter, as packets meet them (felix/rules/static.go). */
function stagesOf(side: Side, { packet, before, kind }: HostCrossing): readonly Stage[] {
  const arriving = before ?? packet;
  const isOwn = kind === 'local';
  const untracked: Stage = () => opinion(side, arriving, 'untracked');
  if (side.direction === 'egress') {
    // Only what the node itself sends passes the raw table on its way out.
    return [
      ...(isOwn ? [() => failsafe(side, packet), untracked] : []),
      () => filter(side, packet, kind),
    ];
  }
  return [
    ...(isOwn ? [() => failsafe(side, arriving)] : []),
    untracked,
    () => opinion(side, arriving, 'pre-dnat'),
    () => filter(side, packet, kind),
  ];
}

function inOrder(stages: readonly Stage[]): readonly Judgement[] {
  for (const stage of stages) {
    const judgement = stage();
    if (judgement !== undefined) return [judgement];
  }
  return [];
}

const matterOf = ({ direction, host }: Side, packet: Packet): Matter => ({
  ...{ direction, ...packet },
  subject: `host endpoint ${host.name}`,
});

const tiersAt = ({ tiers, host, direction }: Side, hooks: readonly PolicyHook[]) =>
  tiersFor(tiers, { labels: host.labels, direction, hooks });

/** Untracked and pre-DNAT policies decide by their rules alone: no tier's end, no profile. */
function opinion(
  side: Side,
  packet: Packet,
  hook: 'untracked' | 'pre-dnat',
): Judgement | undefined {
  const tiers = tiersAt(side, [hook]).map(
    ({ tier, policies }): OrderedTier => ({
      tier: { ...tier, defaultAction: 'pass' },
      policies,
    }),
  );
  if (tiers.length === 0) return undefined;
  const question = { tiers, packet, matter: matterOf(side, packet) };
  const answer = askTiers(side.world, { ...question, otherwise: 'no-opinion' });
  return answer.settled ? answer.judgement : undefined;
}

/**
 * What passes through meets only `applyOnForward` policies, and none of them means allowed. What
 * begins or ends here meets all, and what nothing allows is denied, unless the profile
 * `projectcalico-default-allow` is there.
 */
function filter(side: Side, packet: Packet, kind: HostCrossing['kind']): Judgement | undefined {
  const hooks: readonly PolicyHook[] =
    kind === 'local' ? ['normal', 'apply-on-forward'] : ['apply-on-forward'];
  const tiers = tiersAt(side, hooks);
  if (kind === 'forwarded' && tiers.length === 0) return undefined;
  const otherwise = kind === 'forwarded' || side.host.defaultAllow ? 'allow' : 'deny';
  const question = { tiers, packet, matter: matterOf(side, packet), otherwise } as const;
  return askTiers(side.world, question).judgement;
}
