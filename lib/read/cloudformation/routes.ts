import type { Cidr } from '../../model/address';
import { isUnknownId, unknownIdText } from '../../model/unknown-id';
import type { Route, RouteTable, RouteTarget } from '../../model/vpc';
import { parseBlock } from './block';
import { prefixListOf } from './endpoint';
import { inVpc, mainTable } from './own';
import {
  doubtAt,
  idAt,
  idsAt,
  naming,
  type Resource,
  type Resources,
  textAt,
  wrong,
} from './resource';
import { isUnknown, type ValueMap } from './value';

/** The route tables of a VPC, its main one included. */
export function routeTablesOf(
  resources: Resources,
  vpc: Resource,
  cidrs: readonly Cidr[],
): readonly RouteTable[] {
  const local = cidrs.map((destination): Route => ({ destination, target: { kind: 'local' } }));
  const tables = resources.ofType('AWS::EC2::RouteTable').filter((table) => inVpc(table, vpc.id));
  const main = { id: mainTable(vpc.id), name: `main table of ${vpc.name}` };
  const all = [main, ...tables.map(({ id, name }) => ({ id, name }))];
  return all.map(({ id, name }) => ({
    id,
    name,
    routes: [
      ...local,
      ...writtenRoutes(resources, id),
      ...endpointRoutes(resources, id),
      ...propagatedRoutes(resources, id),
    ],
  }));
}

/** Routes of a table; one whose table is not known may be in any. */
function writtenRoutes(resources: Resources, table: string): readonly Route[] {
  const { known, doubtful } = naming(resources.ofType('AWS::EC2::Route'), 'RouteTableId', table);
  return [
    ...known.flatMap((route) => readRoute(resources, route)),
    ...doubtful.flatMap((route) =>
      readRoute(resources, route).map((one) => ({
        ...one,
        unknown: doubtAt(route.properties, 'RouteTableId') ?? route.name,
      })),
    ),
  ];
}

/** A gateway endpoint adds a route for its service's prefix list to each table it names. */
function endpointRoutes(resources: Resources, table: string): readonly Route[] {
  return resources.ofType('AWS::EC2::VPCEndpoint').flatMap((endpoint): Route[] => {
    const ids = idsAt(endpoint.properties, 'RouteTableIds');
    const doubt = ids.find(isUnknownId);
    const certain = ids.includes(table);
    if (!certain && doubt === undefined) return [];
    const route: Route = {
      destination: { prefixList: prefixListOf(endpoint) },
      target: { kind: 'vpc-endpoint', id: endpoint.id },
    };
    return [certain ? route : { ...route, unknown: unknownIdText(doubt ?? '') }];
  });
}

/** What a virtual private gateway learns is known only to it. */
const propagatedRoutes = (resources: Resources, table: string): readonly Route[] =>
  resources
    .ofType('AWS::EC2::VPNGatewayRoutePropagation')
    .filter(({ properties }) => {
      const ids = idsAt(properties, 'RouteTableIds');
      return ids.includes(table) || ids.some(isUnknownId);
    })
    .map((propagation) => {
      const gateway = idAt(propagation.properties, 'VpnGatewayId') ?? propagation.name;
      const what = `virtual private gateway ${gateway.replace(/^.*\./, '')}`;
      return {
        destination: { prefixList: `what ${what} propagates` },
        target: { kind: 'unknown', what },
      } as const;
    });

function readRoute(resources: Resources, route: Resource): readonly Route[] {
  const { properties } = route;
  const isGone = route.found.State === 'blackhole';
  const target: RouteTarget = isGone ? { kind: 'blackhole' } : targetOf(resources, properties);
  const keys = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];
  const named = keys.filter((k) => properties[k] !== undefined);
  const [key] = named;
  const destination = key === undefined ? undefined : textAt(properties, key);
  if (key === undefined || destination === undefined) {
    const fix = 'give DestinationCidrBlock';
    wrong(route, '', { problem: 'the route has no destination', fix });
    return [];
  }
  if (named.length > 1) {
    const problem = `the route has ${named.length} destinations`;
    wrong(route, '', { problem, fix: 'give one of them' });
  }
  if (isUnknown(destination)) {
    const hidden: Route = { destination: { prefixList: destination.unknown }, target };
    const list = key === 'DestinationPrefixListId';
    return [list ? hidden : { ...hidden, unknown: destination.unknown }];
  }
  if (key === 'DestinationPrefixListId')
    return [{ destination: { prefixList: destination }, target }];
  const block = parseBlock(destination);
  if (!('problem' in block)) return [{ destination: block, target }];
  wrong(route, key, block);
  return [];
}

/** Property that names the target, and what kind of device it is. */
const TARGETS = [
  ['NatGatewayId', 'nat-gateway'],
  ['VpcPeeringConnectionId', 'peering'],
  ['TransitGatewayId', 'transit-gateway'],
  ['VpcEndpointId', 'vpc-endpoint'],
  ['NetworkInterfaceId', 'network-interface'],
  ['InstanceId', 'network-interface'],
  ['EgressOnlyInternetGatewayId', 'egress-only-internet-gateway'],
  ['GatewayId', 'internet-gateway'],
] as const;

function targetOf(resources: Resources, properties: ValueMap): RouteTarget {
  const found = TARGETS.filter(([key]) => properties[key] !== undefined);
  const [first] = found;
  if (first === undefined) {
    const named = Object.keys(properties).find((key) => /^(Carrier|Local|Core|Odb|Vpc)/.test(key));
    return { kind: 'unknown', what: named ?? 'a route without a target' };
  }
  const [key, kind] = first;
  const id = textAt(properties, key);
  if (typeof id !== 'string') return { kind: 'unknown', what: isUnknown(id) ? id.unknown : key };
  return kind === 'internet-gateway' ? gatewayTarget(resources, id) : { kind, id };
}

/** `GatewayId` names an internet gateway, a virtual private gateway, or `local`. */
function gatewayTarget(resources: Resources, id: string): RouteTarget {
  if (id === 'local') return { kind: 'local' };
  const isVpn =
    id.startsWith('vgw-') || resources.ofType('AWS::EC2::VPNGateway').some((one) => one.id === id);
  if (isVpn) {
    const name = id.replace(/^.*\./, '');
    return { kind: 'unknown', what: `virtual private gateway ${name}` };
  }
  return { kind: 'internet-gateway', id };
}
