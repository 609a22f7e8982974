import { type Cidr, type IpFamily, parseCidr } from '../../model/address';
import type { Subnet } from '../../model/vpc';
import { type CniSettings, readCni } from './cni';
import {
  launchGroups,
  launchTemplateOf,
  SCALING_GROUP,
  scalingForm,
  startedMetadata,
} from './launch';
import { type MetadataOptions, metadataByAmi, metadataOf, metadataOfUnseen } from './metadata';
import { remoteGroups } from './remote-access';
import {
  idsAt,
  knownText,
  listAt,
  mapAt,
  numberAt,
  type Resource,
  type Resources,
  remark,
  textsAt,
} from './resource';
import { isUnknown, isValueMap, type ValueMap } from './value';

/** An EKS cluster, as far as packets care. */
export interface TemplateCluster {
  readonly id: string;
  readonly name: string;
  readonly vpc: string;
  /** Subnets of the control plane's own interfaces. */
  readonly subnets: readonly string[];
  /** Groups on those interfaces: the one EKS makes, and the ones given. */
  readonly securityGroups: readonly string[];
  /** The group EKS makes; nodes carry it unless their launch template names others. */
  readonly clusterSecurityGroup: string;
  /** The template lists all rules of that group; absent: EKS' own rules are on it too. */
  readonly listsGroupRules?: true;
  readonly serviceCidr?: Cidr;
  /** The one family its pods have addresses of. */
  readonly ipFamily: IpFamily;
  readonly cni: CniSettings;
}

/** Machines that EKS starts for a cluster. */
export interface TemplateNodeGroup {
  readonly id: string;
  readonly name: string;
  /** Who starts its nodes: EKS for a managed group, a scaling group, or EKS Auto Mode. */
  readonly kind: 'managed' | 'self-managed' | 'auto-mode';
  /** Id of its cluster. */
  readonly cluster: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  /** How many nodes to expect: the desired size. */
  readonly size: number;
  /** How many it may grow to. */
  readonly maxSize: number;
  readonly instanceType?: string;
  readonly securityGroups: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The instance metadata service of its instances. */
  readonly metadata: MetadataOptions;
}

/** Reads clusters: EKS's own resource, and the custom one of CDK's older module. */
export function readClusters(
  resources: Resources,
  subnets: ReadonlyMap<string, Subnet & { readonly vpc: string }>,
): readonly TemplateCluster[] {
  const native = resources
    .ofType('AWS::EKS::Cluster')
    .map((r) => readCluster(resources, r, { body: r.properties, vpcConfig: 'ResourcesVpcConfig' }));
  const custom = resources.ofType('Custom::AWSCDK-EKS-Cluster').map((r) =>
    readCluster(resources, r, {
      body: mapAt(r.properties, 'Config'),
      vpcConfig: 'resourcesVpcConfig',
    }),
  );
  return [...native, ...custom].flatMap((cluster) => {
    const vpc = cluster.subnets.map((id) => subnets.get(id)?.vpc).find((id) => id !== undefined);
    return vpc === undefined ? [] : [{ ...cluster, vpc }];
  });
}

interface Shape {
  readonly body: ValueMap;
  readonly vpcConfig: 'ResourcesVpcConfig' | 'resourcesVpcConfig';
}

function readCluster(
  resources: Resources,
  cluster: Resource,
  shape: Shape,
): Omit<TemplateCluster, 'vpc'> {
  const { body, vpcConfig } = shape;
  const config = mapAt(body, vpcConfig);
  const camel = vpcConfig === 'resourcesVpcConfig';
  const group = `${cluster.id}.cluster-group`;
  const services = mapAt(body, camel ? 'kubernetesNetworkConfig' : 'KubernetesNetworkConfig');
  const serviceCidr = parseCidr(
    knownText(services, camel ? 'serviceIpv4Cidr' : 'ServiceIpv4Cidr') ?? '',
  );
  return {
    id: cluster.id,
    name: knownText(body, camel ? 'name' : 'Name') ?? cluster.name,
    subnets: idsAt(config, camel ? 'subnetIds' : 'SubnetIds'),
    securityGroups: [group, ...idsAt(config, camel ? 'securityGroupIds' : 'SecurityGroupIds')],
    clusterSecurityGroup: group,
    ...(cluster.found.ClusterSecurityGroupRules === 'listed' &&
      ({ listsGroupRules: true } as const)),
    ...('problem' in serviceCidr ? {} : { serviceCidr }),
    ipFamily: services[camel ? 'ipFamily' : 'IpFamily'] === 'ipv6' ? 6 : 4,
    cni: readCni(resources, clusterRefs(cluster)),
  };
}

