import type { StageOf } from '../../charts';
import { type Arrow, defineLab } from '../../lib/lab/format';
import {
  allowed,
  asks,
  choose,
  denied,
  holds,
  overUdp,
  resolves,
  stage,
  wouldBeDenied,
} from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

const calls: readonly Arrow[] = [
  'frontend -> backend:8080',
  'backend -> db:5432',
  'edge -> frontend:8080',
  'backend -> pay.example:443',
  'monitoring/prometheus -> frontend:8080',
  'monitoring/prometheus -> backend:8080',
];

const unwanted: readonly Arrow[] = [
  'frontend -> db:5432',
  'other/tenant -> backend:8080',
  'other/tenant -> db:5432',
  'db -> backend:8080',
];

export default defineLab<StageOf<'capstone'>>({
  id: 'capstone',
  level: 5,
  title: 'Capstone: the network of a store',
  goal: 'Design, stage, verify and explain the network of a three-tier application, and document what you decided.',
  head,
  prerequisites: ['zt-3-enforce', 'k8s-6-ingress', 'cni-3-compare'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster-and-balancers',
  localLimits:
    'the load balancer is a host outside with an address of its subnets; a real one, and the comparison of network plugins, run on kind and EKS.',
  environment: {
    kind: 'cluster',
    home: 'store',
    calls,
    outside: [
      { name: 'edge', addresses: ['192.0.2.10'], listens: [80] },
      { name: 'pay.example', addresses: ['198.51.100.20'], listens: [443] },
      { name: 'elsewhere.example', addresses: ['198.51.100.99'], listens: [443] },
    ],
  },
  stages: [
    { name: 'open', about: 'The store runs; nothing is closed.', keeps: calls, closes: [] },
    {
      name: 'audit',
      about: 'A staged deny: what would be closed?',
      keeps: calls,
      closes: [],
    },
    {
      name: 'default-deny',
      about: 'Everything in `store` is closed.',
      keeps: [],
      closes: [...calls, ...unwanted],
    },
    {
      name: 'system',
      about: 'DNS out, monitoring in.',
      keeps: ['frontend -> kube-system/coredns:53', 'monitoring/prometheus -> backend:8080'],
      closes: ['frontend -> backend:8080', ...unwanted],
    },
    {
      name: 'application',
      about: 'frontend to backend, backend to db.',
      keeps: ['frontend -> backend:8080', 'backend -> db:5432'],
      closes: ['edge -> frontend:8080', 'backend -> pay.example:443', ...unwanted],
    },
    {
      name: 'ingress',
      about: 'The load balancer’s subnets reach frontend.',
      keeps: ['edge -> frontend:8080', 'frontend -> backend:8080'],
      closes: ['elsewhere.example -> frontend:8080', 'edge -> backend:8080', ...unwanted],
    },
    {
      name: 'egress',
      about: 'backend reaches the payment provider; no other pod reaches an outside host.',
      keeps: calls,
      closes: ['frontend -> pay.example:443', 'backend -> elsewhere.example:443', ...unwanted],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'audit',
      task: 'Watch the running store, draw its map, and rehearse a default deny.',
      checks: [
        wouldBeDenied('frontend', 'backend:8080', 'no rule exists yet'),
        allowed('frontend', 'backend:8080', 'and nothing is closed'),
        asks(
          choose(
            {
              id: 'rules-needed',
              ask: 'Six calls are on the map, DNS aside. Two come from monitoring. How many of the other four cross the edge of the namespace?',
              because: 'The balancer into frontend and backend out to the payment provider.',
            },
            'two',
            ['one', 'look at both ends: callers may be outside, and so may the called'],
            ['four', 'a call between two pods of the store stays inside'],
          ),
        ),
        holds('audit', 'A staged deny: what would be closed?'),
      ],
      hints: [
        '`zt-1-map` and `zt-2-audit` in one step.',
        '`lab flows --out map.jsonl` records the calls, `lab recommend --flows map.jsonl` writes them as staged policies.',
      ],
      solution: stage('audit'),
      trials: trials.audit,
      because: 'The map is the design; everything after is writing it down.',
    },
    {
      id: 'close',
      task: 'Enforce the default deny.',
      checks: [
        denied('frontend', 'backend:8080', 'every pod is isolated'),
        denied('other/tenant', 'db:5432', 'the neighbour is out'),
        denied('edge', 'frontend:8080', 'and so are the customers: go on quickly'),
        holds('default-deny', 'Everything in `store` is closed.'),
      ],
      hints: [
        'One policy is enough, and it has no rule: which pods does it select, and which types does it name?',
        '`podSelector: {}` with both types, as in `k8s-5-network-policy`.',
      ],
      solution: stage('default-deny'),
      trials: trials.close,
      because: 'From here on each stage opens something you can name.',
    },
    {
      id: 'system',
      task: 'DNS out, monitoring in.',
      checks: [
        overUdp(allowed('frontend', 'kube-system/coredns:53', 'names resolve')),
        resolves('frontend', 'backend', { to: ['svc:store/backend'], because: 'names resolve' }),
        allowed('monitoring/prometheus', 'backend:8080', 'the alarm works'),
        denied('frontend', 'backend:8080', 'the application is next'),
        holds('system', 'DNS out, monitoring in.'),
      ],
      hints: [
        'Two policies, each for every pod: one lets out to DNS, one lets in from monitoring.',
        'Both peers are in other namespaces: `namespaceSelector` and `podSelector` in one item (`zt-3-enforce`, step system).',
      ],
      solution: stage('system'),
      trials: trials.system,
      because: 'What every namespace needs comes first, and is the same everywhere.',
    },
    {
      id: 'application',
      task: 'Open the two calls inside the store.',
      checks: [
        allowed('frontend', 'backend:8080', 'the first call'),
        allowed('backend', 'db:5432', 'the second'),
        denied('frontend', 'db:5432', 'paths do not chain'),
        denied('other/tenant', 'backend:8080', 'the neighbour is still out'),
        holds('application', 'frontend to backend, backend to db.'),
      ],
      hints: [
        'Each call at both of its ends: egress at the caller, ingress at the called one.',
        'backend is in the middle: ingress from frontend and egress to db.',
      ],
      solution: stage('application'),
      trials: trials.application,
      because: 'Three policies, one for each workload.',
    },
    {
      id: 'ingress',
      task: 'Admit customers through the load balancer only.',
      checks: [
        allowed('edge', 'frontend:8080', 'an address of the balancer’s subnets'),
        denied('elsewhere.example', 'frontend:8080', 'not one of them'),
        denied('edge', 'backend:8080', 'the balancer has no business there'),
        denied('backend', 'frontend:8080', 'no pod of the application calls it'),
        holds('ingress', 'The load balancer’s subnets reach frontend.'),
      ],
      hints: [
        'Whose address does the pod see? With an ALB, the balancer’s.',
        'An ipBlock of its subnets; the port is the pod’s.',
      ],
      solution: stage('ingress'),
      trials: trials.ingress,
      because: 'Who the pod sees as its client decides the rule: see `aws-4-load-balancers`.',
    },
    {
      id: 'egress',
      task: 'Allow backend to reach the payment provider, and no other pod to reach an outside host.',
      checks: [
        allowed('backend', 'pay.example:443', 'one caller, one address, one port'),
        denied('frontend', 'pay.example:443', 'not frontend'),
        denied('backend', 'elsewhere.example:443', 'not another address'),
        denied('frontend', 'internet:443', 'and no other host on the internet'),
        holds(
          'egress',
          'backend reaches the payment provider; no other pod reaches an outside host.',
        ),
      ],
      hints: [
        'The last of the six calls: backend, one address, port 443.',
        'Outside there are no labels: an ipBlock with a /32, in the policy of backend.',
      ],
      solution: stage('egress'),
      trials: trials.egress,
      because: 'All six calls work and nothing else does: the matrix is the proof.',
    },
    {
      id: 'document',
      task: 'Write the page that the next engineer needs.',
      checks: [
        asks(
          choose(
            {
              id: 'evidence',
              ask: 'Which document proves that the design holds?',
              because:
                'YAML says what was meant, a diagram what was drawn. Only a measurement of every pair, kept and closed, says what is.',
            },
            'the measured matrix of every stage',
            [
              'the policies’ YAML',
              'it shows what was intended: a selector that matches no pod is valid YAML',
            ],
            ['the diagram', 'it shows what was drawn'],
          ),
        ),
        asks(
          choose(
            {
              id: 'which-cni',
              ask: 'The store moves to a cluster whose plugin is Flannel alone. What becomes of the policies?',
              because:
                'They are stored but not enforced: Flannel only carries packets. Pair it with a policy engine, or choose a plugin that has one (`cni-3-compare`).',
            },
            'nothing enforces them',
            [
              'they work as before',
              'an object filters nothing: who writes the rules on the nodes?',
            ],
            [
              'they are refused',
              'the API server takes every valid NetworkPolicy, and asks no plugin',
            ],
          ),
        ),
      ],
      hints: ['What would you show an auditor?', 'Who enforces a NetworkPolicy?'],
      solution: { kind: 'answers' },
      because:
        'Process, difficulties, decisions, and the measurement: that is what the next engineer needs.',
    },
  ],
  questions: [
    choose(
      {
        id: 'first-to-break',
        ask: 'In six months a team adds a cache that frontend calls. What breaks first, and how does it look?',
        because:
          'frontend’s egress does not name it: a time-out, seconds after a deployment that "changed nothing in the network".',
      },
      'a time-out from frontend to the cache',
      ['the default deny is lifted', 'a new pod lifts nothing: it is selected like the others'],
      ['DNS', 'frontend may ask for names already, and for this one too'],
    ),
  ],
});
