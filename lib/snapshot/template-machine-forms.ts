import type { Form } from './template-form';
import { SCALING_GROUP, scalingForm } from './template-launch';
import { readPublic } from './template-public';
import {
  knownText,
  listAt,
  mapAt,
  numberAt,
  type Resource,
  type Resources,
  textsAt,
} from './template-resource';
import { isValueMap, type ValueMap } from './template-value';

type Reader = (resource: Resource, resources: Resources) => Form | undefined;

const PRIVATE = { public: false, serves: [] } as const;

/** How each type says where it stands (CloudFormation resource reference, one page a type). */
export const FORMS: Readonly<Record<string, Reader>> = {
  'AWS::EC2::NetworkInterface': (resource, resources) => ({
    ...PRIVATE,
    ...interfaceForm(resource.properties),
    elasticIp: readPublic(resources, resource.id),
  }),
  'AWS::EC2::Instance': (resource, resources) => {
    const [first] = listAt(resource.properties, 'NetworkInterfaces');
    const own = isValueMap(first) ? first : undefined;
    // An interface of its own resource is read there.
    if (own !== undefined && own.NetworkInterfaceId !== undefined) return undefined;
    const associated = own?.AssociatePublicIpAddress;
    return {
      ...PRIVATE,
      public: associated === undefined ? 'as-subnet' : String(associated) === 'true',
      ...(own === undefined ? instanceForm(resource.properties) : interfaceForm(own)),
      elasticIp: readPublic(resources, resource.id),
    };
  },
  [SCALING_GROUP]: ({ properties }, resources) => scalingForm(properties, resources),
  'AWS::RDS::DBInstance': ({ properties }, resources) =>
    // A member of a cluster is found where the cluster is.
    properties.DBClusterIdentifier === undefined
      ? database(properties, resources, 'VPCSecurityGroups')
      : undefined,
  'AWS::RDS::DBCluster': ({ properties }, resources) =>
    database(properties, resources, 'VpcSecurityGroupIds'),
  'AWS::DocDB::DBCluster': ({ properties }, resources) =>
    database(properties, resources, 'VpcSecurityGroupIds'),
  'AWS::Neptune::DBCluster': ({ properties }, resources) =>
    database(properties, resources, 'VpcSecurityGroupIds'),
  'AWS::ElastiCache::ReplicationGroup': ({ properties }, resources) =>
    cache(properties, resources, 'SecurityGroupIds'),
  'AWS::ElastiCache::CacheCluster': ({ properties }, resources) =>
    cache(properties, resources, 'VpcSecurityGroupIds'),
  'AWS::Lambda::Function': ({ properties }) =>
    properties.VpcConfig === undefined
      ? undefined
      : {
          ...PRIVATE,
          ...groups(mapAt(properties, 'VpcConfig'), 'SecurityGroupIds'),
          subnets: textsAt(mapAt(properties, 'VpcConfig'), 'SubnetIds'),
        },
  'AWS::ECS::Service': ({ properties }) => {
    const task = mapAt(mapAt(properties, 'NetworkConfiguration'), 'AwsvpcConfiguration');
    if (task.Subnets === undefined) return undefined;
    const isPublic = knownText(task, 'AssignPublicIp') === 'ENABLED';
    const ports = listAt(properties, 'LoadBalancers').flatMap((one) =>
      isValueMap(one) ? numbers(one, 'ContainerPort') : [],
    );
    const subnets = textsAt(task, 'Subnets');
    return { ...groups(task, 'SecurityGroups'), subnets, public: isPublic, serves: ports };
  },
  'AWS::EFS::MountTarget': ({ properties }) => ({
    ...PRIVATE,
    ...groups(properties, 'SecurityGroups'),
    subnets: textsAt(properties, 'SubnetId'),
    serves: [2049],
  }),
  'AWS::OpenSearchService::Domain': ({ properties }) => {
    const place = mapAt(properties, 'VPCOptions');
    if (place.SubnetIds === undefined) return undefined;
    const subnets = textsAt(place, 'SubnetIds');
    return { ...groups(place, 'SecurityGroupIds'), subnets, public: false, serves: [443] };
  },
};

/** The types that FORMS can read. */
export const MACHINE_TYPES: readonly string[] = Object.keys(FORMS);

/** Types that those refer to. */
export const MACHINE_PARTS: readonly string[] = [
  'AWS::EC2::EIPAssociation',
  'AWS::RDS::DBSubnetGroup',
  'AWS::DocDB::DBSubnetGroup',
  'AWS::Neptune::DBSubnetGroup',
  'AWS::ElastiCache::SubnetGroup',
];

function interfaceForm(from: ValueMap): Omit<Form, 'public' | 'serves'> {
  const address = knownText(from, 'PrivateIpAddress');
  return {
    ...groups(from, 'GroupSet'),
    subnets: textsAt(from, 'SubnetId'),
    ...(address === undefined ? {} : { privateIp: address }),
  };
}

function instanceForm(from: ValueMap): Omit<Form, 'public' | 'serves'> {
  const { securityGroups: _, ...place } = interfaceForm(from);
  return { ...place, ...groups(from, 'SecurityGroupIds') };
}

/** Ports of database engines where none is given (RDS user guide, "DB instance settings"). */
const ENGINE_PORTS: readonly (readonly [RegExp, number])[] = [
  [/postgres/, 5432],
  [/mysql|mariadb|^aurora$/, 3306],
  [/sqlserver/, 1433],
  [/oracle/, 1521],
  [/docdb/, 27017],
  [/neptune/, 8182],
];

function database(properties: ValueMap, resources: Resources, key: string): Form {
  const named = ['DBSubnetGroupName', 'DbSubnetGroupName'].flatMap((k) => textsAt(properties, k));
  const home = MACHINE_PARTS.flatMap((type) => resources.ofType(type)).find(
    ({ id, name }) => named.includes(id) || named.includes(name),
  );
  const engine = knownText(properties, 'Engine') ?? '';
  const usual = ENGINE_PORTS.find(([pattern]) => pattern.test(engine))?.[1];
  const given = [...numbers(properties, 'Port'), ...numbers(properties, 'DBPort')];
  return {
    ...groups(properties, key),
    subnets: home === undefined ? [] : textsAt(home.properties, 'SubnetIds'),
    public: String(properties.PubliclyAccessible) === 'true',
    serves: given.length > 0 || usual === undefined ? given : [usual],
  };
}

function cache(properties: ValueMap, resources: Resources, key: string): Form {
  const named = knownText(properties, 'CacheSubnetGroupName');
  const home = resources
    .ofType('AWS::ElastiCache::SubnetGroup')
    .find(({ id, name }) => id === named || name === named);
  const usual = /memcached/.test(knownText(properties, 'Engine') ?? '') ? 11211 : 6379;
  const [port = usual] = numbers(properties, 'Port');
  return {
    ...groups(properties, key),
    subnets: home === undefined ? [] : textsAt(home.properties, 'SubnetIds'),
    public: false,
    serves: [port],
  };
}

const groups = (from: ValueMap, key: string): Pick<Form, 'securityGroups'> =>
  from[key] === undefined ? {} : { securityGroups: textsAt(from, key) };

function numbers(from: ValueMap, key: string): readonly number[] {
  const value = numberAt(from, key);
  return typeof value === 'number' ? [value] : [];
}
