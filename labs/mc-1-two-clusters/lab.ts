import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import {
  allowed,
  asks,
  byAnswering,
  choose,
  denied,
  holds,
  stage,
  words,
} from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'mc-1-two-clusters'>>({
  id: 'mc-1-two-clusters',
  level: 5,
  title: 'Two clusters: policies where labels end',
  goal: 'Connect workloads of two clusters in two VPCs, and write policy where labels end.',
  head,
  prerequisites: ['zt-3-enforce'],
  targets: ['local'],
  cost: 'two-clusters',
  localLimits:
    'the other cluster’s pods are hosts with addresses of its VPC, one hop away; the peering itself, its routes and its groups are in the templates that EKS gets.',
  environment: {
    kind: 'cluster',
    home: 'shop',
    outside: [
      { name: 'orders.other', addresses: ['10.1.7.10'], listens: [8080] },
      { name: 'batch.other', addresses: ['10.1.9.10'], listens: [8080] },
    ],
  },
  stages: [
    {
      name: 'open',
      about: 'This cluster alone; the other one’s pods are addresses in 10.1.0.0/16.',
      keeps: ['orders.other -> catalog:8080', 'web -> orders.other:8080'],
      closes: [],
    },
    {
      name: 'imported',
      about: 'The other cluster’s `orders` has a name here.',
      keeps: ['web -> svc:shop/orders:80'],
      closes: [],
    },
    {
      name: 'by-label',
      about: 'A default deny, and a rule that selects `orders` by label.',
      keeps: [],
      closes: ['orders.other -> catalog:8080', 'web -> orders.other:8080'],
    },
    {
      name: 'by-cidr',
      about: 'A rule for the subnet in which `orders` runs.',
      keeps: ['orders.other -> catalog:8080', 'web -> orders.other:8080', 'web -> catalog:8080'],
      closes: ['batch.other -> catalog:8080', 'web -> batch.other:8080'],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'plan',
      task: 'The other VPC has 10.0.0.0/16 today, like ours. Say why it must change before anything else.',
      checks: [
        asks(
          choose(
            {
              id: 'overlap',
              ask: 'Both VPCs have 10.0.0.0/16. What does AWS say to a peering?',
              because:
                'It is refused: the local route always wins, so no packet would ever leave for the other side. Plan blocks for all clusters of the company before the first one.',
            },
            'it is refused',
            ['it works, with NAT', 'a peering translates nothing'],
            [
              'it works for the addresses that differ',
              'whole blocks are compared, not single addresses',
            ],
          ),
        ),
        asks(
          words(
            {
              id: 'three-needs',
              ask: 'Besides the peering, what must be set on both sides? Three of: routes, groups, policies, names, labels.',
              because:
                'Routes to the other block in every subnet’s table, security groups that admit it, and policies by address. Names are a convenience, labels end at the border.',
            },
            'routes',
            'groups',
            'policies',
          ),
        ),
      ],
      hints: [
        'Which route wins for an address of the VPC’s own block?',
        'A peering carries nothing by itself.',
      ],
      solution: byAnswering,
      because: 'Most of a multi-cluster network is decided by who gets which addresses.',
    },
    {
      id: 'import',
      task: 'Give the other cluster’s `orders` a name in this one.',
      checks: [
        allowed('web', 'svc:shop/orders:80', 'the Service’s endpoints are written by hand'),
        holds('imported', 'The other cluster’s `orders` has a name here.'),
      ],
      hints: [
        'A Service without a selector, and an EndpointSlice: `k8s-2-services`, step by-hand.',
        'The Multi-Cluster Services API (ServiceExport, ServiceImport) automates exactly this.',
      ],
      solution: stage('imported'),
      trials: trials.import,
      because:
        'The list must be kept up to date: by a controller, or an internal load balancer with one name.',
    },
    {
      id: 'by-label',
      task: 'Close the namespace, and admit `orders` by its label as you would at home. Explain the result.',
      checks: [
        denied(
          'orders.other',
          'catalog:8080',
          'no pod of this cluster has that label: the pod is in the other cluster',
        ),
        asks(
          choose(
            {
              id: 'label-border',
              ask: 'Why does the rule admit no pod?',
              because:
                'A selector is turned into addresses of pods that this cluster’s API knows. The other cluster’s pods are not among them.',
            },
            'selectors only know this cluster’s pods',
            ['the peering drops labels', 'a packet never carries labels'],
            [
              'the namespace selector is empty',
              'it is empty, and empty matches every namespace: of which cluster?',
            ],
          ),
        ),
        holds('by-label', 'A default deny, and a rule that selects `orders` by label.'),
      ],
      hints: [
        '`lab explain orders.other catalog-0:8080`.',
        'What does a selector become in the kernel?',
      ],
      solution: stage('by-label'),
      trials: trials['by-label'],
      because: 'Labels are names in one API server. The packet carries none.',
    },
    {
      id: 'by-cidr',
      task: 'Admit `orders` by address, and not the other workloads over there.',
      checks: [
        allowed('orders.other', 'catalog:8080', 'its subnet is admitted'),
        denied('batch.other', 'catalog:8080', 'another subnet of the same cluster is not'),
        allowed('web', 'orders.other:8080', 'and the way out is open to that subnet'),
        denied('web', 'batch.other:8080', 'to that one only'),
        holds('by-cidr', 'A rule for the subnet in which `orders` runs.'),
      ],
      hints: [
        'An ipBlock; but which? All of 10.1.0.0/16 trusts every pod over there.',
        'Give `orders` a subnet (or a pool) of its own, and name that.',
      ],
      solution: stage('by-cidr'),
      trials: trials['by-cidr'],
      because:
        'Where labels end, addresses must carry meaning: that is a reason to plan subnets by role.',
    },
  ],
  questions: [
    choose(
      {
        id: 'transitive',
        ask: 'A is peered with B, B with C. Does A reach C?',
        because: 'Peering is not transitive; a transit gateway is what connects many.',
      },
      'no',
      ['yes', 'B forwards nothing for others'],
      [
        'with routes in B',
        'a peering carries traffic of its own two VPCs only, whatever the tables say',
      ],
    ),
    choose(
      {
        id: 'snat',
        ask: 'A pod calls a pod in the peered VPC. Which source address arrives, with the VPC CNI’s defaults?',
        because:
          'The CNI translates what leaves its own VPC’s blocks (unless AWS_VPC_K8S_CNI_EXTERNALSNAT or an exclusion says otherwise): the node’s address arrives, and policies by pod subnet on the other side never match. Exclude the peer’s block (AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS).',
      },
      'the node’s',
      [
        'the pod’s',
        'the peer’s block is outside the own VPC: what does the CNI do with what leaves it?',
      ],
      ['that of the peering connection', 'a peering has no address, and translates nothing'],
    ),
  ],
});
