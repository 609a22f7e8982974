import fc from 'fast-check';
import { templateOf } from '../../../lib/account/export/export';
import type { AccountNetwork } from '../../../lib/account/export/look';
import { createEngine } from '../../../lib/reach/engine';
import { readFlows } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';

const CLUSTER_GROUP = {
  GroupId: 'sg-eks',
  GroupName: 'eks-cluster-sg-orders',
  VpcId: 'vpc-1',
  IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-eks' }] }],
  IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
};

const rule = (from: number, to: number, CidrIp: string) => ({
  IpProtocol: 'tcp',
  FromPort: from,
  ToPort: to,
  IpRanges: [{ CidrIp }],
});

const OPEN = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

/** An account with one VPC, a cluster of one managed node and two machines. */
const ACCOUNT: AccountNetwork = {
  vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.5.0.0/16' }],
  subnets: [
    {
      SubnetId: 'subnet-1',
      VpcId: 'vpc-1',
      CidrBlock: '10.5.1.0/24',
      AvailabilityZone: 'eu-west-1a',
    },
    {
      SubnetId: 'subnet-2',
      VpcId: 'vpc-1',
      CidrBlock: '10.5.2.0/24',
      AvailabilityZone: 'eu-west-1b',
    },
  ],
  routeTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ Main: true }],
      Routes: [{ DestinationCidrBlock: '10.5.0.0/16', GatewayId: 'local' }],
    },
  ],
  internetGateways: [],
  egressGateways: [],
  natGateways: [],
  networkAcls: [],
  peerings: [],
  prefixLists: [],
  endpoints: [],
  addresses: [],
  instances: [],
  securityGroups: [
    CLUSTER_GROUP,
    {
      GroupId: 'sg-db',
      GroupName: 'db',
      VpcId: 'vpc-1',
      IpPermissions: [rule(5432, 5432, '10.5.1.0/24')],
      IpPermissionsEgress: [OPEN],
    },
  ],
  interfaces: [machine('eni-db', '10.5.2.50', 'sg-db'), machine('eni-app', '10.5.1.50', 'sg-eks')],
  clusters: [
    {
      cluster: {
        name: 'orders',
        resourcesVpcConfig: {
          vpcId: 'vpc-1',
          subnetIds: ['subnet-1', 'subnet-2'],
          clusterSecurityGroupId: 'sg-eks',
        },
      },
      nodegroups: [
        {
          nodegroupName: 'main',
          subnets: ['subnet-1'],
          amiType: 'AL2_x86_64',
          scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
        },
      ],
      cni: { addonName: 'vpc-cni' },
      launchTemplates: [],
    },
  ],
};

function machine(NetworkInterfaceId: string, PrivateIpAddress: string, group: string) {
  const SubnetId = PrivateIpAddress.startsWith('10.5.1.') ? 'subnet-1' : 'subnet-2';
  const Groups = [{ GroupId: group }];
  const Description = NetworkInterfaceId.replace('eni-', '');
  return { NetworkInterfaceId, PrivateIpAddress, SubnetId, Groups, Description };
}

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { nodeName: 'node-a', containers: [{ name: 'main', image: 'none' }] },
};

function verdict(network: AccountNetwork, from: string, to: string, port = 5432): string {
  const reading = readWorld({
    manifests: [{ path: 'pod.json', text: JSON.stringify(POD) }],
    templates: [{ path: 'live.json', text: JSON.stringify(templateOf(network, 'x')) }],
  });
  if (reading.kind === 'problems') return JSON.stringify(reading.problems);
  const text = JSON.stringify({ from, to, protocol: 'TCP', port });
  const flows = readFlows({ path: 'flows', text }, reading.value);
  const [flow] = flows.kind === 'read' ? flows.value : [];
  if (flow === undefined) return JSON.stringify(flows);
  return createEngine(reading.value, { staged: 'as-written' }).explain(flow).verdict;
}

const route = (more: object): AccountNetwork => ({
  ...ACCOUNT,
  routeTables: ACCOUNT.routeTables.map((table) => ({
    ...table,
    Routes: [...(table.Routes ?? []), { DestinationCidrBlock: '192.168.0.0/16', ...more }],
  })),
});

const clusterGroup = (more: object): AccountNetwork => ({
  ...ACCOUNT,
  securityGroups: ACCOUNT.securityGroups.map((one) =>
    one.GroupId === 'sg-eks' ? { ...one, ...more } : one,
  ),
});

const cluster = (more: object): AccountNetwork => ({
  ...ACCOUNT,
  clusters: ACCOUNT.clusters.map((one) => ({ ...one, ...more })),
});

test('rules of the cluster security group: those that it has, and no others', () => {
  expect(verdict(ACCOUNT, 'eni:app', 'eni:db')).toBe('allowed');
  const narrow = clusterGroup({ IpPermissionsEgress: [rule(443, 443, '10.5.0.0/16')] });
  expect(verdict(narrow, 'eni:app', 'eni:db')).toBe('denied');
  expect(verdict(ACCOUNT, 'node:node-a', 'eni:app')).toBe('allowed');
  expect(verdict(clusterGroup({ IpPermissions: [] }), 'node:node-a', 'eni:app')).toBe('denied');
});

