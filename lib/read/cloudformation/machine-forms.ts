import {
  cache,
  database,
  databaseCluster,
  databaseInstance,
  numbers,
  SUBNET_GROUPS,
} from './database';
import type { Form } from './form';
import { groups, instanceForms, interfaceForms } from './instance';
import { SCALING_GROUP, scalingForm } from './launch';
import { idsAt, listAt, mapAt, type Resource, type Resources, textAt } from './resource';
import { isUnknown, isValueMap, type ValueMap } from './value';

type Reader = (resource: Resource, resources: Resources) => readonly Form[];

const PRIVATE = { public: false, serves: [] } as const;

/** How each type says where it stands (CloudFormation resource reference, one page a type). */
export const FORMS: Readonly<Record<string, Reader>> = {
  'AWS::EC2::NetworkInterface': interfaceForms,
  'AWS::EC2::Instance': instanceForms,
  [SCALING_GROUP]: ({ properties }, resources) => [scalingForm(properties, resources)],
  'AWS::RDS::DBInstance': databaseInstance,
  'AWS::RDS::DBCluster': databaseCluster,
  'AWS::DocDB::DBCluster': ({ properties }, resources) => [
    database(properties, resources, 'VpcSecurityGroupIds'),
  ],
  'AWS::Neptune::DBCluster': ({ properties }, resources) => [
    database(properties, resources, 'VpcSecurityGroupIds'),
  ],
  'AWS::ElastiCache::ReplicationGroup': ({ properties }, resources) =>
    cache(properties, resources, 'SecurityGroupIds'),
  'AWS::ElastiCache::CacheCluster': ({ properties }, resources) =>
    cache(properties, resources, 'VpcSecurityGroupIds'),
  'AWS::Lambda::Function': ({ properties }) =>
    properties.VpcConfig === undefined ? [] : [inSubnets(mapAt(properties, 'VpcConfig'))],
  'AWS::ECS::Service': ({ properties }) => taskForms(properties),
  'AWS::EFS::MountTarget': ({ properties }) => [
    {
      ...PRIVATE,
      ...groups(properties, 'SecurityGroups'),
      subnets: idsAt(properties, 'SubnetId'),
      serves: [2049],
    },
  ],
  'AWS::OpenSearchService::Domain': ({ properties }) => {
    const place = mapAt(properties, 'VPCOptions');
    return place.SubnetIds === undefined ? [] : [{ ...inSubnets(place), serves: [443] }];
  },
};

const inSubnets = (place: ValueMap): Form => ({
  ...PRIVATE,
  ...groups(place, 'SecurityGroupIds'),
  subnets: idsAt(place, 'SubnetIds'),
});

/** Tasks with interfaces of their own (`awsvpc`). */
function taskForms(properties: ValueMap): readonly Form[] {
  const task = mapAt(mapAt(properties, 'NetworkConfiguration'), 'AwsvpcConfiguration');
  if (task.Subnets === undefined) return [];
  const assigned = textAt(task, 'AssignPublicIp');
  const ports = listAt(properties, 'LoadBalancers').flatMap((one) =>
    isValueMap(one) ? numbers(one, 'ContainerPort') : [],
  );
  const isPublic = isUnknown(assigned) ? assigned : assigned === 'ENABLED';
  const subnets = idsAt(task, 'Subnets');
  return [{ ...groups(task, 'SecurityGroups'), subnets, public: isPublic, serves: ports }];
}

/** The types that FORMS can read. */
export const MACHINE_TYPES: readonly string[] = Object.keys(FORMS);

/** Types that those refer to. */
export const MACHINE_PARTS: readonly string[] = ['AWS::EC2::EIPAssociation', ...SUBNET_GROUPS];
