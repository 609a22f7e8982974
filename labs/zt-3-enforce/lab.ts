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
} from '../../lib/lab/words';
import { CALLS, OUTSIDE } from '../zt-1-map/application';
import head from './head';
import { trials } from './trials';

const inShop: readonly Arrow[] = ['web -> api:8080', 'api -> db:5432'];
const scraped: readonly Arrow[] = [
  'monitoring/prometheus -> web:8080',
  'monitoring/prometheus -> api:8080',
];
const unwanted: readonly Arrow[] = ['debug -> db:5432', 'web -> db:5432', 'db -> api:8080'];

export default defineLab<StageOf<'zt-3-enforce'>>({
  id: 'zt-3-enforce',
  level: 5,
  title: 'Zero trust 3: enforce a default deny, layer by layer',
  goal: 'Enforce a default deny without an outage: system traffic, application, egress, next namespace, and a way back.',
  head,
  prerequisites: ['zt-2-audit'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  environment: { kind: 'cluster', home: 'shop', calls: CALLS, outside: OUTSIDE },
  stages: [
    { name: 'open', about: 'Nothing is closed.', keeps: CALLS, closes: [] },
    {
      name: 'default-deny',
      about: 'Every pod of `shop` is isolated.',
      keeps: [],
      closes: [...inShop, ...scraped, ...unwanted],
    },
    {
      name: 'system',
      about: 'DNS out, monitoring in.',
      keeps: ['web -> kube-system/coredns:53', ...scraped],
      closes: [...inShop, ...unwanted],
    },
    {
      name: 'application',
      about: 'The calls of the application inside the cluster.',
      keeps: [...inShop, 'api -> payments/billing:8443', ...scraped],
      closes: ['api -> partner.example:443', ...unwanted],
    },
    {
      name: 'egress',
      about: 'The one call that leaves the cluster.',
      keeps: CALLS,
      closes: ['web -> partner.example:443', ...unwanted],
    },
    {
      name: 'enforced',
      about: 'The next namespace: `payments` is closed too, but for api and monitoring.',
      keeps: CALLS,
      closes: [
        'web -> payments/billing:8443',
        'payments/billing -> monitoring/prometheus:9090',
        ...unwanted,
      ],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'close',
      task: 'Isolate every pod of `shop`. Name what is hurt before you look.',
      checks: [
        denied(
          'web',
          'api:8080',
          'the application is down: this is why it is not done in one step',
        ),
        denied('debug', 'db:5432', 'what is not needed is closed now'),
        denied(
          'monitoring/prometheus',
          'api:8080',
          'monitoring gets no metrics, so the outage is not noticed',
        ),
        allowed('payments/billing', 'monitoring/prometheus:9090', 'other namespaces do not notice'),
        holds('default-deny', 'Every pod of `shop` is isolated.'),
      ],
      hints: ['The policy is that of `k8s-5-network-policy`.'],
      solution: stage('default-deny'),
      trials: trials.close,
      because:
        'In production the allow rules go in first and the deny last: policies add up, so the order of applying does not change the end, only what happens in between.',
    },
    {
      id: 'system',
      task: 'Let the system work: DNS for every pod, and the monitoring in.',
      checks: [
        overUdp(allowed('web', 'kube-system/coredns:53', 'names resolve')),
        resolves('web', 'api', { to: ['svc:shop/api'], because: 'names resolve' }),
        allowed('monitoring/prometheus', 'api:8080', 'the alarm works again'),
        denied('web', 'api:8080', 'the application’s own rules are not there yet'),
        holds('system', 'DNS out, monitoring in.'),
      ],
      hints: [
        'DNS is egress, monitoring is ingress.',
        'The monitoring lives in another namespace.',
      ],
      solution: stage('system'),
      trials: trials.system,
      because:
        'System traffic is the same in every namespace: write it once, generate it everywhere (`gov-1-kyverno`).',
    },
    {
      id: 'application',
      task: 'Write the rules of the map: one policy for each workload.',
      checks: [
        allowed('web', 'api:8080', 'the first call'),
        allowed('api', 'db:5432', 'the second'),
        allowed('api', 'payments/billing:8443', 'the call to the neighbour'),
        denied('web', 'db:5432', 'paths do not chain'),
        denied('debug', 'api:8080', 'not on the map'),
        denied('api', 'partner.example:443', 'outside is still closed'),
        holds('application', 'The calls of the application inside the cluster.'),
      ],
      hints: [
        'Egress at the caller, ingress at the called one.',
        'billing is in a namespace without policies: api’s egress is enough.',
      ],
      solution: stage('application'),
      trials: trials.application,
      because: 'One policy for each workload says in one place what it may do and who may call it.',
    },
    {
      id: 'egress',
      task: 'Open the one call that leaves the cluster, to one address and one port.',
      checks: [
        allowed('api', 'partner.example:443', 'api may call the partner'),
        denied('web', 'partner.example:443', 'and no other pod may'),
        denied('api', 'threat.example:443', 'and api may call nothing else'),
        denied('web', 'internet:443', 'nor any other host on the internet'),
        holds('egress', 'The one call that leaves the cluster.'),
      ],
      hints: ['Outside there are no labels: an ipBlock.', 'A /32 is one address.'],
      solution: stage('egress'),
      trials: trials.egress,
      because:
        'An address is a poor name: it changes without telling you. `zt-4-egress` puts a set in between.',
    },
    {
      id: 'next-namespace',
      task: 'Close `payments` the same way. The application must not notice.',
      checks: [
        allowed('api', 'payments/billing:8443', 'its one caller is admitted'),
        denied('web', 'payments/billing:8443', 'web has no business there'),
        denied('payments/billing', 'monitoring/prometheus:9090', 'and billing makes no calls'),
        holds(
          'enforced',
          'The next namespace: `payments` is closed too, but for api and monitoring.',
        ),
      ],
      hints: ['Two ends: api’s egress is there already; which end is missing?'],
      solution: stage('enforced'),
      trials: trials['next-namespace'],
      because: 'Namespace by namespace, each with its proof: what was kept, what was closed.',
    },
    {
      id: 'roll-back',
      task: 'Something is wrong in `payments`, at night. Which single step back stops the damage and gives up the least?',
      checks: [
        asks(
          choose(
            {
              id: 'way-back',
              ask: 'Which?',
              because:
                'Allow rules do no harm without the deny; taking the default deny of one namespace away opens exactly that namespace. Deleting every policy opens everything and loses the work.',
            },
            'delete the default deny of that namespace',
            [
              'delete every policy of the cluster',
              'that opens the other namespaces too, and throws the work away',
            ],
            [
              'restart the network plugin',
              'it comes back with the same policies: they lie in the API',
            ],
          ),
        ),
      ],
      hints: [
        'What isolates a pod: an allow rule or being selected?',
        'Which object is it that selects everything?',
      ],
      solution: { kind: 'answers' },
      because:
        'Careful: a pod that another policy selects stays isolated by that one. Roll back to a stage that was proven, not to an untested state.',
    },
  ],
  questions: [
    choose(
      {
        id: 'established',
        ask: 'You enforce the default deny. An open connection from debug to db goes on. Why?',
        because:
          'Most data planes accept established connections before they ask any policy. Forget the connections (or restart the pods) when you enforce, or the test is worthless.',
      },
      'policies judge new connections only',
      ['the policy is not enforced', 'open a second connection from debug: that one fails'],
      ['db is not selected', 'the default deny selects every pod of the namespace'],
    ),
    choose(
      {
        id: 'probe-node',
        ask: 'With everything denied, the kubelet’s health checks still pass. Why?',
        because: 'Traffic from a pod’s own node is never closed by NetworkPolicy.',
      },
      'they come from the pod’s own node',
      ['they are not TCP', 'a probe by HTTP or TCP opens a connection like anybody else'],
      ['the kubelet has a label', 'it is no pod, and selectors find pods only'],
    ),
  ],
});
