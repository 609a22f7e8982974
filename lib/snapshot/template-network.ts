import { type Cidr, cidr, parseCidr } from '../model/address';
import type { Route, RouteTable, RouteTarget, Subnet, Vpc } from '../model/vpc';
import { prefixListOf } from './template-endpoint';
import {
  cidrAt,
  isTrue,
  knownText,
  type Resource,
  type Resources,
  remark,
  textAt,
  textsAt,
  wrong,
} from './template-resource';
import { isUnknown, type ValueMap } from './template-value';

/** A VPC's ground: its blocks, subnets and routes. */
export type Ground = Pick<
  Vpc,
  'id' | 'name' | 'cidrs' | 'internetGateway' | 'subnets' | 'routeTables'
>;

/** Reads VPCs with their subnets and route tables. */
export function readGround(resources: Resources): readonly Ground[] {
  warnOfStrangers(resources);
  return resources.ofType('AWS::EC2::VPC').map((vpc) => {
    const cidrs = blocksOf(resources, vpc);
    return {
      id: vpc.id,
      name: vpc.name,
      cidrs,
      internetGateway: gatewayOf(resources, vpc.id),
      subnets: subnetsOf(resources, vpc.id),
      routeTables: routeTablesOf(resources, vpc, cidrs),
    };
  });
}

/** The table of subnets that are associated with none. */
const mainTable = (vpc: string): string => `${vpc}.main-table`;

/** The ACL of subnets that are associated with none: it allows everything. */
export const defaultAcl = (vpc: string): string => `${vpc}.default-acl`;

const inVpc = (resource: Resource, vpc: string): boolean => resource.properties.VpcId === vpc;

/** Things of a VPC that is in no template can stand nowhere: said once each, then left out. */
function warnOfStrangers(resources: Resources): void {
  const known = new Set(resources.ofType('AWS::EC2::VPC').map((vpc) => vpc.id));
  for (const type of ['AWS::EC2::Subnet', 'AWS::EC2::RouteTable', 'AWS::EC2::SecurityGroup']) {
    for (const resource of resources.ofType(type)) {
      const vpc = textAt(resource.properties, 'VpcId');
      const name = isUnknown(vpc) ? vpc.unknown : vpc;
      if (name !== undefined && known.has(name)) continue;
      const fix = 'give the template that makes the VPC as well';
      remark(
        resources,
        resource,
        `its VPC (${name ?? 'none named'}) is in no template: left out`,
        fix,
      );
    }
  }
}

function blocksOf(resources: Resources, vpc: Resource): readonly Cidr[] {
  const first = cidrAt(vpc, 'CidrBlock');
  if (first === undefined && vpc.properties.CidrBlock === undefined) {
    const fix = 'give CidrBlock; what an address pool (IPAM) will choose is not known yet';
    wrong(vpc, 'CidrBlock', { problem: 'the VPC names no block', fix });
  }
  const more = resources.ofType('AWS::EC2::VPCCidrBlock').filter((block) => inVpc(block, vpc.id));
  const secondary = more.map((block) => cidrAt(block, 'CidrBlock'));
  const blocks6 = more.map((block) =>
    isTrue(block.properties.AmazonProvidedIpv6CidrBlock)
      ? nominalBlock6(resources, vpc)
      : cidrAt(block, 'Ipv6CidrBlock'),
  );
  return [first, ...secondary, ...blocks6].filter((block) => block !== undefined);
}

/** The block that `Ipv6CidrBlocks` of this VPC resolves to. */
function nominalBlock6(resources: Resources, vpc: Resource): Cidr {
  const index = BigInt(resources.ofType('AWS::EC2::VPC').indexOf(vpc));
  return cidr(`2001:db8:0:${(index << 8n).toString(16)}::/56`);
}

function gatewayOf(resources: Resources, vpc: string): string | undefined {
  const attached = resources
    .ofType('AWS::EC2::VPCGatewayAttachment')
    .find((a) => inVpc(a, vpc) && a.properties.InternetGatewayId !== undefined);
  return attached === undefined ? undefined : knownText(attached.properties, 'InternetGatewayId');
}

