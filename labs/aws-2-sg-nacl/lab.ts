import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import type { TemplateChange } from '../../lib/lab/template-change';
import {
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

const ENTRY = 'AWS::EC2::NetworkAclEntry';

/** Rule 100 of the pods' ACL lets pods of two zones talk; narrowed to one port it forgets replies. */
const onlyPort8080: readonly TemplateChange[] = ['In', 'Out'].map((way) => ({
  resource: ENTRY,
  id: `NetworkAclpods${way}100`,
  change: { kind: 'set', properties: { Protocol: 6, PortRange: { From: 8080, To: 8080 } } },
}));

const replies: TemplateChange = {
  resource: ENTRY,
  id: 'PodRepliesOut',
  change: {
    kind: 'add',
    properties: {
      NetworkAclId: { Ref: 'NetworkAclpods6D064B55' },
      Egress: true,
      RuleNumber: 105,
      RuleAction: 'allow',
      CidrBlock: '100.64.0.0/16',
      Protocol: 6,
      PortRange: { From: 32768, To: 60999 },
    },
  },
};

const narrowGroup: TemplateChange = {
  resource: 'AWS::EC2::SecurityGroupIngress',
  id: 'NetworkSecurityGroupsnodesfromaws2sgnaclnetworkNetworkSecurityGroupsnodes',
  change: { kind: 'set', properties: { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 } },
};

export default defineLab<StageOf<'aws-2-sg-nacl'>>({
  id: 'aws-2-sg-nacl',
  level: 4,
  title: 'Security groups and network ACLs',
  goal: 'Tell which of security group, network ACL and NetworkPolicy answered, and which of them a packet never met.',
  head,
  prerequisites: ['aws-1-vpc', 'linux-4-firewall', 'k8s-5-network-policy'],
  targets: ['local'],
  cost: 'cluster',
  environment: { kind: 'cluster', home: 'demo', network: 'aws-2-sg-nacl' },
  stages: [
    {
      name: 'whole',
      about: 'As deployed.',
      keeps: ['client-0 -> server-1:8080', 'client-0 -> server-0:8080'],
      closes: [],
    },
    {
      name: 'acl-one-way',
      about:
        'The pods’ ACL admits port 8080 between zones, both in and out, but it does not admit the replies.',
      keeps: ['client-0 -> server-0:8080'],
      closes: ['client-0 -> server-1:8080', 'client-1 -> server-0:8080'],
      network: onlyPort8080,
    },
    {
      name: 'acl-both-ways',
      about: 'The same, with the line for the replies.',
      keeps: ['client -> server:8080'],
      closes: [],
      network: [...onlyPort8080, replies],
    },
    {
      name: 'group-narrow',
      about: 'The nodes’ security group admits only 443 from other nodes.',
      keeps: ['client-0 -> server-0:8080', 'client-1 -> server-1:8080'],
      closes: ['client-0 -> server-1:8080'],
      network: [narrowGroup],
    },
  ],
  start: 'whole',
  steps: [
    {
      id: 'who-sees',
      task: 'client-0 calls server-0 (same node) and server-1 (other zone). Say which filters each packet meets.',
      checks: [
        asks(
          count(
            {
              id: 'filters-same-node',
              ask: 'Same node: how many of security group and network ACL does the packet meet?',
              because:
                'It never leaves the node, so no interface of the VPC and no subnet’s edge sees it. Only NetworkPolicy can stop it.',
            },
            0,
          ),
        ),
        asks(
          choose(
            {
              id: 'same-subnet',
              ask: 'Two nodes in one subnet: which of the two is asked?',
              because:
                'The ACL stands at the subnet’s edge, and this packet does not cross it. The groups stand at every interface.',
            },
            'the security groups only',
            [
              'the network ACL only',
              'it stands at the edge of a subnet, and this packet does not cross it',
            ],
            ['both', 'an ACL stands at the edge of a subnet, and this packet stays in one'],
          ),
        ),
      ],
      hints: ['`lab explain client-0 server-0:8080` and `… server-1:8080`: compare the hops.'],
      solution: byAnswering,
      because: 'Groups and ACLs protect the VPC’s edges, not pods from their neighbours.',
    },
    {
      id: 'one-way',
      task: 'The pods’ ACL was tightened: between zones only port 8080, in and out. Enter the stage `acl-one-way` and find out why nothing works.',
      checks: [
        denied(
          'client-0',
          'server-1:8080',
          'the SYN arrives, its answer is dropped at the edge of the server’s subnet',
        ),
        decidedBy('client-0', 'server-1:8080', {
          filter: 'network-acl',
          because: 'the reply goes to an ephemeral port, and no line lets that out',
        }),
        allowed('client-0', 'server-0:8080', 'traffic inside one node does not pass the ACL'),
        holds(
          'acl-one-way',
          'The pods’ ACL admits port 8080 between zones, both in and out, but it does not admit the replies.',
        ),
      ],
      hints: [
        'Port 8080 is the destination of the request. What is the destination port of the reply?',
        '`lab explain` shows the way back apart from the way there.',
      ],
      solution: stage('acl-one-way'),
      trials: trials['one-way'],
      because: 'An ACL has no memory: every connection is two lines at either end.',
    },
    {
      id: 'replies',
      task: 'Write the one line of the pods’ ACL that is missing, and no other: `lab get networkacl` prints the lines in force, and `lab apply replies.template.yaml` lays yours over the VPC. The replies leave the server’s subnet for the ports 32768 to 60999 of the pods’ block.',
      checks: [
        allowed('client-0', 'server-1:8080', 'requests and replies have their lines'),
        allowed('client-1', 'server-0:8080', 'in both directions'),
        holds('acl-both-ways', 'The same, with the line for the replies.'),
      ],
      hints: [
        'Outbound from the server’s subnet, to the pods’ block, TCP 32768 to 60999.',
        'Inbound there is one already: rule 140.',
        'A template with one resource under `Resources:`, of type AWS::EC2::NetworkAclEntry, with NetworkAclId, Egress, RuleNumber, RuleAction, CidrBlock, Protocol 6 and PortRange.',
      ],
      solution: stage('acl-both-ways'),
      trials: trials.replies,
      because: 'Linux clients use 32768 to 60999; NAT gateways and load balancers 1024 to 65535.',
    },
    {
      id: 'group',
      task: 'In the stage `group-narrow` the nodes’ security group admits only 443 from its own members. Which pairs of pods notice?',
      checks: [
        denied('client-0', 'server-1:8080', 'the group of the server’s interface admits no 8080'),
        decidedBy('client-0', 'server-1:8080', {
          filter: 'security-group',
          because: 'a security group allows only what a rule names',
        }),
        allowed('client-1', 'server-1:8080', 'on one node the group is not asked'),
        asks(
          choose(
            {
              id: 'flaky',
              ask: 'A Service has both servers behind it. What does a client see?',
              because:
                'Half of the connections go to the pod on its own node and work. It looks like a flaky network.',
            },
            'every other connection hangs',
            [
              'nothing works',
              'one of the two servers is on the client’s own node: no group is on that way',
            ],
            [
              'everything works',
              'one of the two servers is on another node, and the way there is closed',
            ],
          ),
        ),
        holds('group-narrow', 'The nodes’ security group admits only 443 from other nodes.'),
      ],
      hints: ['`lab matrix`: what do the working pairs have in common?'],
      solution: stage('group-narrow'),
      trials: trials.group,
      because: 'Where a failure depends on the placement of pods, think of groups and ACLs first.',
    },
    {
      id: 'group-repair',
      task: 'Write the rule of the nodes’ security group so that pods on different nodes reach each other again on every port, as before. `lab get securitygroup` prints the rules with their logical ids; a template that names the same id replaces its properties.',
      checks: [
        allowed('client-0', 'server-1:8080', 'the group of the server’s node admits its members'),
        allowed('client-1', 'server-0:8080', 'in both directions'),
        holds('whole', 'As deployed.'),
      ],
      hints: [
        'The rule is of type AWS::EC2::SecurityGroupIngress; its source is the group itself.',
        'IpProtocol "-1" means every protocol and port.',
      ],
      solution: stage('whole'),
      trials: trials['group-repair'],
      because: 'A group that names itself as source admits its members, whatever their addresses.',
    },
  ],
  questions: [
    choose(
      {
        id: 'stateful-one',
        ask: 'Which one needs no line for replies?',
        because: 'A group remembers connections; an ACL judges each packet.',
      },
      'the security group',
      ['the network ACL', 'its replies need a line of their own'],
      ['neither', 'one of the two remembers connections'],
    ),
    choose(
      {
        id: 'first-match',
        ask: 'An ACL has rule 100 allow 0.0.0.0/0 and rule 200 deny 203.0.113.0/24. Is the block denied?',
        because: 'The lowest number that matches decides.',
      },
      'no',
      ['yes', 'rules are read from the lowest number up, and reading stops at a match'],
      ['only inbound', 'each direction has a list of its own, and both are read in the same way'],
    ),
    choose(
      {
        id: 'never-filtered',
        ask: 'Which of these does neither filter?',
        because:
          'The VPC’s resolver, instance metadata and time are out of reach of both: only policy on the node can close them.',
      },
      '169.254.169.254',
      ['the NAT gateway', 'it has no security group, but the ACL of its subnet judges what passes'],
      [
        'an interface endpoint',
        'it is an interface in one of your subnets, with security groups of its own',
      ],
    ),
  ],
});
