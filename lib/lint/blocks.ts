import { type Cidr, formatCidr, overlaps, within } from '../model/address';
import type { Finding } from '../model/finding';
import type { World } from '../model/world';
import { type Ground, rulesOf } from './ground';
import { about } from './words';

type Place = ReturnType<typeof rulesOf>[number];

/** Blocks of addresses that overlap where they must not, or that no packet ever carries. */
export const checkBlocks = (ground: Ground): readonly Finding[] => [
  ...networkOverlaps(ground.world),
  ...rulesOf(ground.world.policies).flatMap((place) => {
    const { source, destination } = place.rule;
    const peers = [source, destination].flatMap((side) => (side === 'any' ? [] : side));
    return peers.flatMap(({ nets = [] }) => [
      ...redundant(nets, place),
      ...clusterIps(nets, place, ground.world),
    ]);
  }),
];

/** Blocks of Services and of VPCs must be apart: an address can be in one place only. */
function networkOverlaps({ vpcs, serviceCidr }: World): readonly Finding[] {
  const blocks = vpcs.flatMap(({ name, cidrs }) =>
    cidrs.map((cidr) => ({ owner: `VPC ${name}`, cidr })),
  );
  const all = vpcs.length === 0 ? [] : [{ owner: 'the Services', cidr: serviceCidr }, ...blocks];
  return all.flatMap((one, i) =>
    all
      .slice(i + 1)
      .filter((other) => other.owner !== one.owner && overlaps(one.cidr, other.cidr))
      .map(
        (other): Finding => ({
          code: 'cidr-overlap',
          severity: one.owner === 'the Services' ? 'error' : 'warning',
          object: other.owner,
          why: `its ${formatCidr(other.cidr)} overlaps ${formatCidr(one.cidr)} of ${one.owner}: the two can never reach each other`,
          fix: 'give one of them another block',
        }),
      ),
  );
}

function redundant(nets: readonly Cidr[], place: Place): readonly Finding[] {
  return nets.flatMap((inner, i) => {
    const outer = nets.find(
      (one, j) => j !== i && within(inner, one) && (j < i || one.prefix !== inner.prefix),
    );
    if (outer === undefined) return [];
    return [
      about(place, {
        code: 'redundant-block',
        severity: 'note',
        why: `${formatCidr(inner)} lies within ${formatCidr(outer)}, which stands beside it`,
        fix: `remove ${formatCidr(inner)}, or narrow ${formatCidr(outer)}`,
      }),
    ];
  });
}

/** The address of a Service is translated before policy sees the packet (kube-proxy). */
const clusterIps = (
  nets: readonly Cidr[],
  place: Place,
  { serviceCidr }: World,
): readonly Finding[] =>
  nets
    .filter((net) => within(net, serviceCidr))
    .map((net) =>
      about(place, {
        code: 'cluster-ip-in-policy',
        severity: 'error',
        why: `${formatCidr(net)} are cluster addresses of Services, and policy sees the pod's address behind them`,
        fix: 'select the pods behind the Service by their labels',
      }),
    );
