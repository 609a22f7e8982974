import type { Form } from './form';
import { groups } from './instance';
import {
  flagAt,
  idAt,
  idsAt,
  knownText,
  numberAt,
  type Resource,
  type Resources,
} from './resource';
import { unknown, type ValueMap } from './value';

/** Ports of database engines where none is given (RDS user guide, "DB instance settings"). */
const ENGINE_PORTS: readonly (readonly [RegExp, number])[] = [
  [/postgres/, 5432],
  [/mysql|mariadb|^aurora$/, 3306],
  [/sqlserver/, 1433],
  [/oracle/, 1521],
  [/docdb/, 27017],
  [/neptune/, 8182],
];

/** Types that name the subnets of databases. */
export const SUBNET_GROUPS: readonly string[] = [
  'AWS::RDS::DBSubnetGroup',
  'AWS::DocDB::DBSubnetGroup',
  'AWS::Neptune::DBSubnetGroup',
  'AWS::ElastiCache::SubnetGroup',
];

/** A database: it stands in some of its subnet group's subnets, chosen by the service. */
export function database(properties: ValueMap, resources: Resources, key: string): Form {
  const named = ['DBSubnetGroupName', 'DbSubnetGroupName'].flatMap(
    (k) => idAt(properties, k) ?? [],
  );
  const engine = knownText(properties, 'Engine') ?? '';
  const usual = ENGINE_PORTS.find(([pattern]) => pattern.test(engine))?.[1];
  const given = [...numbers(properties, 'Port'), ...numbers(properties, 'DBPort')];
  return {
    ...groups(properties, key),
    subnets: subnetsOf(resources, named),
    public: false,
    serves: given.length > 0 || usual === undefined ? given : [usual],
  };
}

/** Subnets of the group that is named by its resource or by its own name. */
function subnetsOf(resources: Resources, named: readonly string[]): readonly string[] {
  const keys = ['DBSubnetGroupName', 'CacheSubnetGroupName'];
  const home = SUBNET_GROUPS.flatMap((type) => resources.ofType(type)).find(
    ({ id, name, properties }) =>
      [id, name, ...keys.flatMap((key) => knownText(properties, key) ?? [])].some((called) =>
        named.some((one) => one.toLowerCase() === called.toLowerCase()),
      ),
  );
  return home === undefined ? [] : idsAt(home.properties, 'SubnetIds');
}

/**
 * Whether RDS gives an instance a public address: where the template does not say, it does so if the
 * VPC of the subnet group has an internet gateway (RDS API, CreateDBInstance, PubliclyAccessible).
 */
const publicOf = (properties: ValueMap): Form['public'] =>
  properties.PubliclyAccessible === undefined ? 'as-vpc' : flagAt(properties, 'PubliclyAccessible');

/** An instance of its own; a member of a cluster is found where the cluster is. */
export function databaseInstance({ properties }: Resource, resources: Resources): readonly Form[] {
  if (properties.DBClusterIdentifier !== undefined) return [];
  const form = database(properties, resources, 'VPCSecurityGroups');
  return [{ ...form, public: publicOf(properties) }];
}

/**
 * A cluster: whether it is public is a setting of its members (Aurora); of the cluster itself only
 * where RDS makes the instances (Multi-AZ DB clusters).
 */
export function databaseCluster(
  { id, name, properties }: Resource,
  resources: Resources,
): readonly Form[] {
  const form = database(properties, resources, 'VpcSecurityGroupIds');
  const called = [id, name, knownText(properties, 'DBClusterIdentifier')];
  const members = resources
    .ofType('AWS::RDS::DBInstance')
    .filter((one) => called.includes(idAt(one.properties, 'DBClusterIdentifier')));
  if (members.length === 0) {
    const own = properties.DBClusterInstanceClass === undefined ? false : publicOf(properties);
    return [{ ...form, public: own }];
  }
  const answers = members.map((one) => publicOf(one.properties));
  const [first = false] = answers;
  const mixed = unknown(`PubliclyAccessible of the members of ${name}, which differ`);
  return [{ ...form, public: answers.every((one) => one === first) ? first : mixed }];
}

/** A cache: never public (ElastiCache user guide, "Accessing your cluster"). */
export function cache(properties: ValueMap, resources: Resources, key: string): readonly Form[] {
  const named = idAt(properties, 'CacheSubnetGroupName');
  const usual = /memcached/.test(knownText(properties, 'Engine') ?? '') ? 11211 : 6379;
  const [port = usual] = numbers(properties, 'Port');
  return [
    {
      ...groups(properties, key),
      subnets: named === undefined ? [] : subnetsOf(resources, [named]),
      public: false,
      serves: [port],
    },
  ];
}

/** A property's number as a list; empty where it is not known. */
export function numbers(from: ValueMap, key: string): readonly number[] {
  const value = numberAt(from, key);
  return typeof value === 'number' ? [value] : [];
}
