import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { allowed, asks, byAnswering, choose, count, holds, stage, word } from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'aws-1-vpc'>>({
  id: 'aws-1-vpc',
  level: 4,
  title: 'The VPC under a cluster',
  goal: 'Lay out subnets, routes and gateways for EKS, and budget addresses before the first node.',
  head,
  prerequisites: ['k8s-1-pods', 'linux-3-nat'],
  targets: ['local', 'eks'],
  cost: 'cluster',
  localLimits:
    'the lab adds nodes and pods to the same VPC here, so that something can send packets; on EKS this lab deploys the VPC alone.',
  environment: { kind: 'cluster', home: 'demo', network: 'aws-5-path' },
  stages: [
    {
      name: 'no-way-out',
      about: 'Zone a: the node subnet has lost its route to the NAT gateway.',
      keeps: ['client-0 -> server-1:8080', 'client-1 -> internet:443'],
      closes: [],
      network: [
        {
          resource: 'AWS::EC2::Route',
          id: 'NetworkSubnetsVpcnodesSubnet1DefaultRoute',
          change: { kind: 'remove' },
        },
      ],
    },
    {
      name: 'own-gateway',
      about: 'Every subnet has the routes it should have.',
      keeps: ['client -> internet:443', 'client -> server:8080'],
      closes: [],
    },
  ],
  start: 'no-way-out',
  steps: [
    {
      id: 'layout',
      task: 'Read the synthesized network (`npx cdk synth -c lab=aws-1-vpc`) and say what each kind of subnet is for.',
      checks: [
        asks(
          choose(
            {
              id: 'public-because',
              ask: 'What makes a subnet public?',
              because:
                'A name or a tag means nothing: only the default route to an internet gateway does.',
            },
            'its route table sends 0.0.0.0/0 to an internet gateway',
            ['its name', 'packets follow tables; names and tags are for people and controllers'],
            [
              'a public address on each instance',
              'such an address is of no use while the subnet has no way out',
            ],
          ),
        ),
        asks(
          word(
            {
              id: 'who-in-public',
              sort: 'two words',
              ask: 'Nodes are private. What stands in the public subnets: NAT gateways and …? (two words)',
              because:
                'Internet-facing balancers, one address a zone; they reach targets in the private subnets.',
            },
            ['load balancers', 'load balancer'],
            [
              ['nodes', 'they are private, as the question says'],
              ['pods', 'they have subnets of their own, which are not reachable from outside'],
            ],
          ),
        ),
        asks(
          count(
            {
              id: 'control-plane-addresses',
              ask: 'The control-plane subnets are /28s. How many addresses can be used in one? (AWS keeps five of each subnet)',
              because:
                'Sixteen less the network, the router, DNS, one reserve and the broadcast. EKS wants six free in each, sixteen are better.',
            },
            11,
          ),
        ),
      ],
      hints: [
        'It is in `cdk.out/aws-1-vpc-network.template.json`: `AWS::EC2::Subnet` has the block, `AWS::EC2::SubnetRouteTableAssociation` the table of each.',
        'Follow each subnet to its route table, and each route to its gateway.',
      ],
      solution: byAnswering,
      because:
        'Four groups: public (balancers, NAT), nodes, pods, control plane; one subnet of each in every zone.',
    },
    {
      id: 'budget',
      task: 'Budget: how many pods can have an address?',
      checks: [
        asks(
          count(
            {
              id: 'pod-subnet',
              ask: 'The pods’ block is 100.64.0.0/16, cut into four /18s. How many addresses does one zone’s subnet offer?',
              because: '2^14 less five.',
            },
            16379,
          ),
        ),
        asks(
          count(
            {
              id: 'node-subnet',
              ask: 'Without a block for pods, they would share the node subnet: a /19. Thirty pods a node, with the VPC CNI’s default of one whole warm interface of ten addresses. Forty addresses a node, and one of them its own: how many nodes fit?',
              because: '8,187 divided by 40, rounded down.',
            },
            204,
          ),
        ),
        asks(
          choose(
            {
              id: 'why-100-64',
              ask: 'Why 100.64.0.0/16 for pods?',
              because:
                'It is shared address space (RFC 6598), not used by companies’ networks, and AWS lets a VPC have it as a second block. Outside hosts do not see it: nodes translate.',
            },
            'it does not collide with other networks of the company',
            [
              'it is faster',
              'no address is faster than another; think of who else uses 10.0.0.0/8',
            ],
            ['EKS demands it', 'EKS puts pods into any subnet of the VPC: this block was chosen'],
          ),
        ),
      ],
      hints: ['2^(32 - prefix) - 5.', 'What does a warm pool hold back?'],
      solution: byAnswering,
      because:
        'Running out of addresses is the most common failure of EKS networks, and it cannot be repaired quickly.',
    },
    {
      id: 'way-out',
      task: 'Pods of zone a cannot reach the internet, pods of zone b can. Find the missing line; the stage `own-gateway` puts it back.',
      checks: [
        allowed('client-0', 'internet:443', 'the node subnet’s route leads to a NAT gateway again'),
        allowed('client-1', 'internet:443', 'zone b worked all the time'),
        allowed('client-0', 'server-1:8080', 'inside the VPC the local route was never lost'),
        holds('own-gateway', 'Every subnet has the routes it should have.'),
      ],
      hints: [
        '`lab explain client-0 internet:443` stops at the table that has no answer.',
        'A pod outside the VPC’s blocks is translated to its node’s address: whose subnet’s table is asked then?',
      ],
      solution: stage('own-gateway'),
      trials: trials['way-out'],
      because:
        'With the VPC CNI’s defaults what leaves the VPC carries the node’s address, so the node subnet’s route table decides, not the pod subnet’s.',
    },
  ],
  questions: [
    count(
      {
        id: 'nat-gateways',
        ask: 'Three zones, production. How many NAT gateways?',
        because:
          'One a zone: else the loss of one zone cuts all, and every byte from the others pays for crossing.',
      },
      3,
    ),
    choose(
      {
        id: 's3-path',
        ask: 'Images come from ECR, whose layers lie in S3. What keeps that traffic off the NAT gateway, at no cost?',
        because:
          'A gateway endpoint is a route by prefix list, and free; interface endpoints cost by the hour and zone.',
      },
      'a gateway endpoint for S3',
      [
        'an interface endpoint for EC2',
        'it takes calls to the API of EC2, nothing that comes from S3, and costs by the hour',
      ],
      ['a larger NAT gateway', 'a NAT gateway has no sizes, and bills every byte that passes it'],
    ),
    choose(
      {
        id: 'most-specific',
        ask: 'A table has 10.0.0.0/16 local and 0.0.0.0/0 to NAT. Where does 10.0.77.5 go?',
        because: 'The longest prefix wins, whatever the order of the lines.',
      },
      'local',
      ['to the NAT gateway', '0.0.0.0/0 is taken only where nothing narrower matches'],
      [
        'nowhere: two routes match',
        'overlap is no conflict: of the routes that match, the one with the longest prefix is taken',
      ],
    ),
  ],
});
