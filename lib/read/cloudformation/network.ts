import { type Cidr, cidr, contains, familyOf, formatCidr, overlaps } from '../../model/address';
import { unknownId } from '../../model/unknown-id';
import type { Subnet, Vpc } from '../../model/vpc';
import { attachedGateway, edgeTablesOf, foreignGateways, publicAccessBlock } from './internet';
import { defaultAcl, inVpc, mainTable } from './own';
import {
  cidrAt,
  doubtAt,
  flagAt,
  idAt,
  isTrue,
  naming,
  type Resource,
  type Resources,
  remark,
  textAt,
  wrong,
} from './resource';
import { routeTablesOf } from './routes';
import { isUnknown } from './value';

/** A VPC's ground: its blocks, subnets and routes. */
export type Ground = Pick<
  Vpc,
  | 'id'
  | 'name'
  | 'cidrs'
  | 'internetGateway'
  | 'foreignGateways'
  | 'edgeTables'
  | 'publicAccessBlock'
  | 'resolver'
  | 'unplaced'
  | 'subnets'
  | 'routeTables'
>;

/** Reads VPCs with their subnets and route tables. */
export function readGround(resources: Resources): readonly Ground[] {
  const strangers = warnOfStrangers(resources);
  return resources.ofType('AWS::EC2::VPC').map((vpc) => {
    const cidrs = blocksOf(resources, vpc);
    const subnets = subnetsOf(resources, vpc, cidrs);
    const gateway = attachedGateway(resources, vpc.id);
    const block = publicAccessBlock(resources, vpc.id);
    const resolver = flagAt(vpc.properties, 'EnableDnsSupport', true);
    const edgeTables = edgeTablesOf(resources, gateway);
    return {
      id: vpc.id,
      name: vpc.name,
      cidrs,
      ...(gateway === undefined ? {} : { internetGateway: gateway }),
      ...given('foreignGateways', foreignGateways(resources, vpc.id)),
      ...given('edgeTables', edgeTables),
      ...(block === undefined ? {} : { publicAccessBlock: block }),
      ...(resolver === true ? {} : { resolver }),
      ...given('unplaced', strangers),
      subnets,
      routeTables: routeTablesOf(resources, vpc, cidrs),
    };
  });
}

/** A field, where its list holds anything. */
const given = <Name extends string, Item>(
  name: Name,
  list: readonly Item[],
): { readonly [key in Name]?: readonly Item[] } =>
  list.length === 0 ? {} : ({ [name]: list } as { readonly [key in Name]: readonly Item[] });

/**
 * Things of a VPC that is in no template can stand nowhere: said once each, then left out. Answers
 * the subnets whose VPC is not known: they may stand in any.
 */
function warnOfStrangers(resources: Resources): readonly string[] {
  const known = new Set(resources.ofType('AWS::EC2::VPC').map((vpc) => vpc.id));
  const lost: string[] = [];
  for (const type of ['AWS::EC2::Subnet', 'AWS::EC2::RouteTable', 'AWS::EC2::SecurityGroup']) {
    for (const resource of resources.ofType(type)) {
      const vpc = textAt(resource.properties, 'VpcId');
      const name = isUnknown(vpc) ? vpc.unknown : vpc;
      if (name !== undefined && known.has(name)) continue;
      if (isUnknown(vpc) && type === 'AWS::EC2::Subnet')
        lost.push(`subnet ${resource.name}, whose VPC is ${vpc.unknown}`);
      const fix = 'give the template that makes the VPC as well';
      remark(
        resources,
        resource,
        `its VPC (${name ?? 'none named'}) is in no template: left out`,
        fix,
      );
    }
  }
  return lost;
}

