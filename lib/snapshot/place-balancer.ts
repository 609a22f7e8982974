import { contains, type Ip, ip, offsetIp } from '../model/address';
import type { NetworkInterface, Subnet, Vpc } from '../model/vpc';
import type { LoadBalancer, Service, World } from '../model/world';
import { doorsOf, withAddresses } from './place-alb';
import { type Backed, balancerGroups, openTargets } from './place-balancer-groups';
import { createIssuer, type Issuer } from './place-issue';
import type { Cloud } from './template';
import { createAllocator } from './template-address';

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
  for (const [i, service] of [...world.services, ...doorsOf(world)].entries()) {
    const vpc = vpcOf(placed, service);
    const issuer = vpc === undefined ? undefined : issuers.get(vpc.id);
    if (service.loadBalancer === undefined || vpc === undefined || issuer === undefined) continue;
    const backed: Backed = { service, balancer: service.loadBalancer, vpc };
    const subnets = subnetsFor(backed, cloud);
    const interfaces = subnets.flatMap((subnet, zone) =>
      interfaceIn(subnet, backed, { issuer, publicIp: offsetIp(FIRST_PUBLIC, 3 * i + zone) }),
    );
    placed = withBalancer(placed, backed, interfaces);
  }
  return { world: placed, problems: [...issuers.values()].flatMap(({ problems }) => problems) };
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
function subnetsFor({ service, balancer, vpc }: Backed, cloud: Cloud): readonly Subnet[] {
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
  return issuer.single(request).map((address) => ({
    id: `lb/${id}/${subnet.name}`,
    subnet: subnet.id,
    securityGroups: balancerGroups(backed),
    addresses: [address],
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
  const { service, balancer } = backed;
  const addresses = interfaces.flatMap((own) => own.publicIp ?? own.addresses);
  const loadBalancer: LoadBalancer = { ...balancer, addresses };
  return {
    ...world,
    services: world.services.map((one) => (one === service ? { ...one, loadBalancer } : one)),
    ...(world.httpRoutes &&
      !world.services.includes(service) && {
        httpRoutes: withAddresses(world.httpRoutes, service, addresses),
      }),
    vpcs: world.vpcs.map((vpc) =>
      vpc.id === backed.vpc.id
        ? openTargets({ ...vpc, interfaces: [...vpc.interfaces, ...interfaces] }, backed)
        : vpc,
    ),
  };
}
