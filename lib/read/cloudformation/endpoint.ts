import type { Cidr } from '../../model/address';
import { cidr, parseCidr } from '../../model/address';
import type { PrefixList, VpcEndpoint } from '../../model/vpc';
import { defaultGroup } from './own';
import {
  idsAt,
  isTrue,
  knownText,
  listAt,
  type Resource,
  type Resources,
  textAt,
  wrong,
} from './resource';
import { HOLE, isUnknown, isValueMap } from './value';

/** Service of an endpoint as its last part: `s3`, `ecr.api`; what is not known in brackets. */
export function serviceOf(endpoint: Resource): string {
  const name = textAt(endpoint.properties, 'ServiceName');
  // Of `com.amazonaws.<region>.s3` the end tells the service, also where the region is not known.
  const text = isUnknown(name) ? (name.pattern ?? HOLE) : (name ?? '(no service)');
  const service = text.replace(/^(com\.amazonaws|aws\.api)\.[^.]+\./, '');
  return isUnknown(name) && service.includes(HOLE) ? `(${name.unknown})` : service;
}

/** The prefix list of a gateway endpoint's service. */
export const prefixListOf = (endpoint: Resource): string => `pl-${serviceOf(endpoint)}`;

/** Endpoints of a VPC. Interface endpoints of other kinds (Gateway Load Balancer) are left out. */
export function readEndpoints(resources: Resources, vpc: string): readonly VpcEndpoint[] {
  return resources
    .ofType('AWS::EC2::VPCEndpoint')
    .filter((endpoint) => endpoint.properties.VpcId === vpc)
    .flatMap((endpoint): VpcEndpoint[] => {
      const { id, properties } = endpoint;
      const service = serviceOf(endpoint);
      switch (properties.VpcEndpointType ?? 'Gateway') {
        case 'Gateway':
          return [{ kind: 'gateway', id, service, prefixList: prefixListOf(endpoint) }];
        case 'Interface':
          return [
            {
              kind: 'interface',
              id,
              service,
              subnets: idsAt(properties, 'SubnetIds'),
              securityGroups: groupsOf(endpoint, vpc),
              privateDns: isTrue(properties.PrivateDnsEnabled),
            },
          ];
        default:
          return [];
      }
    });
}

/** An interface endpoint without groups carries the VPC's default group (EC2: CreateVpcEndpoint). */
function groupsOf(endpoint: Resource, vpc: string): readonly string[] {
  const named = idsAt(endpoint.properties, 'SecurityGroupIds');
  return named.length === 0 ? [defaultGroup(vpc)] : named;
}

/**
 * Blocks that stand for AWS's own prefix lists: some that the services have long used in
 * us-east-1. The real lists are longer and change; no rule may rely on more than one being inside.
 */
const AWS_BLOCKS: Readonly<Record<string, readonly Cidr[]>> = {
  s3: [cidr('52.216.0.0/15'), cidr('54.231.0.0/16')],
  dynamodb: [cidr('52.94.0.0/22'), cidr('52.119.224.0/20')],
};

/** Prefix lists whose blocks are known: those of gateway endpoints, and the templates' own. */
export function readPrefixLists(resources: Resources): readonly PrefixList[] {
  const services = new Map(
    resources
      .ofType('AWS::EC2::VPCEndpoint')
      .map((endpoint) => [prefixListOf(endpoint), serviceOf(endpoint)] as const),
  );
  const aws = [...services].flatMap(([id, service]): PrefixList[] => {
    const cidrs = AWS_BLOCKS[service];
    return cidrs === undefined ? [] : [{ id, name: service, cidrs, partial: true }];
  });
  const own = resources.ofType('AWS::EC2::PrefixList').map((list) => ({
    id: list.id,
    name: knownText(list.properties, 'PrefixListName') ?? list.name,
    cidrs: entriesOf(list),
  }));
  return [...aws, ...own];
}

function entriesOf(list: Resource): readonly Cidr[] {
  return listAt(list.properties, 'Entries').flatMap((entry, i) => {
    const text = isValueMap(entry) ? knownText(entry, 'Cidr') : undefined;
    const block = parseCidr(text ?? '');
    if (!('problem' in block)) return [block];
    wrong(list, `Entries[${i}].Cidr`, block);
    return [];
  });
}
