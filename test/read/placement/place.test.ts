import { contains, formatCidr } from '../../../lib/model/address';
import type { NetworkInterface } from '../../../lib/model/vpc';
import type { World } from '../../../lib/model/world';
import { readWorld } from '../../../lib/read/world';

/** What differs from a cluster of two zones with one node group of two. */
interface Change {
  /** Environment of the vpc-cni add-on. */
  readonly env?: Readonly<Record<string, string>>;
  /** More of the add-on's configuration. */
  readonly addon?: object;
  readonly group?: string;
  readonly more?: string;
  readonly podBlock?: string;
}

const template = ({
  env = {},
  addon = {},
  group = '',
  more = '',
  podBlock = '100.64.0.0/24',
}: Change): string => `
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } }
  Pods: { Type: 'AWS::EC2::VPCCidrBlock', Properties: { VpcId: !Ref Vpc, CidrBlock: 100.64.0.0/16 } }
  A: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a } }
  B: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-west-1b } }
  PodsA: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: ${podBlock}, AvailabilityZone: eu-west-1a } }
  PodsB: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 100.64.1.0/24, AvailabilityZone: eu-west-1b } }
  Nodes: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: !Ref Vpc } }
  Web: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: !Ref Vpc, GroupName: web } }
  Cluster: { Type: 'AWS::EKS::Cluster', Properties: { Name: lab, ResourcesVpcConfig: { SubnetIds: [!Ref A, !Ref B] } } }
  Cni: { Type: 'AWS::EKS::Addon', Properties: { ClusterName: lab, AddonName: vpc-cni, ConfigurationValues: '${JSON.stringify({ env, ...addon })}' } }
  Group: { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: !Ref Cluster, NodegroupName: main, Subnets: [!Ref A, !Ref B]${group} } }
${more}`;

interface Pod {
  readonly name: string;
  readonly node?: string;
  readonly ip?: string;
  readonly hostNetwork?: true;
  readonly group?: string;
}

function read(change: Change, pods: readonly Pod[], nodes: readonly object[] = []) {
  const manifests = [
    ...nodes,
    ...pods.map(({ name, node, ip, hostNetwork, group }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop', labels: group === undefined ? {} : { group } },
      spec: { nodeName: node, hostNetwork, containers: [{ name: 'main', image: 'none' }] },
      ...(ip === undefined ? {} : { status: { podIP: ip } }),
    })),
    ...pods.flatMap(({ group }) =>
      group === undefined
        ? []
        : [
            {
              apiVersion: 'vpcresources.k8s.aws/v1beta1',
              kind: 'SecurityGroupPolicy',
              metadata: { name: group, namespace: 'shop' },
              spec: {
                podSelector: { matchLabels: { group } },
                securityGroups: { groupIds: [group] },
              },
            },
          ],
    ),
  ];
  const text = manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
  return readWorld({
    manifests: [{ path: 'pods.yaml', text }],
    templates: [{ path: 'net.yaml', text: template(change) }],
  });
}

function worldOf(...given: Parameters<typeof read>): World {
  const reading = read(...given);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

const problemsOf = (...given: Parameters<typeof read>): readonly string[] => {
  const reading = read(...given);
  return reading.kind === 'problems' ? reading.problems.map(({ problem }) => problem) : [];
};

const warningsOf = (...given: Parameters<typeof read>): readonly string[] => {
  const reading = read(...given);
  return reading.kind === 'read' ? reading.warnings.map(({ problem }) => problem) : [];
};

const addressesOf = (world: World): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    [...world.nodes, ...world.pods].map(({ name, addresses }) => [name, addresses]),
  );

/** A node's interfaces in one line each. */
const interfacesOf = (world: World, node: string): readonly string[] =>
  (world.vpcs[0]?.interfaces ?? [])
    .filter(({ owner }) => owner.kind === 'node' && owner.node === node)
    .map(line);

const line = ({ id, subnet, securityGroups, addresses, prefixes }: NetworkInterface): string =>
  [id, subnet, securityGroups.join(), addresses.join(), prefixes.map(formatCidr).join()].join(
    ' | ',
  );

const CLUSTER_GROUP = 'net.Cluster.cluster-group';

