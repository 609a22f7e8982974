import type { Cidr } from '../model/address';
import { type FlowEnd, formatEnd } from '../model/flow';
import type { OrderedTier } from '../model/policy-order';
import type { Vpc } from '../model/vpc';
import type { World } from '../model/world';
import type { Directory } from './directory';
import type { MatrixAim, MatrixQuery } from './matrix';
import type { Party } from './party';
import { namedPort } from './routing';
import { createSignature } from './signature';
import { createStretches } from './stretches';
import { indexVpcs } from './vpc-index';

/** Texts that say who shares a row, and who a column. */
export interface Keys {
  readonly source: (from: FlowEnd) => string;
  readonly target: (aim: MatrixAim) => string;
}

/**
 * Ends share a row or column if no filter on any way of the query can tell them apart: their
 * policies' signature, and where host endpoints, a VPC or node ports ask for it, where they stand.
 */
export function createKeys(
  query: MatrixQuery,
  directory: Directory,
  tiers: readonly OrderedTier[],
): Keys {
  const { world } = directory;
  const signature = createSignature(world, tiers);
  const place = createPlaces(world);
  const memo = new Map<string, string>();
  const isAlone = query.targets.some((aim) => knowsAddresses(world, aim));
  const isPlaced =
    world.hostEndpoints.length > 0 || query.targets.some(({ to }) => asksNode(world, to));
  const keyOf = (end: FlowEnd): string => {
    const name = formatEnd(end);
    if (end.kind !== 'pod') return name;
    const known = memo.get(name);
    if (known !== undefined) return known;
    const parties = directory.parties(end) ?? [];
    const [first] = parties;
    const stand = [isPlaced ? first?.node : '', ...parties.map(place)].join(' ');
    const key = first === undefined ? name : `${signature(parties)} @ ${stand}`;
    memo.set(name, key);
    return key;
  };
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

/** A caller may be asked about under its own address: then it is like nobody else. */
const knowsAddresses = (world: World, { to }: MatrixAim): boolean =>
  to.kind === 'ip' || serviceAt(world, to)?.headless === true;

/** Does the answer hang on the node a caller is on? */
function asksNode(world: World, to: FlowEnd): boolean {
  const service = serviceAt(world, to);
  return (
    to.kind === 'node' ||
    (service !== undefined &&
      (service.type === 'ExternalName' || service.internalTrafficPolicy === 'Local'))
  );
}

/** Where a party stands in the world's VPCs: node, interface, and between which of their blocks. */
function createPlaces(world: World): (party: Party) => string {
  if (world.vpcs.length === 0) return () => '';
  const index = indexVpcs(world);
  const stretch = createStretches(world.vpcs.flatMap(blocksOf));
  return ({ address, bits, node = '' }) =>
    `${node} ${index.at(address)?.interface.id ?? ''} ${stretch(bits)}`;
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