function subnetsOf(resources: Resources, vpc: string): readonly Subnet[] {
  const subnets = resources.ofType('AWS::EC2::Subnet').filter((subnet) => inVpc(subnet, vpc));
  return subnets.map((subnet) => {
    const associated = (type: string, key: string): string | undefined => {
      const found = resources.ofType(type).find((a) => a.properties.SubnetId === subnet.id);
      return found === undefined ? undefined : knownText(found.properties, key);
    };
    const blocks = [cidrAt(subnet, 'CidrBlock'), cidrAt(subnet, 'Ipv6CidrBlock')];
    const zone = textAt(subnet.properties, 'AvailabilityZone') ?? '(chosen by EC2)';
    const acl = associated('AWS::EC2::SubnetNetworkAclAssociation', 'NetworkAclId');
    return {
      id: subnet.id,
      name: subnet.name,
      zone: isUnknown(zone) ? `(${zone.unknown})` : zone,
      cidrs: blocks.filter((block) => block !== undefined),
      routeTable:
        associated('AWS::EC2::SubnetRouteTableAssociation', 'RouteTableId') ?? mainTable(vpc),
      networkAcl: acl ?? defaultAcl(vpc),
      public: isTrue(subnet.properties.MapPublicIpOnLaunch),
    };
  });
}

function routeTablesOf(
  resources: Resources,
  vpc: Resource,
  cidrs: readonly Cidr[],
): readonly RouteTable[] {
  const local = cidrs.map((destination): Route => ({ destination, target: { kind: 'local' } }));
  const tables = resources.ofType('AWS::EC2::RouteTable').filter((table) => inVpc(table, vpc.id));
  const main = { id: mainTable(vpc.id), name: `main table of ${vpc.name}`, routes: local };
  return [
    main,
    ...tables.map((table) => {
      const own = resources
        .ofType('AWS::EC2::Route')
        .filter((route) => route.properties.RouteTableId === table.id)
        .flatMap(readRoute);
      const routes = [...local, ...own, ...endpointRoutes(resources, table.id)];
      return { id: table.id, name: table.name, routes };
    }),
  ];
}

/** A gateway endpoint adds a route for its service's prefix list to each table it names. */
function endpointRoutes(resources: Resources, table: string): readonly Route[] {
  const endpoints = resources
    .ofType('AWS::EC2::VPCEndpoint')
    .filter((endpoint) => textsAt(endpoint.properties, 'RouteTableIds').includes(table));
  return endpoints.map((endpoint) => ({
    destination: { prefixList: prefixListOf(endpoint) },
    target: { kind: 'vpc-endpoint', id: endpoint.id },
  }));
}

function readRoute(route: Resource): readonly Route[] {
  const { properties } = route;
  const target = targetOf(properties);
  const keys = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];
  const key = keys.find((k) => properties[k] !== undefined);
  const destination = key === undefined ? undefined : textAt(properties, key);
  if (key === undefined || destination === undefined) {
    const fix = 'give DestinationCidrBlock';
    wrong(route, '', { problem: 'the route has no destination', fix });
    return [];
  }
  if (isUnknown(destination)) return [{ destination: { prefixList: destination.unknown }, target }];
  if (key === 'DestinationPrefixListId')
    return [{ destination: { prefixList: destination }, target }];
  const block = parseCidr(destination);
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

function targetOf(properties: ValueMap): RouteTarget {
  const found = TARGETS.find(([key]) => properties[key] !== undefined);
  if (found === undefined) {
    const named = Object.keys(properties).find((key) => /^(Carrier|Local|Core|Vpc)/.test(key));
    return { kind: 'unknown', what: named ?? 'a route without a target' };
  }
  const [key, kind] = found;
  const id = textAt(properties, key);
  if (typeof id === 'string') return { kind, id };
  return { kind: 'unknown', what: isUnknown(id) ? id.unknown : key };
}
