import { isUnknownId, unknownId } from '../../model/unknown-id';
import type { PublicAccessBlock, Unknown, Vpc } from '../../model/vpc';
import { doubtAt, idAt, naming, type Resources, textAt } from './resource';
import { isUnknown } from './value';

/** The internet gateway of a VPC: an unknown id where the templates may attach one. */
export function attachedGateway(resources: Resources, vpc: string): string | undefined {
  const all = resources
    .ofType('AWS::EC2::VPCGatewayAttachment')
    .filter(({ properties }) => properties.InternetGatewayId !== undefined);
  const { known, doubtful } = naming(all, 'VpcId', vpc);
  const [first] = known;
  if (first !== undefined) return idAt(first.properties, 'InternetGatewayId');
  const [other] = doubtful;
  return other && unknownId(doubtAt(other.properties, 'VpcId') ?? other.name);
}

/** Internet gateways that templates make and that are not this VPC's. */
export function foreignGateways(resources: Resources, vpc: string): readonly string[] {
  const own = attachedGateway(resources, vpc);
  if (own !== undefined && isUnknownId(own)) return [];
  const attached = resources
    .ofType('AWS::EC2::VPCGatewayAttachment')
    .filter(({ properties }) => properties.VpcId !== vpc)
    .flatMap(({ properties }) => idAt(properties, 'InternetGatewayId') ?? []);
  return attached.filter((id) => id !== own && !isUnknownId(id));
}

/** Route tables associated with a VPC's gateway (VPC user guide, "Gateway route tables"). */
export function edgeTablesOf(
  resources: Resources,
  gateway: string | undefined,
): NonNullable<Vpc['edgeTables']> {
  if (gateway === undefined) return [];
  const all = resources.ofType('AWS::EC2::GatewayRouteTableAssociation');
  const { known, doubtful } = naming(all, 'GatewayId', gateway);
  const ours = isUnknownId(gateway) ? all : [...known, ...doubtful];
  return ours.map((association) => ({
    gateway,
    routeTable: doubtful.includes(association)
      ? unknownId(doubtAt(association.properties, 'GatewayId') ?? association.name)
      : (idAt(association.properties, 'RouteTableId') ?? unknownId('RouteTableId')),
  }));
}

const BLOCKS: Readonly<Record<string, PublicAccessBlock>> = {
  'block-bidirectional': 'bidirectional',
  'block-ingress': 'ingress',
};

/**
 * What the account's Block Public Access stops in a VPC. It is one setting of a region; where
 * exclusions stand, which subnets they free is not told apart here.
 */
export function publicAccessBlock(
  resources: Resources,
  vpc: string,
): PublicAccessBlock | Unknown | undefined {
  const [options] = resources.ofType('AWS::EC2::VPCBlockPublicAccessOptions');
  if (options === undefined) return undefined;
  const mode = textAt(options.properties, 'InternetGatewayBlockMode');
  if (isUnknown(mode)) return { unknown: mode.unknown };
  const block = BLOCKS[mode ?? ''];
  if (block === undefined) return undefined;
  const [exclusion] = resources
    .ofType('AWS::EC2::VPCBlockPublicAccessExclusion')
    .filter(({ properties }) => properties.VpcId === vpc || properties.VpcId === undefined);
  const doubtful = resources
    .ofType('AWS::EC2::VPCBlockPublicAccessExclusion')
    .find(({ properties }) => isUnknown(properties.VpcId));
  const found = exclusion ?? doubtful;
  return found === undefined
    ? block
    : { unknown: `what ${found.name} excludes from VPC Block Public Access` };
}
