import type { PolicyHook } from '../../model/policy';
import type { OrderedTier } from '../../model/policy-order';
import type { Packet } from '../ends/types';
import type { FilterAnswer } from '../hops/types';
import { askTiers } from '../policy/ask';
import { tiersFor } from '../policy/subjects';
import type { PolicyQuestion } from '../policy/types';
import type { HostPacket, HostSide } from './types';

const questionOf = ({ direction, host }: HostSide, packet: Packet): PolicyQuestion => ({
  direction,
  ...packet,
  subject: `host endpoint ${host.name}`,
});

const tiersAt = ({ tiers, host, direction }: HostSide, hooks: readonly PolicyHook[]) =>
  tiersFor(tiers, { labels: host.labels, direction, hooks });

/** Untracked and pre-DNAT policies decide by their rules alone, without a tier's or a profile's default. */
export function hostOpinion(
  side: HostSide,
  packet: Packet,
  hook: 'untracked' | 'pre-dnat',
): FilterAnswer | undefined {
  const tiers = tiersAt(side, [hook]).map(
    ({ tier, policies }): OrderedTier => ({ tier: { ...tier, defaultAction: 'pass' }, policies }),
  );
  if (tiers.length === 0) return undefined;
  const question = questionOf(side, packet);
  const query = { tiers, packet, question, otherwise: 'no-opinion' } as const;
  const { settled, answer } = askTiers(side.world, query);
  return settled ? answer : undefined;
}

/**
 * Forwarded packets are filtered by `applyOnForward` policies only, and are allowed where none
 * exists. Packets that begin or end here are filtered by all policies, and are denied where none
 * allows them, unless the profile `projectcalico-default-allow` applies.
 */
export function hostFilter(
  side: HostSide,
  packet: Packet,
  kind: HostPacket['kind'],
): FilterAnswer | undefined {
  if (kind === 'stopped') return undefined;
  const hooks: readonly PolicyHook[] =
    kind === 'local' ? ['normal', 'apply-on-forward'] : ['apply-on-forward'];
  const tiers = tiersAt(side, hooks);
  if (kind === 'forwarded' && tiers.length === 0) return undefined;
  const otherwise = kind === 'forwarded' || side.host.defaultAllow ? 'allow' : 'deny';
  const query = { tiers, packet, question: questionOf(side, packet), otherwise } as const;
  return askTiers(side.world, query).answer;
}