describe('nodes', () => {
  test('unnamed ones are those the group starts, one per subnet in turn', () => {
    const world = worldOf({}, [{ name: 'p0' }, { name: 'p1' }]);
    expect(world.nodes.map(({ name, placement }) => `${name} ${placement?.zone}`)).toEqual([
      'node-a eu-west-1a',
      'node-b eu-west-1b',
    ]);
    expect(world.nodes[0]?.labels).toMatchObject({
      'topology.kubernetes.io/zone': 'eu-west-1a',
      'eks.amazonaws.com/nodegroup': 'main',
    });
  });

  test('of several instance types of a group, nodes have the first', () => {
    const { nodes } = worldOf({ group: ', InstanceTypes: [m6i.large, m5.large]' }, [{ name: 'p' }]);
    expect(nodes[0]?.labels['node.kubernetes.io/instance-type']).toBe('m6i.large');
  });

  test('named ones take the slots: by name, by zone, by address, else in order', () => {
    const node = (name: string, more: object = {}): object => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, ...more },
    });
    const zoned = node('x', { labels: { 'topology.kubernetes.io/zone': 'eu-west-1b' } });
    const told = {
      ...(node('y') as object),
      status: { addresses: [{ type: 'InternalIP', address: '10.0.1.77' }] },
    };
    const world = worldOf({}, [], [zoned, told]);
    expect(
      world.nodes.map(
        ({ name, placement, addresses }) => `${name} ${placement?.zone} ${addresses}`,
      ),
    ).toEqual(['x eu-west-1b 10.0.2.5', 'y eu-west-1a 10.0.1.77']);
    const stranger = {
      ...told,
      status: { addresses: [{ type: 'InternalIP', address: '10.9.9.9' }] },
    };
    expect(problemsOf({}, [], [stranger])).toEqual([
      "node y stands nowhere: no node group's subnet suits 10.9.9.9",
    ]);
  });

  test('more nodes than a group may have are remarked, not refused', () => {
    const pods = ['a', 'b', 'c'].map((name) => ({ name, node: `node-${name}` }));
    expect(warningsOf({}, pods)).toEqual(['node node-c is more than the node groups may have']);
    const grown = { group: ', ScalingConfig: { DesiredSize: 2, MinSize: 1, MaxSize: 3 }' };
    expect(warningsOf(grown, pods)).toEqual([]);
  });

  test('without a node group a pod has no place', () => {
    const reading = readWorld({
      manifests: [
        {
          path: 'p.yaml',
          text: '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}',
        },
      ],
      templates: [
        {
          path: 'net.yaml',
          text: "Resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } } }",
        },
      ],
    });
    expect(reading.kind === 'problems' && reading.problems.map(({ problem }) => problem)).toEqual([
      'default/p has no node: the templates have no node group',
    ]);
  });

  test.each([
    ['the group EKS makes', '', CLUSTER_GROUP],
    [
      'those of its launch template instead',
      ', LaunchTemplate: { Id: !Ref Template }',
      'net.Nodes',
    ],
  ])('a node carries %s', (_, group, expected) => {
    const more =
      "  Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: { NetworkInterfaces: [{ Groups: [!Ref Nodes] }] } } }";
    const world = worldOf({ group, more }, [{ name: 'p' }]);
    expect(
      world.vpcs[0]?.interfaces.find(({ id }) => id === 'node-a/eth0')?.securityGroups,
    ).toEqual([expected]);
  });
});

