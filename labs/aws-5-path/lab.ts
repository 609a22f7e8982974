import type { StageOf } from '../../charts';
import { defineLab, type Fault } from '../../lib/lab/format';
import { allowed, asks, choose, denied, holds, stage } from '../../lib/lab/words';
import { FAULTS } from './faults';
import head from './head';
import { trials } from './trials';

type StageName = StageOf<'aws-5-path'>;

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
  title: 'Troubleshooting a path through the VPC',
  goal: 'Follow a flow through policy, node, security group, ACL, route and NAT, there and back, and find who stopped it.',
  head,
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
        holds('whole', 'Clients reach servers and one API outside; the rest is closed.'),
      ],
      hints: ['Change the one line that answered.', '`lab stage whole` shows what it should be.'],
      solution: stage('whole'),
      trials: trials.repair,
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
      ['a NetworkPolicy', 'a policy drops the packet: the caller gets no answer and times out'],
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
