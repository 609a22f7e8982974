import type { Explanation } from '../../../lib/model/explanation';
import { verdictAt } from '../../../lib/model/matrix';
import { createEngine, type Engine } from '../../../lib/reach/engine';
import { blocksOf } from '../../../lib/reach/internet/stretches';
import { readFlows } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';

const POD = `
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {nodeName: node-a, containers: [{name: m, image: n, ports: [{containerPort: 80}]}]}
status: {podIP: 10.0.1.9}
`;

const POLICY = (spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: ${spec}\n`;

interface Input {
  readonly manifests?: string;
  readonly template?: string;
}

function engineOf({ manifests, template }: Input): {
  readonly engine: Engine;
  readonly ask: (from: string, to: string, port?: number) => Explanation;
} {
  const reading = readWorld({
    manifests: manifests === undefined ? [] : [{ path: 'm.yaml', text: manifests }],
    templates: template === undefined ? [] : [{ path: 'vpc.yaml', text: template }],
    addresses: 'unknown',
  });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  const world = reading.value;
  const engine = createEngine(world, { staged: 'as-written' });
  return {
    engine,
    ask: (from, to, port = 80) => {
      const text = JSON.stringify({ from, to, protocol: 'TCP', port });
      const flows = readFlows({ path: 'f', text }, world);
      if (flows.kind === 'problems') throw new Error(JSON.stringify(flows.problems));
      const [flow] = flows.value;
      if (flow === undefined) throw new Error('a flow');
      const [many] = [...engine.explainAll([flow])];
      const one = engine.explain(flow);
      expect(many?.verdict).toBe(one.verdict);
      return one;
    },
  };
}

const policed = (spec: string, more = ''): Input => ({
  manifests: `${POD}---\n${POLICY(spec)}${more}`,
});

describe('policies', () => {
  test('a policy that admits one block of the internet admits it partly', () => {
    const { ask, engine } = engineOf(
      policed('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 8.8.8.0/24}}]}]}'),
    );
    const { verdict, stretches, by } = ask('internet', 'shop/db');
    expect(verdict).toBe('unknown');
    expect(stretches).toEqual([
      { verdict: 'denied', blocks: 'every other public address' },
      { verdict: 'allowed', blocks: ['8.8.8.0/24'] },
    ]);
    expect(by[0]?.because).toBe(
      'partly: denied for every other public address; allowed for 8.8.8.0/24',
    );
    const pod = { kind: 'pod', namespace: 'shop', name: 'db' } as const;
    const matrix = engine.matrix({
      sources: [{ kind: 'internet' }, pod],
      targets: [{ to: pod, protocol: 'TCP', port: 80 }],
    });
    expect(verdictAt(matrix, 0, 0)).toBe('unknown');
  });

  test.each([
    ['no block', '{podSelector: {}, ingress: [{}]}', 'allowed'],
    [
      'every address',
      '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}',
      'allowed',
    ],
    [
      'a private block',
      '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}',
      'denied',
    ],
    [
      'everything but private blocks',
      '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 192.168.0.0/16]}}]}]}',
      'allowed',
    ],
    [
      'two halves',
      '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]}]}',
      'allowed',
    ],
    ['nothing', '{podSelector: {}, policyTypes: [Ingress]}', 'denied'],
  ])('%s is one verdict', (_, spec, verdict) => {
    const answer = engineOf(policed(spec)).ask('internet', 'shop/db');
    expect([answer.verdict, answer.stretches]).toEqual([verdict, undefined]);
  });

  test('an exception in egress is named', () => {
    const spec =
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [1.2.3.0/24, 5.6.0.0/16]}}]}]}';
    expect(engineOf(policed(spec)).ask('shop/db', 'internet').stretches).toEqual([
      { verdict: 'allowed', blocks: 'every other public address' },
      { verdict: 'denied', blocks: ['1.2.3.0/24', '5.6.0.0/16'] },
    ]);
  });

  test('the host that packets are sent from is no exception', () => {
    const spec = '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}';
    expect(engineOf(policed(spec)).ask('internet', 'shop/db').stretches).toEqual([
      { verdict: 'allowed', blocks: ['203.0.113.0/24'] },
      { verdict: 'denied', blocks: 'every other public address' },
    ]);
  });

  test('a network set of Calico tells addresses apart', () => {
    const more = `---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata: {name: partners, labels: {partner: "yes"}}
spec: {nets: [9.9.9.0/24, 7.7.7.7/32]}
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: c}
spec: {order: 1, selector: all(), types: [Ingress], ingress: [{action: Deny, source: {selector: partner == "yes"}}, {action: Allow}]}
`;
    const { ask } = engineOf({ manifests: `${POD}${more}` });
    expect(ask('internet', 'shop/db').stretches).toEqual([
      { verdict: 'allowed', blocks: 'every other public address' },
      { verdict: 'denied', blocks: ['7.7.7.7/32', '9.9.9.0/24'] },
    ]);
  });
});

const VPC = (group: string, more = ''): string => `
Resources:
  Vpc: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: "AWS::EC2::InternetGateway"}
  Attach: {Type: "AWS::EC2::VPCGatewayAttachment", Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}}
  Table: {Type: "AWS::EC2::RouteTable", Properties: {VpcId: !Ref Vpc}}
  Route: {Type: "AWS::EC2::Route", Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}}
  Subnet: {Type: "AWS::EC2::Subnet", Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a, MapPublicIpOnLaunch: true}}
  Assoc: {Type: "AWS::EC2::SubnetRouteTableAssociation", Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
  Group: {Type: "AWS::EC2::SecurityGroup", Properties: {VpcId: !Ref Vpc, GroupDescription: g, SecurityGroupIngress: [${group}]}}
  Web: {Type: "AWS::EC2::Instance", Properties: {ImageId: ami-1, SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group], InstanceType: t3.small}}
