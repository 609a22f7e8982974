import { type Ip, ip, offsetIp, parseIp } from '../../model/address';
import { unknownId } from '../../model/unknown-id';
import type { NetworkInterface } from '../../model/vpc';
import type { Allocator } from './address';
import { freeAddress } from './nat';
import type { Ground } from './network';
import { defaultGroup } from './own';
import { elasticAddress } from './public';
import { idAt, idsAt, knownText, listAt, type Resource, type Resources, textAt } from './resource';
import { isUnknown, isValueMap } from './value';

const CLASSIC = 'AWS::ElasticLoadBalancing::LoadBalancer';
const ELASTIC = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

/** Load balancers that templates make themselves. */
export const BALANCER_TYPES: readonly string[] = [ELASTIC, CLASSIC];

/** Public addresses of templates' load balancers: a quarter of TEST-NET-2 (RFC 5737). */
const FIRST_PUBLIC = ip('198.51.100.64');

/** What a load balancer has in one of its subnets. */
interface Mapping {
  readonly subnet: string;
  readonly privateIp?: Ip | undefined;
  readonly elasticIp?: Ip | undefined;
}

/**
 * The interfaces of a template's load balancers, one a subnet. Internet-facing is the default scheme,
 * and its interfaces have public addresses (Elastic Load Balancing user guide, "Load balancer scheme").
 */
export function balancerInterfaces(
  resources: Resources,
  ground: Ground,
  allocator: Allocator,
): readonly NetworkInterface[] {
  const all = BALANCER_TYPES.flatMap((type) => resources.ofType(type));
  return all.flatMap((balancer, index) =>
    mappingsOf(resources, balancer).flatMap((mapping, zone): NetworkInterface[] => {
      const home = ground.subnets.find(({ id }) => id === mapping.subnet);
      if (home === undefined) return [];
      const address = mapping.privateIp ?? freeAddress(home, balancer, allocator);
      if (address === undefined) return [];
      const scheme = textAt(balancer.properties, 'Scheme') ?? 'internet-facing';
      const own: NetworkInterface = {
        id: `${balancer.name}/${home.name}`,
        subnet: home.id,
        securityGroups: groupsOf(balancer, ground.id),
        addresses: [address],
        prefixes: [],
        ...(mapping.privateIp === undefined && { chosen: true }),
        owner: { kind: 'load-balancer', id: balancer.id },
      };
      if (isUnknown(scheme)) return [{ ...own, publicUnknown: scheme.unknown }];
      const publicIp = mapping.elasticIp ?? offsetIp(FIRST_PUBLIC, 6 * index + zone);
      return [scheme === 'internal' ? own : { ...own, publicIp }];
    }),
  );
}

/** Subnets of a load balancer that are not known. */
export const balancerDoubts = (resources: Resources): readonly string[] =>
  BALANCER_TYPES.flatMap((type) => resources.ofType(type)).flatMap((balancer) => {
    const lists = ['Subnets', 'SubnetMappings', 'AvailabilityZones'];
    const hidden = lists.flatMap((key) => listAt(balancer.properties, key)).find(isUnknown);
    return hidden === undefined ? [] : [`${balancer.name}, whose subnets are ${hidden.unknown}`];
  });

function mappingsOf(resources: Resources, { properties }: Resource): readonly Mapping[] {
  const mapped = listAt(properties, 'SubnetMappings').flatMap((mapping): Mapping[] => {
    const subnet = isValueMap(mapping) ? knownText(mapping, 'SubnetId') : undefined;
    if (subnet === undefined || !isValueMap(mapping)) return [];
    const elasticIp = elasticAddress(resources, knownText(mapping, 'AllocationId') ?? '');
    const privateIp = parseIp(knownText(mapping, 'PrivateIPv4Address') ?? '');
    return [{ subnet, privateIp, elasticIp }];
  });
  return [...idsAt(properties, 'Subnets').map((subnet) => ({ subnet })), ...mapped];
}

/**
 * Groups on its interfaces. An application or classic load balancer without any carries its VPC's
 * default group; a network load balancer without any is not filtered; a gateway one has none.
 */
function groupsOf({ type, properties }: Resource, vpc: string): readonly string[] {
  const named = idsAt(properties, 'SecurityGroups');
  if (named.length > 0) return named;
  const kind = type === CLASSIC ? 'application' : (idAt(properties, 'Type') ?? 'application');
  if (kind === 'application') return [defaultGroup(vpc)];
  return kind === 'network' || kind === 'gateway' ? [] : [unknownId(`Type ${kind}`)];
}
