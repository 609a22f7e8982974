import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import {
  against,
  allowed,
  asks,
  byAnswering,
  choose,
  count,
  decidedBy,
  denied,
  holds,
  stage,
} from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'aws-3-vpc-cni'>>({
  id: 'aws-3-vpc-cni',
  level: 4,
  title: 'The VPC CNI: pods with addresses of the VPC',
  goal: 'Compute how many pods a node can hold, choose where their addresses come from, and give pods security groups of their own.',
  head,
  prerequisites: ['aws-2-sg-nacl', 'cni-2-ipam'],
  targets: ['local', 'eks'],
  cost: 'cluster',
  localLimits:
    'branch interfaces are modelled by their groups; on EKS they need Nitro instances (no t3) and the resource controller.',
  environment: { kind: 'cluster', home: 'shop', network: 'aws-3-vpc-cni' },
  stages: [
    {
      name: 'node-group',
      about: 'Every pod carries its node’s security group.',
      keeps: ['web -> db:5432', 'report -> db:5432'],
      closes: [],
    },
    {
      name: 'pod-groups',
      about: 'web and db have branch interfaces with groups of their own.',
      keeps: ['web -> db:5432', 'report -> web:8080'],
      closes: ['report -> db:5432', 'db -> web:8080'],
    },
  ],
  start: 'node-group',
  steps: [
    {
      id: 'max-pods',
      task: 'How many pods does a node hold? Interfaces × (addresses − 1) + 2, without prefixes.',
      checks: [
        asks(
          count(
            {
              id: 't3-medium',
              ask: 't3.medium: 3 interfaces with 6 addresses each.',
              because:
                '3 × 5 + 2. The first address of each interface is its own; the two more are host-network pods.',
            },
            17,
          ),
        ),
        asks(
          count(
            {
              id: 'm5-large',
              ask: 'm5.large: 3 interfaces with 10 addresses each.',
              because: '3 × 9 + 2.',
            },
            29,
          ),
        ),
        asks(
          count(
            {
              id: 'c5-4xlarge',
              ask: 'c5.4xlarge: 8 interfaces with 30 addresses each.',
              because: '8 × 29 + 2.',
            },
            234,
          ),
        ),
        asks(
          count(
            {
              id: 'm5-large-prefixes',
              ask: 'm5.large with prefix delegation: each of the 27 slots holds a /28. How many pods does EKS recommend at most? (nodes with fewer than 30 CPUs)',
              because:
                '27 × 16 + 2 would be 434 addresses; the kubelet is given 110 on small nodes and 250 on large ones.',
            },
            110,
          ),
        ),
      ],
      hints: ['The formula stands in the task.', 'With prefixes the limit is no longer addresses.'],
      solution: byAnswering,
      because:
        'Small instances run out of addresses long before CPU: that is why prefix delegation is on here.',
    },
    {
      id: 'where-from',
      task: 'Custom networking is on: say what it changes.',
      checks: [
        asks(
          choose(
            {
              id: 'primary-unused',
              ask: 'What is lost for pods with custom networking?',
              because:
                'The primary interface stays in the node’s subnet, so none of its addresses is a pod’s: m5.large falls to 2 × 9 + 2 = 20.',
            },
            'the addresses of the node’s first interface',
            [
              'the security group',
              'an ENIConfig may name groups; what is lost can be counted in pods',
            ],
            ['DNS', 'pods ask the same resolver: only their subnet is another'],
          ),
        ),
        asks(
          choose(
            {
              id: 'eniconfig-per',
              ask: 'There is one ENIConfig for each …',
              because:
                'A subnet lies in one zone, so a node takes the configuration named after its zone.',
            },
            'zone',
            ['node', 'what differs is the subnet, and many nodes share one'],
            [
              'namespace',
              'nodes take a configuration, by their label, whatever namespaces run there',
            ],
          ),
        ),
      ],
      hints: ['`lab status`: pods have addresses in 100.64.0.0/16, nodes in 10.0.0.0/16.'],
      solution: byAnswering,
      because:
        'Pods leave the scarce block for one of their own; with prefix delegation the lost interface hardly matters.',
    },
    {
      id: 'pod-groups',
      task: 'Give web and db security groups of their own, so that only web reaches db, whichever pods share its node.',
      checks: [
        allowed('web', 'db:5432', 'the group of db admits the group of web'),
        against(
          'web',
          denied('report', 'db:5432', 'report carries the node’s group, which db’s does not admit'),
        ),
        decidedBy('report', 'db:5432', {
          filter: 'security-group',
          because: 'a group answered: there is no NetworkPolicy here at all',
        }),
        denied('db', 'web:8080', 'db’s group lets nothing out but DNS'),
        allowed('report', 'web:8080', 'web admits the nodes’ group'),
        holds('pod-groups', 'web and db have branch interfaces with groups of their own.'),
      ],
      hints: [
        'SecurityGroupPolicy selects pods and names groups.',
        'The kubelet must still reach its probes, and the pod DNS: the groups need rules for that.',
      ],
      solution: stage('pod-groups'),
      trials: trials['pod-groups'],
      because:
        'A branch interface takes its pod out of the node: even traffic on one node passes the group (in strict mode). It is the way to let an RDS database tell pods apart.',
    },
  ],
  questions: [
    choose(
      {
        id: 'differs',
        ask: 'How does the VPC CNI differ from overlays?',
        because:
          'No tunnel, no NAT inside the VPC; the VPC’s own tools (groups, ACLs, flow logs, balancers with ip targets) see pods.',
      },
      'pods have addresses of the VPC, and no tunnel',
      ['it is faster at DNS', 'CoreDNS answers names, whichever plugin carries the packets'],
      ['it needs no agent on the node', 'aws-node runs on every node and hands out the addresses'],
    ),
    choose(
      {
        id: 'policy-and-group',
        ask: 'A pod has a NetworkPolicy and a group of its own. A connection must pass …',
        because: 'Each can refuse; an allow of one is no allow of the other.',
      },
      'both',
      ['one of them', 'they are two guards in a row, not two doors side by side'],
      [
        'the policy only',
        'the pod’s own interface is guarded by its group, like every interface of the VPC',
      ],
    ),
    choose(
      {
        id: 'snat-default',
        ask: 'A pod calls an address outside the VPC. Whose address does the packet carry when it leaves the node?',
        because:
          'The node’s primary address, unless AWS_VPC_K8S_CNI_EXTERNALSNAT is true; then the NAT gateway translates.',
      },
      'the node’s',
      [
        'the pod’s',
        'a pod keeps its address inside the VPC; for what leaves it that has to be asked for',
      ],
      ['the NAT gateway’s', 'it translates later, when the packet has left the node'],
    ),
  ],
});
