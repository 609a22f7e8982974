import { contains, type Ip, ip, offsetIp } from '../../model/address';
import type { NetworkInterface, Subnet, Vpc } from '../../model/vpc';
import type { LoadBalancer, Service, World } from '../../model/world';
import { createAllocator } from '../cloudformation/address';
import type { Cloud } from '../cloudformation/templates';
import { albServices, withAddresses } from './alb';
import { type Backed, balancerGroups, openTargets } from './balancer-groups';
import { createIssuer, type Issuer } from './issue';

/** Public addresses of load balancers: a quarter of TEST-NET-1 (RFC 5737). */
const FIRST_PUBLIC = ip('192.0.2.64');

/** A world with its load balancers in place, and what could not be had for them. */
export interface Balanced {
  readonly world: World;
  readonly problems: readonly string[];
}

/**
 * Gives every Service of type LoadBalancer the interfaces that the AWS Load Balancer Controller
 * would: one a zone, in the subnets tagged for its scheme, with the groups it names or makes; and
 * lets the targets' groups admit them, as the controller does.
 */
export function placeBalancers(world: World, cloud: Cloud, given: ReadonlySet<Ip>): Balanced {
  const issuers = new Map(world.vpcs.map((vpc) => [vpc.id, issuerFor(vpc, given)]));
  let placed = world;
  const unknown: string[] = [];
  const plain = world.services.map((service) => ({ service }));
  for (const [i, one] of [...plain, ...albServices(world)].entries()) {
    const { service } = one;
    const vpc = vpcOf(placed, service);
    const issuer = vpc === undefined ? undefined : issuers.get(vpc.id);
    if (service.loadBalancer === undefined || vpc === undefined || issuer === undefined) continue;
    const backed: Backed = { ...one, balancer: service.loadBalancer, vpc };
    const subnets = subnetsFor(backed, cloud);
    unknown.push(...unknownSubnets(backed));
    const interfaces = subnets.flatMap((subnet, zone) =>
      interfaceIn(subnet, backed, { issuer, publicIp: offsetIp(FIRST_PUBLIC, 3 * i + zone) }),
    );
    placed = withBalancer(placed, backed, interfaces);
  }
  return {
    world: placed,
    problems: [...unknown, ...[...issuers.values()].flatMap(({ problems }) => problems)],
  };
}

/** The VPC of a Service: that of its first backend's node, else of any node. */
function vpcOf({ nodes, vpcs }: World, { ports }: Service): Vpc | undefined {
  const names = ports.flatMap(({ backends }) => backends.flatMap(({ node }) => node ?? []));
  const own = nodes.filter(({ name }) => names.includes(name));
  const [placement] = [...own, ...nodes].flatMap((node) => node.placement ?? []);
  return vpcs.find(({ id }) => id === placement?.vpc);
}

function issuerFor(vpc: Vpc, given: ReadonlySet<Ip>): Issuer {
  const allocator = createAllocator();
  for (const own of vpc.interfaces) for (const address of own.addresses) allocator.take(address);
  for (const own of vpc.interfaces) for (const block of own.prefixes) allocator.reserve(block);
  return createIssuer(allocator, given);
}

/**
 * One subnet a zone: those tagged for the scheme, else those a route table says it of (AWS Load
 * Balancer Controller, subnet discovery). Zones with targets come first: without cross-zone
 * balancing the others are not in DNS.
 */