/** What an add-on or node group may call the cluster. */
const clusterRefs = (cluster: Resource): readonly string[] => [cluster.id, cluster.name];

/** Reads node groups of the given clusters: EKS's own, and groups that a person starts. */
export const readNodeGroups = (
  resources: Resources,
  clusters: readonly TemplateCluster[],
): readonly TemplateNodeGroup[] => [
  ...managedGroups(resources, clusters),
  ...selfManagedGroups(resources, clusters),
];

/** A group of one's own says by a tag whose nodes it starts (EKS user guide, self-managed nodes). */
const selfManagedGroups = (
  resources: Resources,
  clusters: readonly TemplateCluster[],
): readonly TemplateNodeGroup[] =>
  resources.ofType(SCALING_GROUP).flatMap((group): TemplateNodeGroup[] => {
    const { properties } = group;
    const cluster = clusters.find(({ id, name }) =>
      listAt(properties, 'Tags').some(
        (tag) =>
          isValueMap(tag) &&
          [id, name].some((called) => tag.Key === `kubernetes.io/cluster/${called}`),
      ),
    );
    if (cluster === undefined) return [];
    const { subnets, securityGroups = [cluster.clusterSecurityGroup] } = scalingForm(
      properties,
      resources,
    );
    const sizes = ['DesiredCapacity', 'MinSize'].map((key) => numberAt(properties, key));
    const size = sizes.find((value) => typeof value === 'number') ?? DEFAULT_SIZE;
    const max = numberAt(properties, 'MaxSize');
    const maxSize = typeof max === 'number' ? max : size;
    const { id, name } = group;
    const place = { cluster: cluster.id, vpc: cluster.vpc, subnets, securityGroups };
    const metadata = startedMetadata(properties, resources);
    const kind = 'self-managed';
    return [{ id, name, kind, ...place, size, maxSize, labels: {}, metadata }];
  });

function managedGroups(
  resources: Resources,
  clusters: readonly TemplateCluster[],
): readonly TemplateNodeGroup[] {
  return resources.ofType('AWS::EKS::Nodegroup').flatMap((group): TemplateNodeGroup[] => {
    const { properties } = group;
    const name = knownText(properties, 'ClusterName');
    const cluster = clusters.find((c) => c.id === name || c.name === name);
    if (cluster === undefined) {
      remark(resources, group, 'its cluster is in no template: left out', 'give its template too');
      return [];
    }
    const template = launchTemplateOf(resources, mapAt(properties, 'LaunchTemplate'));
    const instanceType =
      textsAt(properties, 'InstanceTypes')[0] ?? knownText(template ?? {}, 'InstanceType');
    const groups = template === undefined ? [] : launchGroups(template);
    const size = sizeOf(resources, group);
    const max = numberAt(mapAt(properties, 'ScalingConfig'), 'MaxSize');
    return [
      {
        id: group.id,
        name: group.name,
        kind: 'managed',
        cluster: cluster.id,
        vpc: cluster.vpc,
        subnets: idsAt(properties, 'Subnets'),
        size,
        maxSize: typeof max === 'number' ? max : size,
        ...(instanceType === undefined ? {} : { instanceType }),
        metadata: managedMetadata(properties, template),
        // EKS adds its own group only where the launch template names none (EKS user guide,
        // "Customize managed nodes with launch templates").
        securityGroups: [
          ...(groups.length > 0 ? groups : [cluster.clusterSecurityGroup]),
          ...remoteGroups(group),
        ],
        labels: labelsOf(mapAt(properties, 'Labels')),
      },
    ];
  });
}

function managedMetadata(group: ValueMap, template: ValueMap | undefined): MetadataOptions {
  if (template !== undefined) return metadataOf(template);
  if (group.LaunchTemplate === undefined) return metadataByAmi(group);
  return metadataOfUnseen('a launch template that is in no template');
}

const labelsOf = (labels: ValueMap): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(labels).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

/** EKS starts two nodes where no size is given (EKS API: NodegroupScalingConfig). */
const DEFAULT_SIZE = 2;

function sizeOf(resources: Resources, group: Resource): number {
  const scaling = mapAt(group.properties, 'ScalingConfig');
  const sizes = ['DesiredSize', 'MinSize'].map((key) => numberAt(scaling, key));
  const size = sizes.find((value) => value !== undefined);
  if (!isUnknown(size)) return size ?? DEFAULT_SIZE;
  const fix = 'give DesiredSize as a number';
  remark(
    resources,
    group,
    `its size is ${size.unknown}, known only later: taken as ${DEFAULT_SIZE}`,
    fix,
  );
  return DEFAULT_SIZE;
}
