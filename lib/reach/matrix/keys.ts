import type { Cidr } from '../../model/address';
import { type FlowEnd, formatEnd } from '../../model/flow';
import { lazyTable } from '../../model/lazy';
import type { OrderedTier } from '../../model/policy-order';
import type { Vpc } from '../../model/vpc';
import type { World } from '../../model/world';
import type { Party, PartyDirectory } from '../ends/types';
import { createStretches } from '../policy/stretches';
import { namedPort } from '../services/routing';
import { indexVpcs } from '../vpc/lookup';
import { createSignature } from './signature';
import type { MatrixAim, MatrixQuery } from './types';

/** Keys by which ends share a row or a column. */
export interface GroupKeys {
  readonly source: (from: FlowEnd) => string;
  readonly target: (aim: MatrixAim) => string;
}

/**
 * Ends share a row or column where no filter on any path of the query distinguishes them: by their
 * policies' signature and, where host endpoints, a VPC or node ports exist, by their place.
 */
export function createKeys(
  query: MatrixQuery,
  directory: PartyDirectory,
  tiers: readonly OrderedTier[],
): GroupKeys {
  const { world } = directory;
  const signature = createSignature(world, tiers);
  const place = createPlaces(world);
  const isAlone = query.targets.some((aim) => knowsAddresses(world, aim));
  const isPlaced =
    world.hostEndpoints.length > 0 || query.targets.some(({ to }) => asksNode(world, to));
  const keyOf = lazyTable((end: FlowEnd): string => {
    const name = formatEnd(end);
    const parties = end.kind === 'pod' ? (directory.parties(end) ?? []) : [];
    const [first] = parties;
    if (first === undefined) return name;
    const places = [isPlaced ? first.node : '', ...parties.map(place)].join(' ');
    return `${signature(parties)} @ ${places}`;
  }, formatEnd);
  return {
    source: (from) => (isAlone ? formatEnd(from) : keyOf(from)),
    target: ({ to, protocol, port }) => {
      const parties = typeof port === 'string' ? (directory.parties(to) ?? []) : [];
      return `${keyOf(to)} ${protocol} ${namedPort(parties, { protocol, port }) ?? port ?? ''}`;
    },
  };
}

const serviceAt = (world: World, to: FlowEnd) =>
  world.services.find(
    (s) => to.kind === 'service' && s.namespace === to.namespace && s.name === to.name,
  );

/** Whether the target is an address that may be a caller's own: then no two callers share a row. */
const knowsAddresses = (world: World, { to }: MatrixAim): boolean =>
  to.kind === 'ip'
    ? !world.outside.some(({ addresses }) => addresses.includes(to.address))
    : serviceAt(world, to)?.headless === true;

/** Whether the answer depends on the node of the caller. */
function asksNode(world: World, to: FlowEnd): boolean {
  const service = serviceAt(world, to);
  return (
    to.kind === 'node' ||
    (service !== undefined &&
      (service.type === 'ExternalName' || service.internalTrafficPolicy === 'Local'))
  );
}

/** The place of a party in the world's VPCs: its node, its interface, and the blocks that contain it. */
function createPlaces(world: World): (party: Party) => string {
  if (world.vpcs.length === 0) return () => '';
  const index = indexVpcs(world);
  const stretch = createStretches(world.vpcs.flatMap(blocksOf));
  return ({ address, bits, node = '' }) =>
    `${node} ${index.everywhere(address)[0]?.interface.id ?? ''} ${stretch(bits)}`;
}

const blocksOf = (vpc: Vpc): readonly Cidr[] => [
  ...vpc.cidrs,
  ...vpc.subnets.flatMap(({ cidrs }) => cidrs),
  ...vpc.prefixLists.flatMap(({ cidrs }) => cidrs),
  ...vpc.interfaces.flatMap(({ prefixes }) => prefixes),
  ...vpc.routeTables.flatMap(({ routes }) =>
    routes.flatMap(({ destination }) => ('address' in destination ? [destination] : [])),
  ),
  ...vpc.networkAcls.flatMap(({ ingress, egress }) =>
    [...ingress, ...egress].map((entry) => entry.cidr),
  ),
  ...vpc.securityGroups.flatMap(({ ingress, egress }) =>
    [...ingress, ...egress].flatMap(({ peer }) => (peer.kind === 'cidr' ? [peer.cidr] : [])),
  ),
];
