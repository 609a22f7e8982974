import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import {
  allowed,
  choose,
  count,
  denied,
  holds,
  overUdp,
  resolves,
  stage,
  word,
} from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'k8s-5-network-policy'>>({
  id: 'k8s-5-network-policy',
  level: 3,
  title: 'NetworkPolicy: isolate a namespace, open two paths',
  goal: 'Isolate a namespace and allow exactly the connections its application needs.',
  head,
  prerequisites: ['k8s-1-pods'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  environment: { kind: 'cluster', home: 'shop' },
  stages: [
    {
      name: 'open',
      about: 'No policy: every pod reaches every pod.',
      keeps: ['frontend -> backend:8080', 'frontend -> db:5432', 'outside/stranger -> db:5432'],
      closes: [],
    },
    {
      name: 'default-deny',
      about: 'Every pod of `shop` is isolated in both directions.',
      keeps: [],
      closes: [
        'frontend -> backend:8080',
        'backend -> db:5432',
        'outside/stranger -> frontend:8080',
        'frontend -> outside/stranger:8080',
      ],
    },
    {
      name: 'dns',
      about: 'The pods of `shop` may ask the cluster DNS; nothing else.',
      keeps: ['frontend -> kube-system/coredns:53'],
      closes: ['frontend -> backend:8080', 'backend -> db:5432'],
    },
    {
      name: 'app',
      about: 'frontend to backend, backend to db, and nothing more.',
      keeps: [
        'frontend -> backend:8080',
        'backend -> db:5432',
        'frontend -> svc:shop/backend:8080',
        'db -> kube-system/coredns:53',
      ],
      closes: [
        'frontend -> db:5432',
        'backend -> frontend:8080',
        'db -> backend:8080',
        'outside/stranger -> backend:8080',
        'outside/stranger -> db:5432',
        'frontend -> outside/stranger:8080',
      ],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'isolate',
      task: 'Write one policy after which no pod in `shop` reaches another, and no pod of `outside` reaches them.',
      checks: [
        denied(
          'frontend',
          'backend:8080',
          'backend is isolated for ingress and no rule admits anybody',
        ),
        denied(
          'frontend',
          'outside/stranger:8080',
          'frontend is isolated for egress too: leaving is closed as well as arriving',
        ),
        denied(
          'outside/stranger',
          'db:5432',
          'db is isolated for ingress; in which namespace the caller lives does not matter',
        ),
        holds('default-deny', 'Every pod of `shop` is isolated in both directions.'),
      ],
      hints: [
        'A policy only selects pods of its own namespace. Which podSelector selects all of them?',
        'A direction named in policyTypes with no rule of its own allows nothing.',
        '`podSelector: {}` with `policyTypes: [Ingress, Egress]`, and not a single rule.',
      ],
      solution: stage('default-deny'),
      trials: trials.isolate,
      because:
        'Selecting a pod is what isolates it. Rules only ever add to what is allowed, so a policy without rules closes a direction.',
    },
    {
      id: 'names',
      task: 'Let every pod in `shop` resolve names again, and open nothing else.',
      checks: [
        overUdp(
          allowed(
            'frontend',
            'kube-system/coredns:53',
            'the DNS pods are the one destination that the rule names',
          ),
        ),
        resolves('frontend', 'backend', {
          to: ['svc:shop/backend'],
          because: 'the name of a Service is answered with its cluster address',
        }),
        denied('frontend', 'backend:8080', 'knowing an address opens no connection to it'),
        holds('dns', 'The pods of `shop` may ask the cluster DNS; nothing else.'),
      ],
      hints: [
        'Look at the failing name first: `lab exec frontend-0 -- getent hosts backend`.',
        'The DNS pods are in another namespace: a podSelector alone looks in the policy’s own.',
        'One peer with both selectors: namespace `kube-system` AND label `k8s-app: kube-dns`; UDP and TCP 53.',
      ],
      solution: stage('dns'),
      trials: trials.names,
      because:
        'A cut DNS looks like a broken application. Most clients fail at the name and never send the packet that your other rules are about.',
    },
    {
      id: 'paths',
      task: 'Open frontend to backend on 8080 and backend to db on 5432. Keep every other way closed.',
      checks: [
        allowed(
          'frontend',
          'backend:8080',
          'frontend may leave and backend may be entered: both ends agree',
        ),
        allowed('backend', 'db:5432', 'the second path, opened at both of its ends'),
        denied(
          'frontend',
          'db:5432',
          'allowed paths do not chain: only backend is let through to db',
        ),
        denied(
          'backend',
          'frontend:8080',
          'a rule has a direction; replies pass, new connections back do not',
        ),
        denied(
          'outside/stranger',
          'backend:8080',
          'a podSelector without a namespaceSelector means pods of this namespace',
        ),
        holds('app', 'frontend to backend, backend to db, and nothing more.'),
      ],
      hints: [
        'Under a default deny each path needs two rules. Which two?',
        'The caller needs egress, the called one needs ingress. `lab explain frontend-0 backend-0:8080` says which is missing.',
        'backend is in the middle: it needs ingress from frontend and egress to db in one policy.',
      ],
      solution: stage('app'),
      trials: trials.paths,
      because:
        'A connection is allowed when its source may send and its destination may receive. The replies are part of the connection.',
    },
  ],
  questions: [
    choose(
      {
        id: 'db-policy-alone',
        ask: 'The only policy in a namespace selects db and admits backend on the db port. A frontend opens the db port and the terminal prints "Connected". What does that prove?',
        because:
          'A denied flow is silence: no "Connected", no prompt, a time-out. So the policy did not apply: the plugin does not enforce policies, or the policy selects a label that the pod does not have. Believe the packet.',
      },
      'the policy is not enforced, or it does not select that pod',
      [
        'the policy works: frontend was refused afterwards',
        'a denied connection never says "Connected"',
      ],
      [
        'frontend is allowed because its egress is not isolated',
        'an open egress is half of the way: db’s ingress must admit it too',
      ],
    ),
    word(
      {
        id: 'tiers-alone',
        sort: 'the name of a workload',
        ask: 'Policies select backend (in and out) and db (in), nothing else. "Deny all other traffic" was the task. Which workload may still be called by every pod?',
        because:
          'No policy selects frontend, so neither of its directions is isolated. db may still send anywhere for the same reason. Only a default deny also closes what no policy mentions.',
      },
      ['frontend'],
      [
        ['backend', 'a policy selects it for ingress: only those it names may call'],
        ['db', 'its ingress is isolated; what stays open is its way out'],
        ['no workload', 'a pod that no policy selects is open: go through the three workloads'],
      ],
    ),
    count(
      {
        id: 'reply-rule',
        ask: 'How many rules does backend need so that its answers reach frontend?',
        because: 'Replies belong to the connection that was allowed: NetworkPolicy is stateful.',
      },
      0,
    ),
    choose(
      {
        id: 'same-namespace',
        ask: 'A policy in `shop` has one ingress rule, `from: [{podSelector: {}}]`. Whom does it admit?',
        because:
          'An empty selector matches everything in its scope, and the scope of a podSelector alone is the policy’s own namespace.',
      },
      'every pod of shop',
      ['every pod of the cluster', 'other namespaces need a namespaceSelector'],
      [
        'no pod',
        'an empty selector matches everything it may look at; an absent list is another thing',
      ],
    ),
    choose(
      {
        id: 'labelled-client',
        ask: 'nginx admits only pods labelled `access: allowed`. One busybox has the label, one has not, and neither is selected by any policy. What does the one without it see?',
        because:
          'Its own egress is open and nginx’s ingress is closed to it: the SYN is dropped without a word. "Refused" would mean that it had arrived.',
      },
      'a time-out',
      [
        'connection refused',
        'that would come from nginx’s own kernel, so the packet would have arrived',
      ],
      ['an answer', 'nginx is isolated, and no rule of it names this pod'],
    ),
  ],
});