function blocksOf(resources: Resources, vpc: Resource): readonly Cidr[] {
  const first = cidrAt(vpc, 'CidrBlock');
  if (first === undefined && vpc.properties.CidrBlock === undefined) {
    const fix = 'give CidrBlock; what an address pool (IPAM) will choose is not known yet';
    wrong(vpc, 'CidrBlock', { problem: 'the VPC names no block', fix });
  }
  const all = resources.ofType('AWS::EC2::VPCCidrBlock');
  for (const block of all.filter(({ properties }) => isUnknown(properties.VpcId))) {
    const fix = 'give the VPC itself';
    wrong(block, 'VpcId', { problem: 'which VPC gets the block is not known', fix });
  }
  const more = all.filter((block) => inVpc(block, vpc.id));
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

function subnetsOf(resources: Resources, vpc: Resource, cidrs: readonly Cidr[]): readonly Subnet[] {
  const own = resources.ofType('AWS::EC2::Subnet').filter((subnet) => inVpc(subnet, vpc.id));
  const read = own.map((resource) => ({ resource, subnet: subnetOf(resources, resource, vpc.id) }));
  for (const [i, { resource, subnet }] of read.entries()) {
    checkBlocks(resource, subnet, { cidrs, others: read.slice(0, i).map((one) => one.subnet) });
  }
  return read.map(({ subnet }) => subnet);
}

function subnetOf(resources: Resources, subnet: Resource, vpc: string): Subnet {
  const { properties } = subnet;
  const blocks = [cidrAt(subnet, 'CidrBlock'), ...blocks6Of(resources, subnet)];
  const zone = textAt(properties, 'AvailabilityZone') ?? '(chosen by EC2)';
  const tables = resources.ofType('AWS::EC2::SubnetRouteTableAssociation');
  const acls = resources.ofType('AWS::EC2::SubnetNetworkAclAssociation');
  const isPublic = flagAt(properties, 'MapPublicIpOnLaunch');
  return {
    id: subnet.id,
    name: subnet.name,
    zone: isUnknown(zone) ? `(${zone.unknown})` : zone,
    cidrs: blocks.filter((block) => block !== undefined),
    routeTable: associated(tables, subnet.id, 'RouteTableId') ?? mainTable(vpc),
    networkAcl: associated(acls, subnet.id, 'NetworkAclId') ?? defaultAcl(vpc),
    public: isPublic === true,
    ...(isUnknown(isPublic) ? { publicUnknown: isPublic.unknown } : {}),
    ...(isTrue(properties.AssignIpv6AddressOnCreation) && { assigns6: true }),
  };
}

function blocks6Of(resources: Resources, subnet: Resource): readonly (Cidr | undefined)[] {
  const added = resources
    .ofType('AWS::EC2::SubnetCidrBlock')
    .filter(({ properties }) => properties.SubnetId === subnet.id);
  return [cidrAt(subnet, 'Ipv6CidrBlock'), ...added.map((one) => cidrAt(one, 'Ipv6CidrBlock'))];
}

/** What a subnet is associated with; an unknown id where it may be another than its VPC's own. */
function associated(
  associations: readonly Resource[],
  subnet: string,
  key: string,
): string | undefined {
  const { known, doubtful } = naming(associations, 'SubnetId', subnet);
  const [first] = known;
  if (first !== undefined) return idAt(first.properties, key);
  const [other] = doubtful;
  if (other === undefined) return undefined;
  const what = doubtAt(other.properties, 'SubnetId') ?? other.name;
  return unknownId(`what the subnet is associated with depends on ${what}`);
}

/** EC2 refuses subnets outside their VPC's blocks, and two that overlap (VPC user guide, "Subnet CIDR blocks"). */
function checkBlocks(
  resource: Resource,
  subnet: Subnet,
  { cidrs, others }: { readonly cidrs: readonly Cidr[]; readonly others: readonly Subnet[] },
): void {
  for (const block of subnet.cidrs) {
    const inside = cidrs.some(
      (whole) => whole.prefix <= block.prefix && contains(whole, block.address),
    );
    const text = formatCidr(block);
    const sixth = familyOf(block.address) === 6;
    if (!inside && !sixth && cidrs.length > 0) {
      const fix = `use a block of ${cidrs.map(formatCidr).join(', ')}`;
      wrong(resource, 'CidrBlock', { problem: `${text} is outside its VPC`, fix });
    }
    const twin = others.find((other) => other.cidrs.some((taken) => overlaps(taken, block)));
    if (twin === undefined) continue;
    const problem = `${text} overlaps subnet ${twin.name}`;
    wrong(resource, sixth ? 'Ipv6CidrBlock' : 'CidrBlock', {
      problem,
      fix: 'give it a block of its own',
    });
  }
}
