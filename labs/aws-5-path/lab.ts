import type { StageOf } from '../../charts';
import { defineLab, type Fault } from '../../lib/lab/format';
import type { TemplateChange } from '../../lib/lab/template-change';
import { allowed, asks, choose, denied, stage } from '../../lib/lab/words';

type StageName = StageOf<'aws-5-path'>;

const ENTRY = 'AWS::EC2::NetworkAclEntry';

/** What is broken, what would be seen if it were this and is another, and how the template differs. */
const FAULTS = {
  'no-route': {
    name: 'a route is missing',
    whyNot:
      'then every call out of the VPC fails, and no route table lists a way for it: see whether the route is what answered',
    because:
      'The node subnets have lost their default route, and only calls out of the VPC notice. Here the router says so at once; a VPC’s router drops what it has no route for, and a caller on EKS waits.',
    network: ['1', '2'].map(
      (zone): TemplateChange => ({
        resource: 'AWS::EC2::Route',
        id: `NetworkSubnetsVpcnodesSubnet${zone}DefaultRoute`,
        change: { kind: 'remove' },
      }),
    ),
  },
  'acl-forgets-replies': {
    name: 'the pods’ network ACL forgets replies',
    whyNot:
      'then a call that crosses zones is lost on its way back: see where `lab explain` says that it ends',
    because: 'Port 8080 may pass in and out between zones, and the answers go to ephemeral ports.',
    network: ['In', 'Out'].map(
      (way): TemplateChange => ({
        resource: ENTRY,
        id: `NetworkAclpods${way}100`,
        change: { kind: 'set', properties: { Protocol: 6, PortRange: { From: 8080, To: 8080 } } },
      }),
    ),
  },
  'acl-denies-out': {
    name: 'a network ACL denies a block outside',
    whyNot:
      'then a call to that block leaves its node and is lost at the edge of the subnet: see who answered',
    because: 'Rule 50 of the nodes’ ACL denies 203.0.113.0/24, and is asked before every allow.',
    network: [
      {
        resource: ENTRY,
        id: 'DenyOutside',
        change: {
          kind: 'add',
          properties: {
            NetworkAclId: { Ref: 'NetworkAclnodes6223A4BC' },
            Egress: true,
            RuleNumber: 50,
            RuleAction: 'deny',
            CidrBlock: '203.0.113.0/24',
            Protocol: -1,
          },
        },
      },
    ],
  },
  'group-too-narrow': {
    name: 'the nodes’ security group admits too little',
    whyNot:
      'then the packet arrives at the other node and is lost at its interface: see which hop says no',
    because: 'Only 443 is admitted from other nodes: pods on one node still reach each other.',
    network: [
      {
        resource: 'AWS::EC2::SecurityGroupIngress',
        id: 'NetworkSecurityGroupsnodesfromaws5pathnetworkNetworkSecurityGroupsnodes',
        change: { kind: 'set', properties: { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 } },
      },
    ],
  },
  'group-closed-out': {
    name: 'the nodes’ security group lets nothing out of the VPC',
    whyNot:
      'then calls between pods work, and a call out is lost at its own node’s interface: see which hop says no',
    because:
      'Its outbound rules name private blocks only. A group’s outbound side is as real as its inbound side.',
    network: [
      {
        resource: 'AWS::EC2::SecurityGroup',
        id: 'NetworkSecurityGroupsnodes',
        change: {
          kind: 'set',
          properties: {
            SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '10.0.0.0/8' }],
          },
        },
      },
    ],
  },
  'policy-wrong-block': {
    name: 'a NetworkPolicy names the wrong block',
    whyNot: 'then the packet never leaves the pod’s node: see whether a policy is what answered',
    because: 'The client’s egress allows 198.51.100.0/24; the API it needs is at 203.0.113.10.',
    network: [],
  },
} as const satisfies Partial<
  Record<
    StageName,
    {
      readonly name: string;
      readonly whyNot: string;
      readonly because: string;
      readonly network: readonly TemplateChange[];
    }
  >
>;

const broken = Object.keys(FAULTS) as (keyof typeof FAULTS)[];

/** The other suspects, each with what its fault would look like. */
const others = (fault: keyof typeof FAULTS) =>
  broken
    .filter((other) => other !== fault)
    .map((other) => [FAULTS[other].name, FAULTS[other].whyNot] as const);