test('routes: one whose target is gone drops, one to a virtual private gateway is not known', () => {
  const gone = route({ NatGatewayId: 'nat-gone', State: 'blackhole' });
  expect(verdict(gone, 'eni:db', 'ip:192.168.1.5', 443)).toBe('no-route');
  const vpn = route({ GatewayId: 'vgw-1', State: 'active' });
  expect(verdict(vpn, 'eni:db', 'ip:192.168.1.5', 443)).toBe('unknown');
  expect(verdict(vpn, 'ip:192.168.1.5', 'eni:db')).toBe('unknown');
});

test('instance metadata: the AMI type and the options of launch templates', () => {
  const asked = ['shop/web', 'ip:169.254.169.254', 80] as const;
  expect(verdict(ACCOUNT, ...asked)).toBe('allowed');
  const [one] = ACCOUNT.clusters;
  const nodegroups = (more: object) => (one?.nodegroups ?? []).map((own) => ({ ...own, ...more }));
  const al2023 = cluster({ nodegroups: nodegroups({ amiType: 'AL2023_x86_64_STANDARD' }) });
  expect(verdict(al2023, ...asked)).toBe('denied');
  const templated = (MetadataOptions: object) =>
    cluster({
      nodegroups: nodegroups({ launchTemplate: { id: 'lt-1', version: '1' } }),
      launchTemplates: [{ LaunchTemplateId: 'lt-1', LaunchTemplateData: { MetadataOptions } }],
    });
  const tokens = { HttpTokens: 'required', HttpPutResponseHopLimit: 1 };
  expect(verdict(templated(tokens), ...asked)).toBe('denied');
  expect(verdict(templated({ HttpTokens: 'required' }), ...asked)).toBe('unknown');
});

test('nodes that no managed node group starts have their groups, subnets and metadata options', () => {
  const node = (more: object) => ({
    InstanceId: 'i-1',
    SubnetId: 'subnet-1',
    SecurityGroups: [{ GroupId: 'sg-db' }],
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
    Tags: [{ Key: 'kubernetes.io/cluster/orders', Value: 'owned' }],
    ...more,
  });
  const karpenter = (more: object = {}): AccountNetwork =>
    ({
      ...cluster({ nodegroups: [] }),
      instances: [node(more)],
    }) as AccountNetwork;
  expect(verdict(karpenter(), 'eni:db', 'shop/web')).toBe('denied');
  expect(verdict(karpenter(), 'eni:app', 'shop/web')).toBe('allowed');
  expect(verdict(karpenter(), 'shop/web', 'ip:169.254.169.254', 80)).toBe('allowed');
  const one = { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 } };
  expect(verdict(karpenter(one), 'shop/web', 'ip:169.254.169.254', 80)).toBe('denied');
  const auto = { Tags: [{ Key: 'eks:eks-cluster-name', Value: 'orders' }] };
  expect(verdict(karpenter(auto), 'eni:app', 'shop/web')).toBe('allowed');
});

test('addresses of interfaces beside the first, and those of IPv6', () => {
  const addresses = [
    { PrivateIpAddress: '10.5.2.50', Primary: true },
    { PrivateIpAddress: '10.5.2.51', Primary: false },
  ];
  const second: AccountNetwork = {
    ...ACCOUNT,
    interfaces: [
      { ...machine('eni-db', '10.5.2.50', 'sg-db'), PrivateIpAddresses: addresses },
      machine('eni-app', '10.5.1.50', 'sg-eks'),
    ],
  };
  expect(verdict(second, 'eni:app', 'ip:10.5.2.51')).toBe('allowed');
  expect(verdict(ACCOUNT, 'eni:app', 'ip:10.5.2.51')).toBe('no-route');
});

/** A model of security groups: what their rules say of one port, by hand. */
test('random rules of groups: the export is judged as the account is (seed 5)', () => {
  const port = fc.integer({ min: 5430, max: 5434 });
  const block = fc.constantFrom('10.5.1.50/32', '10.5.1.0/24', '10.5.2.0/24', '0.0.0.0/0');
  const rules = fc.array(fc.tuple(port, block), { maxLength: 3 });
  const permissions = (list: readonly (readonly [number, string])[]) =>
    list.map(([number, CidrIp]) => rule(number, number, CidrIp));
  const holds = (list: readonly (readonly [number, string])[], address: string): boolean =>
    list.some(
      ([number, CidrIp]) =>
        number === 5432 &&
        (CidrIp === '0.0.0.0/0' ||
          CidrIp === `${address}/32` ||
          CidrIp === address.replace(/\d+$/, '0/24')),
    );
  fc.assert(
    fc.property(rules, rules, (egress, ingress) => {
      const network: AccountNetwork = {
        ...ACCOUNT,
        securityGroups: [
          { ...CLUSTER_GROUP, IpPermissionsEgress: permissions(egress) },
          {
            GroupId: 'sg-db',
            GroupName: 'db',
            VpcId: 'vpc-1',
            IpPermissions: permissions(ingress),
            IpPermissionsEgress: [OPEN],
          },
        ],
      };
      const right = holds(egress, '10.5.2.50') && holds(ingress, '10.5.1.50');
      expect(verdict(network, 'eni:app', 'eni:db')).toBe(right ? 'allowed' : 'denied');
    }),
    { numRuns: Number(process.env.RUNS ?? 60), seed: 5 },
  );
});
