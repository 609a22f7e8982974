import type { Direction } from '../model/flow';
import type { PolicyHook } from '../model/policy';
import type { OrderedTier } from '../model/policy-order';
import type { HostEndpoint, World } from '../model/world';
import { askTiers, type Judge, type Judgement, type Packet } from './judge';
import { tiersFor } from './subjects';
import type { Matter } from './words';

/** A packet at a node's interface. */
export interface HostCrossing {
  readonly node: string;
  readonly packet: Packet;
  /** The packet before the node translated its destination, where it does. */
  readonly before?: Packet;
  /** The packet after the node translated its source, where it does: replies go back to that. */
  readonly after?: Packet;
  /**
   * Does it begin or end on the node itself, does the node pass it on for a pod, or is it stopped
   * there before policies are asked, so that only what comes before translation sees it?
   */
  readonly kind: 'local' | 'forwarded' | 'stopped';
  /** Whoever it reaches refuses it: what comes back is an ICMP error. */
  readonly refused?: true;
}

/** A host endpoint asked in one direction. */
export interface HostSide {
  readonly world: World;
  readonly tiers: readonly OrderedTier[];
  readonly host: HostEndpoint;
  readonly direction: Direction;
  /** Pods' own policies: what is not tracked meets them on its way back, too. */
  readonly policies: Judge;
}

const matterOf = ({ direction, host }: HostSide, packet: Packet): Matter => ({
  ...{ direction, ...packet },
  subject: `host endpoint ${host.name}`,
});

const tiersAt = ({ tiers, host, direction }: HostSide, hooks: readonly PolicyHook[]) =>
  tiersFor(tiers, { labels: host.labels, direction, hooks });

/** Untracked and pre-DNAT policies decide by their rules alone: no tier's end, no profile. */
export function hostOpinion(
  side: HostSide,
  packet: Packet,
  hook: 'untracked' | 'pre-dnat',
): Judgement | undefined {
  const tiers = tiersAt(side, [hook]).map(
    ({ tier, policies }): OrderedTier => ({ tier: { ...tier, defaultAction: 'pass' }, policies }),
  );
  if (tiers.length === 0) return undefined;
  const question = { tiers, packet, matter: matterOf(side, packet) };
  const asked = askTiers(side.world, { ...question, otherwise: 'no-opinion' });
  return asked.settled ? asked.judgement : undefined;
}

/**
 * What passes through meets only `applyOnForward` policies, and none of them means allowed. What
 * begins or ends here meets all, and what nothing allows is denied, unless the profile
 * `projectcalico-default-allow` is there.
 */
export function hostFilter(
  side: HostSide,
  packet: Packet,
  kind: HostCrossing['kind'],
): Judgement | undefined {
  if (kind === 'stopped') return undefined;
  const hooks: readonly PolicyHook[] =
    kind === 'local' ? ['normal', 'apply-on-forward'] : ['apply-on-forward'];
  const tiers = tiersAt(side, hooks);
  if (kind === 'forwarded' && tiers.length === 0) return undefined;
  const otherwise = kind === 'forwarded' || side.host.defaultAllow ? 'allow' : 'deny';
  const question = { tiers, packet, matter: matterOf(side, packet), otherwise } as const;
  return askTiers(side.world, question).judgement;
}