const faults = broken.map(
  (fault): Fault<StageName> => ({
    stage: fault,
    question: choose(
      { id: 'what-is-broken', ask: 'What is broken?', because: FAULTS[fault].because },
      FAULTS[fault].name,
      ...others(fault),
    ),
  }),
);

const [first] = faults;
if (first === undefined) throw new Error('a lab that draws faults has some');

export default defineLab<StageName>({
  id: 'aws-5-path',
  level: 4,
  title: 'One flow through everything',
  goal: 'Follow a flow through policy, node, security group, ACL, route and NAT, there and back, and find who stopped it.',
  prerequisites: ['aws-1-vpc', 'aws-2-sg-nacl', 'k8s-7-troubleshoot'],
  targets: ['local', 'eks'],
  cost: 'cluster-and-balancers',
  environment: { kind: 'cluster', home: 'demo', network: 'aws-5-path' },
  stages: [
    {
      name: 'whole',
      about: 'Clients reach servers and one API outside; the rest is closed.',
      keeps: ['client -> server:8080', 'client -> internet:443'],
      closes: ['server -> client:8080', 'server -> internet:443'],
    },
    ...broken.map((name) => ({
      name,
      about: 'Broken: where is for you to find.',
      keeps: [],
      closes: [],
      network: FAULTS[name].network,
    })),
  ],
  start: first.stage,
  steps: [
    {
      id: 'find',
      task: 'Something on the way is broken. Name it, before you change anything.',
      checks: [asks(first.question)],
      hints: [
        'Which flows fail: to the internet, between zones, or all? `lab matrix` shows the pattern.',
        'At once or after a time-out? On this machine a missing route answers at once; filters are silent. On EKS all of them are.',
        '`lab explain client-0 server-1:8080` and `lab explain client-0 internet:443` list every hop, there and back, and who decided.',
      ],
      solution: { kind: 'answers' },
      because: 'The pattern of failures names the suspect before the first command.',
    },
    {
      id: 'repair',
      task: 'Repair it, and open nothing that was closed on purpose.',
      checks: [
        allowed('client-0', 'server-1:8080', 'across zones: policy, groups, both ACLs, and back'),
        allowed('client-1', 'server-0:8080', 'and in the other direction'),
        allowed(
          'client',
          'internet:443',
          'out: policy, node’s address, group, ACLs, NAT, and back',
        ),
        denied('server-0', 'client-1:8080', 'what was closed on purpose stays closed'),
      ],
      hints: ['Change the one line that answered.', '`lab stage whole` shows what it should be.'],
      solution: stage('whole'),
      because:
        'Play it again: `lab down`, `lab reset aws-5-path`, and `lab up aws-5-path` draws the next fault.',
    },
  ],
  questions: [
    choose(
      {
        id: 'order-out',
        ask: 'A pod calls the internet. In which order is it judged?',
        because:
          'The policy on the node first; then the packet gets the node’s address; the group of the node’s interface; the ACL of the node’s subnet; its route table; then NAT, and the public subnet’s ACL and route.',
      },
      'policy, security group, ACL, route, NAT',
      [
        'NAT, route, ACL, security group, policy',
        'that is the view from outside: a packet meets first what is nearest to its pod',
      ],
      [
        'security group, policy, route, ACL, NAT',
        'policy stands at the pod’s own cable, and the node’s interface comes after it',
      ],
    ),
    choose(
      {
        id: 'at-once',
        ask: 'On this machine a call fails at once with "no route to host". Which suspect is it?',
        because:
          'Policies, groups and ACLs are silent. So is the router of a real VPC: on EKS a missing route is a time-out too, and only the tables tell.',
      },
      'a route',
      ['a security group', 'a group drops in silence, and the caller waits'],
      ['a NetworkPolicy', 'a policy drops in silence: the caller hears nothing until it gives up'],
    ),
    choose(
      {
        id: 'only-across-zones',
        ask: 'Pods in one zone reach each other, pods in two do not. Which suspect is it?',
        because:
          'The ACL stands between subnets. A group would fail between nodes of one zone as well.',
      },
      'a network ACL',
      [
        'a security group',
        'it guards every interface, so two nodes of one zone would be cut off too',
      ],
      ['DNS', 'a name has the same answer in every zone'],
    ),
  ],
  faults,
});
