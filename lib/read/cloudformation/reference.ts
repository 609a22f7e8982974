import { bitsOf, cidr, formatCidr, ipFromBits } from '../../model/address';
import { nominalAddress } from './address';
import { holds } from './condition';
import { isRecord, type Raw, type RawMap } from './document';
import { GIVEN, isListType, itemsOf } from './parameter';
import {
  below,
  type Place,
  propertiesOf,
  type Resolve,
  rawResource,
  regionOf,
  report,
  resolvedOnce,
  resourceId,
  resourcesOfType,
  typeOf,
} from './scope';
import { unknown, type Value } from './value';

/** `Ref`: a pseudo parameter, a parameter, or what stands for a resource. */
export function reference(name: string, place: Place, resolve: Resolve): Value {
  const { stack, assembly } = place.scope;
  if (name.startsWith('AWS::')) return pseudoParameter(name, place);
  if (Object.hasOwn(stack.parameters, name)) return parameter(name, place);
  const resource = rawResource(stack, name);
  if (resource === undefined) {
    report(place, `'${name}' is no parameter and no resource`, 'refer to one of the template');
    return unknown(name);
  }
  if (isMissing(name, resource, { place, resolve })) return unknown(name);
  const id = resourceId(stack, name);
  const property = (raw: Raw, key: string): Value =>
    resolvedOnce(place, `Resources.${name}.Properties.${key}`, () => resolve(raw, place));
  switch (typeOf(resource)) {
    case 'AWS::EC2::EIP': {
      const given = propertiesOf(resource).Address;
      if (given !== undefined) return property(given, 'Address');
      return nominalAddress(resourcesOfType(assembly, 'AWS::EC2::EIP').indexOf(id));
    }
    case 'AWS::EKS::Cluster': {
      const given = propertiesOf(resource).Name;
      return given === undefined ? id : property(given, 'Name');
    }
    default:
      return id;
  }
}

/** `Fn::GetAtt`: attributes that follow from the template; all others are not known yet. */
export function getAttribute(
  name: string,
  attribute: string,
  place: Place,
  resolve: Resolve,
): Value {
  const { stack, assembly } = place.scope;
  const resource = rawResource(stack, name);
  if (resource === undefined) {
    report(place, `'${name}' is no resource`, 'refer to a resource of the template');
    return unknown(`${name}.${attribute}`);
  }
  if (isMissing(name, resource, { place, resolve })) return unknown(`${name}.${attribute}`);
  const id = resourceId(stack, name);
  const type = typeOf(resource);
  if (OWN_ID[type] === attribute) return id;
  const made = MADE_WITH[type]?.[attribute];
  if (made !== undefined) return `${id}.${made}`;
  if (type === 'AWS::EC2::EIP' && attribute === 'PublicIp') return reference(name, place, resolve);
  if (type === 'AWS::EC2::VPC' && attribute === 'Ipv6CidrBlocks') {
    return [vpcBlock6(resourcesOfType(assembly, type).indexOf(id))];
  }
  const key = SAME_AS_PROPERTY.includes(attribute) ? attribute : WRITTEN_AS[attribute];
  const property = key === undefined ? undefined : propertiesOf(resource)[key];
  if (property === undefined || key === undefined) return unknown(`${id}.${attribute}`);
  const at = below({ ...place, path: `Resources.${name}.Properties` }, key);
  return resolvedOnce(at, at.path, () => resolve(property, at));
}

/** A resource whose condition is false does not exist: CloudFormation refuses what refers to it. */
function isMissing(
  name: string,
  resource: RawMap,
  { place, resolve }: { readonly place: Place; readonly resolve: Resolve },
): boolean {
  const { Condition: condition } = resource;
  if (typeof condition !== 'string' || holds(condition, place, resolve) !== false) return false;
  const problem = `it refers to ${name}, which does not exist: its condition ${condition} is false`;
  report(place, problem, `refer to it only where ${condition} holds`);
  return true;
}

/** Attributes that answer what `Ref` answers, by type. */
const OWN_ID: Readonly<Record<string, string>> = {
  'AWS::EC2::VPC': 'VpcId',
  'AWS::EC2::Subnet': 'SubnetId',
  'AWS::EC2::RouteTable': 'RouteTableId',
  'AWS::EC2::InternetGateway': 'InternetGatewayId',
  'AWS::EC2::EgressOnlyInternetGateway': 'Id',
  'AWS::EC2::NatGateway': 'NatGatewayId',
  'AWS::EC2::EIP': 'AllocationId',
  'AWS::EC2::NetworkAcl': 'Id',
  'AWS::EC2::SecurityGroup': 'GroupId',
  'AWS::EC2::VPCEndpoint': 'Id',
  'AWS::EC2::VPCPeeringConnection': 'Id',
  'AWS::EC2::PrefixList': 'PrefixListId',
  'AWS::EC2::LaunchTemplate': 'LaunchTemplateId',
};

/** What AWS makes along with a resource, by attribute; the name is the end of its id. */
const MADE_WITH: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::EC2::VPC': { DefaultSecurityGroup: 'default-group', DefaultNetworkAcl: 'default-acl' },
  'AWS::EKS::Cluster': { ClusterSecurityGroupId: 'cluster-group' },
  'Custom::AWSCDK-EKS-Cluster': { ClusterSecurityGroupId: 'cluster-group' },
};

const SAME_AS_PROPERTY: readonly string[] = ['CidrBlock', 'AvailabilityZone', 'VpcId'];

/** Attributes that repeat a property of another name. */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  PrivateIp: 'PrivateIpAddress',
  PrimaryPrivateIpAddress: 'PrivateIpAddress',
};

/**
 * A pseudo parameter: as given, or as it follows from the region that the template names; else it
 * is not known. The name of the stack is that of its file, but decides no condition and no map.
 */
function pseudoParameter(name: string, place: Place): Value {
  const { stack } = place.scope;
  const given = stack.pseudo[name];
  if (given !== undefined) return given;
  const region = regionOf(stack);
  if (name === 'AWS::StackName') return place.inCondition ? unknown(name) : stack.name;
  if (region === undefined) return unknown(name);
  if (name === 'AWS::Region') return region;
  const china = region.startsWith('cn-');
  if (name === 'AWS::Partition') return partitionOf(region);
  if (name === 'AWS::URLSuffix') return china ? 'amazonaws.com.cn' : 'amazonaws.com';
  return unknown(name);
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function parameter(name: string, place: Place): Value {
  const raw = place.scope.stack.parameters[name];
  const definition = isRecord(raw) ? raw : {};
  const type = String(definition.Type ?? 'String');
  const value = definition[GIVEN] ?? definition.Default;
  // The default of such a parameter is the name of an SSM parameter, not its value.
  if (type.startsWith('AWS::SSM::Parameter::Value') && definition[GIVEN] === undefined)
    return unknown(`parameter ${name}, of SSM parameter ${String(value)}`);
  if (value === undefined || typeof value === 'object') return unknown(`parameter ${name}`);
  return isListType(type) ? itemsOf(String(value)) : value;
}

/** IPv6 blocks of VPCs that Amazon chooses: /56 blocks of the documentation range (RFC 3849). */
const vpcBlock6 = (index: number): string =>
  formatCidr({
    address: ipFromBits(bitsOf(cidr('2001:db8::/32').address) + (BigInt(index) << 72n), 6),
    prefix: 56,
  });