${more}`;
const OPEN = '{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}';

describe('a VPC', () => {
  test.each([
    ['a group that admits the world', VPC(OPEN), undefined, 'allowed'],
    [
      'a group that admits an office',
      VPC('{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 81.2.69.0/24}'),
      [
        ['denied', 'every other public address'],
        ['allowed', ['81.2.69.0/24']],
      ],
      'unknown',
    ],
    [
      'an ACL that refuses a block',
      VPC(
        OPEN,
        `  Acl: {Type: "AWS::EC2::NetworkAcl", Properties: {VpcId: !Ref Vpc}}
  Bad: {Type: "AWS::EC2::NetworkAclEntry", Properties: {NetworkAclId: !Ref Acl, RuleNumber: 10, Protocol: -1, RuleAction: deny, CidrBlock: 45.0.0.0/8}}
  In: {Type: "AWS::EC2::NetworkAclEntry", Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0}}
  Out: {Type: "AWS::EC2::NetworkAclEntry", Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0, Egress: true}}
  AclAssoc: {Type: "AWS::EC2::SubnetNetworkAclAssociation", Properties: {SubnetId: !Ref Subnet, NetworkAclId: !Ref Acl}}
`,
      ),
      [
        ['allowed', 'every other public address'],
        ['denied', ['45.0.0.0/8']],
      ],
      'unknown',
    ],
  ])('%s', (_, template, stretches, verdict) => {
    const answer = engineOf({ template }).ask('internet', 'eni:Web');
    expect(answer.verdict).toBe(verdict);
    expect(answer.stretches?.map((one) => [one.verdict, one.blocks])).toEqual(stretches);
  });
});

test.each([
  [[0n, 255n], ['0.0.0.0/24']],
  [
    [1n, 4n],
    ['0.0.0.1/32', '0.0.0.2/31', '0.0.0.4/32'],
  ],
  [[5n, 5n], ['0.0.0.5/32']],
] as const)('range %s is blocks %s', (range, blocks) => {
  expect(blocksOf(range, 4)).toEqual(blocks);
});