describe('pods', () => {
  const pods: readonly Pod[] = [
    { name: 'p0', node: 'node-a' },
    { name: 'p1', node: 'node-a' },
    { name: 'p2', node: 'node-b' },
    { name: 'host', node: 'node-a', hostNetwork: true },
  ];

  test('secondary addresses of their node, after the five that AWS keeps', () => {
    const world = worldOf({}, pods);
    expect(addressesOf(world)).toEqual({
      'node-a': ['10.0.1.5'],
      'node-b': ['10.0.2.5'],
      host: ['10.0.1.5'],
      p0: ['10.0.1.6'],
      p1: ['10.0.1.7'],
      p2: ['10.0.2.6'],
    });
    expect(interfacesOf(world, 'node-a')).toEqual([
      `node-a/eth0 | net.A | ${CLUSTER_GROUP} | 10.0.1.5,10.0.1.6,10.0.1.7 | `,
    ]);
  });

  test('prefixes of sixteen, taken whole', () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ name: `p${i}`, node: 'node-a' }));
    const world = worldOf({ env: { ENABLE_PREFIX_DELEGATION: 'true' } }, many);
    expect(interfacesOf(world, 'node-a')).toEqual([
      `node-a/eth0 | net.A | ${CLUSTER_GROUP} | 10.0.1.5 | 10.0.1.16/28,10.0.1.32/28`,
    ]);
    const blocks = world.vpcs[0]?.interfaces.flatMap(({ prefixes }) => prefixes) ?? [];
    const inside = world.pods.map(({ addresses: [own] }) =>
      blocks.some((block) => own !== undefined && contains(block, own)),
    );
    expect(inside).toEqual(Array(20).fill(true));
    expect(new Set(world.pods.flatMap(({ addresses }) => addresses)).size).toBe(20);
  });

  const custom: Change = {
    env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' },
    addon: {
      eniConfig: {
        create: true,
        region: 'eu-west-1',
        subnets: { a: { id: 'PodsA', securityGroups: ['net.Nodes'] }, b: { id: 'PodsB' } },
      },
    },
  };

  test('custom networking: a second interface in the pod subnet of the zone', () => {
    const world = worldOf(custom, pods);
    expect(interfacesOf(world, 'node-a')).toEqual([
      `node-a/eth0 | net.A | ${CLUSTER_GROUP} | 10.0.1.5 | `,
      'node-a/eth1 | net.PodsA | net.Nodes | 100.64.0.4,100.64.0.5 | ',
    ]);
    expect(interfacesOf(world, 'node-b')[1]).toBe(
      `node-b/eth1 | net.PodsB | ${CLUSTER_GROUP} | 100.64.1.4 | `,
    );
    expect(world.nodes[0]?.placement?.interfaces).toEqual(['node-a/eth0', 'node-a/eth1']);
  });

  test('custom networking without an entry for a zone leaves its pods without address', () => {
    const half = { ...custom, addon: { eniConfig: { subnets: { a: { id: 'PodsA' } } } } };
    expect(problemsOf(half, pods)).toEqual([
      'no ENIConfig is named after zone eu-west-1b, so pods on node-b get no address',
    ]);
  });

  test('an ENIConfig of the manifests does as well', () => {
    const half = { ...custom, addon: { eniConfig: { subnets: { a: { id: 'PodsA' } } } } };
    const config = {
      apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
      kind: 'ENIConfig',
      metadata: { name: 'eu-west-1b' },
      spec: { subnet: 'PodsB', securityGroups: ['net.Nodes'] },
    };
    const world = worldOf(half, pods, [config]);
    expect(interfacesOf(world, 'node-b')[1]).toBe(
      'node-b/eth1 | net.PodsB | net.Nodes | 100.64.1.4 | ',
    );
  });

  test('a full subnet is a problem for each that got nothing', () => {
    const many = Array.from({ length: 12 }, (_, i) => ({ name: `p${i}`, node: 'node-a' }));
    expect(problemsOf({ ...custom, podBlock: '100.64.0.0/28' }, many)).toEqual([
      'subnet PodsA has no IPv4 address left for pod shop/p9',
    ]);
  });

  test.each([
    ['strict', { ENABLE_POD_ENI: 'true' }, 'strict', ['net.Web']],
    [
      'standard',
      { ENABLE_POD_ENI: 'true', POD_SECURITY_GROUP_ENFORCING_MODE: 'standard' },
      'standard',
      ['net.Web'],
    ],
    ['off', {}, 'strict', undefined],
  ])('a pod with a group of its own, pod groups %s', (_, env, mode, groups) => {
    const change: Change = { env };
    const own: readonly Pod[] = [{ name: 'front', node: 'node-a', group: 'web' }];
    const world = worldOf(change, own);
    const branch = world.vpcs[0]?.interfaces.find(
      ({ owner }) => owner.kind === 'node' && owner.branch,
    );
    expect(branch?.securityGroups).toEqual(groups);
    expect(branch?.addresses).toEqual(groups && world.pods[0]?.addresses);
    expect(world.nodes[0]?.placement?.podSecurityGroups).toBe(mode);
    expect(world.pods[0]?.securityGroups).toEqual(groups);
    expect(warningsOf(change, own)).toEqual(
      groups === undefined
        ? ['a SecurityGroupPolicy selects shop/front, but the cluster gives pods no groups']
        : [],
    );
  });

  test('an address that a manifest gives stays, and must lie in the subnet', () => {
    const told = [{ name: 'p0', node: 'node-a', ip: '10.0.1.99' }];
    expect(addressesOf(worldOf({}, told)).p0).toEqual(['10.0.1.99']);
    const wrong = [{ name: 'p0', node: 'node-a', ip: '10.0.2.99' }];
    expect(problemsOf({}, wrong)).toEqual(['pod shop/p0 has 10.0.2.99, which is not in subnet A']);
  });

  test('who translates on the way out is read from the add-on', () => {
    const world = worldOf({ env: { AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' } }, pods);
    expect(world.nodes[0]?.placement?.snat).toBe('external');
    expect(worldOf({}, pods).nodes[0]?.placement?.snat).toBe('node');
  });

  test('Services follow their pods to the new addresses', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's', namespace: 'shop' },
      spec: { selector: { group: 'web' }, ports: [{ port: 80 }] },
    };
    const world = worldOf({}, [{ name: 'front', node: 'node-a', group: 'web' }], [service]);
    expect(world.services[0]?.ports[0]?.backends.map(({ address }) => address)).toEqual(
      world.pods[0]?.addresses,
    );
    expect(world.pods[0]?.addresses).toEqual(['10.0.1.6']);
  });

  test('the same input gets the same addresses', () => {
    expect(worldOf(custom, pods)).toEqual(worldOf(custom, pods));
  });
});
