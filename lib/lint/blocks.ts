import { type Cidr, contains, formatCidr, overlaps, within } from '../model/address';
import type { Finding } from '../model/finding';
import type { World } from '../model/world';
import { type PolicyRule, type PreparedWorld, rulesOf } from './prepared';
import { about } from './words';

/** CIDR blocks that overlap where they must not, or that policies never see. */
export const checkBlocks = (prepared: PreparedWorld): readonly Finding[] => [
  ...networkOverlaps(prepared.world),
  ...rulesOf(prepared.world.policies).flatMap((at) => {
    const { source, destination } = at.rule;
    const peers = [source, destination].flatMap((side) => (side === 'any' ? [] : side));
    return peers.flatMap(({ nets = [] }) => [
      ...redundant(nets, at),
      ...clusterIps(nets, at, prepared.world),
    ]);
  }),
];

/** Blocks of Services and of VPCs must be apart: an address can be in one at only. */
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
          why: `its ${formatCidr(other.cidr)} overlaps ${formatCidr(one.cidr)} of ${one.owner}: addresses in both are ambiguous, so they cannot reach each other`,
          fix: 'use another block for one of them',
        }),
      ),
  );
}

function redundant(nets: readonly Cidr[], at: PolicyRule): readonly Finding[] {
  return nets.flatMap((inner, i) => {
    const outer = nets.find(
      (one, j) => j !== i && within(inner, one) && (j < i || one.prefix !== inner.prefix),
    );
    if (outer === undefined) return [];
    return [
      about(at, {
        code: 'redundant-block',
        severity: 'note',
        why: `${formatCidr(inner)} lies within ${formatCidr(outer)}, which is in the same rule`,
        fix: `remove ${formatCidr(inner)}, or narrow ${formatCidr(outer)}`,
      }),
    ];
  });
}

/** The address of a Service is translated before policy sees the packet (kube-proxy). */
const clusterIps = (
  nets: readonly Cidr[],
  at: PolicyRule,
  { serviceCidr, nodeDns }: World,
): readonly Finding[] =>
  nets
    .filter((net) => within(net, serviceCidr))
    // NodeLocal DNSCache keeps kube-proxy from translating these: policy sees them.
    .filter((net) => !nodeDns?.addresses.some((address) => contains(net, address)))
    .map((net) =>
      about(at, {
        code: 'cluster-ip-in-policy',
        severity: 'error',
        why: `${formatCidr(net)} are cluster addresses of Services, and policy sees the pod's address behind them`,
        fix: 'select the pods behind the Service by their labels',
      }),
    );