function subnetsFor(backed: Backed, cloud: Cloud): readonly Subnet[] {
  const { service, balancer, vpc, application } = backed;
  const chosen = application?.subnets;
  if (chosen !== undefined) {
    return chosen.flatMap((name) => vpc.subnets.filter((subnet) => isCalled(subnet, name)));
  }
  const tagged = cloud.balancerSubnets[balancer.scheme];
  const isPublic = (subnet: Subnet): boolean =>
    vpc.routeTables.some(
      ({ id, routes }) =>
        id === subnet.routeTable && routes.some((r) => r.target.kind === 'internet-gateway'),
    );
  const marked = vpc.subnets.filter(({ id }) => tagged.includes(id));
  const wanted = balancer.scheme === 'internet-facing';
  const fitting =
    marked.length > 0 ? marked : vpc.subnets.filter((subnet) => isPublic(subnet) === wanted);
  const perZone = new Map(fitting.toReversed().map((subnet) => [subnet.zone, subnet]));
  const zones = targetZones(vpc, service);
  const rank = ({ zone }: Subnet): number => (zones.has(zone) ? 0 : 1);
  return fitting
    .filter((subnet) => perZone.get(subnet.zone) === subnet)
    .sort((a, b) => rank(a) - rank(b));
}

/** Subnets that a load balancer names and the VPC has not: the controller builds nothing then. */
const unknownSubnets = ({ application, service, vpc }: Backed): readonly string[] =>
  (application?.subnets ?? [])
    .filter((name) => !vpc.subnets.some((subnet) => isCalled(subnet, name)))
    .map(
      (name) =>
        `load balancer ${service.name} names subnet ${name}, which VPC ${vpc.name} does not have`,
    );

/** A subnet may be named by its id, its Name tag or its logical id. */
const isCalled = ({ id, name }: Subnet, wanted: string): boolean =>
  id === wanted || name === wanted || id.endsWith(`.${wanted}`);

function targetZones(vpc: Vpc, { ports }: Service): ReadonlySet<string> {
  const ready = ports.flatMap(({ backends }) => backends.filter((backend) => backend.ready));
  const nodes = new Set(ready.flatMap(({ node }) => node ?? []));
  const homes = vpc.interfaces.flatMap(({ owner, subnet }) =>
    owner.kind === 'node' && nodes.has(owner.node) ? [subnet] : [],
  );
  return new Set(vpc.subnets.filter(({ id }) => homes.includes(id)).map(({ zone }) => zone));
}

function interfaceIn(
  subnet: Subnet,
  backed: Backed,
  { issuer, publicIp }: { readonly issuer: Issuer; readonly publicIp: Ip },
): readonly NetworkInterface[] {
  const { service, balancer } = backed;
  const id = `${service.namespace}/${service.name}`;
  const told = balancer.scheme === 'internal' ? balancer.addresses : [];
  const here = told.filter((address) => subnet.cidrs.some((block) => contains(block, address)));
  const request = { subnet, family: 4, addresses: here, who: `load balancer of ${id}` } as const;
  const isDual = (backed.application?.families ?? 'ipv4') !== 'ipv4';
  const wide = isDual ? issuer.single({ ...request, family: 6, addresses: [] }) : [];
  return issuer.single(request).map((address) => ({
    id: `lb/${id}/${subnet.name}`,
    subnet: subnet.id,
    securityGroups: balancerGroups(backed),
    addresses: [address, ...wide],
    prefixes: [],
    owner: { kind: 'load-balancer', id },
    ...(balancer.scheme === 'internet-facing' && { publicIp }),
  }));
}

function withBalancer(
  world: World,
  backed: Backed,
  interfaces: readonly NetworkInterface[],
): World {
  const { service, balancer, application } = backed;
  const addresses = interfaces.flatMap((own) =>
    own.publicIp === undefined ? own.addresses : [own.publicIp, ...own.addresses.slice(1)],
  );
  const loadBalancer: LoadBalancer = { ...balancer, addresses };
  return {
    ...world,
    services: world.services.map((one) => (one === service ? { ...one, loadBalancer } : one)),
    ...(world.http &&
      application !== undefined && { http: withAddresses(world.http, application, addresses) }),
    vpcs: world.vpcs.map((vpc) =>
      vpc.id === backed.vpc.id
        ? openTargets({ ...vpc, interfaces: [...vpc.interfaces, ...interfaces] }, backed, world)
        : vpc,
    ),
  };
}
