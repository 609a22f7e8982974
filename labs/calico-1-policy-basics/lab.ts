import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import {
  allowed,
  asks,
  choose,
  decidedBy,
  denied,
  holds,
  inEachDirection,
  overUdp,
  resolves,
  stage,
  words,
} from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'calico-1-policy-basics'>>({
  id: 'calico-1-policy-basics',
  level: 5,
  title: 'Calico policies: three mistakes of a tutorial',
  goal: 'Take a plausible set of Calico policies apart, find the three reasons why it fails, and repair each.',
  head,
  prerequisites: ['k8s-5-network-policy', 'k8s-4-dns'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  environment: { kind: 'cluster', home: 'policy-test' },
  stages: [
    {
      name: 'open',
      about: 'Two pods in `policy-test`, no policy.',
      keeps: ['client -> nginx-1:8080'],
      closes: [],
    },
    {
      name: 'default-deny',
      about: 'A policy that selects everything and says nothing.',
      keeps: [],
      closes: ['client -> nginx-1:8080', 'client -> kube-system/coredns:53'],
    },
    {
      name: 'as-written',
      about: 'The policies for DNS and web exactly as the tutorial has them.',
      keeps: [],
      closes: ['client -> nginx-1:8080', 'client -> kube-system/coredns:53'],
    },
    {
      name: 'dns-found',
      about: 'The DNS rule looks in kube-system.',
      keeps: ['client -> kube-system/coredns:53'],
      closes: ['client -> nginx-1:8080'],
    },
    {
      name: 'named',
      about: 'A Service gives the pod a name.',
      keeps: ['client -> kube-system/coredns:53'],
      closes: ['client -> nginx-1:8080'],
    },
    {
      name: 'client-out',
      about: 'The client may leave for web.',
      keeps: ['client -> nginx-1:8080', 'client -> svc:policy-test/nginx-1:80'],
      closes: ['nginx-1 -> client:8080'],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'deny',
      task: 'Close the namespace with one Calico policy.',
      checks: [
        denied('client', 'nginx-1:8080', 'both pods are selected, and no rule says anything'),
        decidedBy('client', 'nginx-1:8080', {
          filter: 'calico-policy',
          because: 'the end of the tier denies what no rule of it decided',
        }),
        holds('default-deny', 'A policy that selects everything and says nothing.'),
      ],
      hints: [
        '`selector: all()` in a namespaced policy selects every pod of the namespace.',
        'Types Ingress and Egress, and no rules.',
      ],
      solution: stage('default-deny'),
      trials: trials.deny,
      because:
        'Calico needs no word for default deny: once a policy of a tier selects a pod, what the tier does not decide is denied at its end.',
    },
    {
      id: 'as-written',
      task: 'Apply the DNS and web policies as the tutorial has them (in the text above; or enter the stage `as-written`). It says the client gets its page back. Watch it fail, and name the three reasons.',
      checks: [
        decidedBy('client', 'nginx-1:8080', {
          filter: 'calico-policy',
          because: 'the ingress of nginx-1 is open now, the egress of client is not',
        }),
        asks(
          words(
            {
              id: 'three-reasons',
              ask: 'Name what is missing, three of: `name` (there is no such name), `namespace` (the DNS rule looks in the wrong one), `egress` (the client may not leave), `ingress` (web is closed), `port` (the wrong port).',
              because:
                'A pod’s name is not a DNS name; a selector without namespaceSelector looks in the policy’s own namespace, and kube-dns lives elsewhere; and allow-web opens only one end of the connection.',
            },
            'name',
            'namespace',
            'egress',
          ),
        ),
        inEachDirection(
          holds('as-written', 'The policies for DNS and web exactly as the tutorial has them.'),
        ),
      ],
      hints: [
        '`lab explain client kube-system/coredns-0:53/UDP`: which rule should have matched, and in which namespace does it look?',
        '`lab explain client nginx-1:8080`: which direction denies?',
        'Even in the stage `open`: does `nginx-1` resolve?',
      ],
      solution: stage('as-written'),
      trials: trials['as-written'],
      because:
        'The set reads well and was never tried with a packet. Each of the three alone is enough to break it.',
    },
    {
      id: 'dns',
      task: 'Repair the DNS rule, and open nothing else.',
      checks: [
        overUdp(
          allowed('client', 'kube-system/coredns:53', 'the rule looks where the DNS pods are'),
        ),
        denied('client', 'nginx-1:8080', 'the client’s way to web is still closed'),
        holds('dns-found', 'The DNS rule looks in kube-system.'),
      ],
      hints: [
        'A destination has a `namespaceSelector` beside its `selector`.',
        '`projectcalico.org/name == "kube-system"`: Calico gives every namespace this label.',
      ],
      solution: stage('dns-found'),
      trials: trials.dns,
      because: 'Both selectors are one peer: pods with this label in namespaces with that one.',
    },
    {
      id: 'name',
      task: 'Give nginx-1 a name that resolves.',
      checks: [
        resolves('client', 'nginx-1', {
          to: ['svc:policy-test/nginx-1'],
          because: 'a Service of that name exists now',
        }),
        holds('named', 'A Service gives the pod a name.'),
      ],
      hints: [
        'What has a name in a cluster’s DNS: pods or Services?',
        'Mind the ports: the Service listens on 80 and its target port is 8080.',
      ],
      solution: stage('named'),
      trials: trials.name,
      because: 'DNS has names of Services. Only the API server knows the name of a bare pod.',
    },
    {
      id: 'egress',
      task: 'Let the client out, to web and nowhere else.',
      checks: [
        allowed('client', 'nginx-1:8080', 'both ends agree at last'),
        allowed('client', 'svc:policy-test/nginx-1:80', 'and so does the Service in front'),
        denied(
          'nginx-1',
          'client:8080',
          'the opposite direction is a new connection, and no policy allows it',
        ),
        holds('client-out', 'The client may leave for web.'),
      ],
      hints: [
        'The policy selects the client, its type is Egress.',
        'The rule’s port is the pod’s, not the Service’s.',
      ],
      solution: stage('client-out'),
      trials: trials.egress,
      because:
        'A connection needs egress at one end and ingress at the other: in Calico as in Kubernetes.',
    },
  ],
  questions: [
    choose(
      {
        id: 'why-dns',
        ask: 'Why does a default deny need a DNS policy at all?',
        because:
          'A name is asked for before the connection is tried, from the same pod, and that question is traffic too.',
      },
      'a client asks for a name before it connects',
      [
        'DNS is needed for policies to find pods',
        'policies find pods by their labels, and no name is asked for',
      ],
      ['the kubelet needs it for its probes', 'probes go to the pod’s address, from its own node'],
    ),
    choose(
      {
        id: 'no-selector',
        ask: 'What happens if the selector is removed from allow-web?',
        because:
          'No selector is all(): port 8080 of every pod of the namespace is then open to clients. Its source selector still holds.',
      },
      'it applies to every pod of the namespace',
      ['it applies to no pod', 'no selector means all(), not none'],
      [
        'it is rejected',
        'a policy without a selector is valid, and selects everything of its namespace',
      ],
    ),
    choose(
      {
        id: 'business-hours',
        ask: 'How would you let the client in during business hours only?',
        because:
          'No policy API knows the time. Something outside must put the policy there and take it away, such as a CronJob: `zt-4-egress` does it.',
      },
      'something applies and removes the policy on a schedule',
      [
        'a rule with a time range',
        'neither Calico’s rules nor those of Kubernetes have a field for it',
      ],
      [
        'an annotation on the pod',
        'an annotation is a note: it does nothing unless something acts on it',
      ],
    ),
    choose(
      {
        id: 'client-dies',
        ask: 'The client’s container runs the image `alpine` with an empty `command:`. What becomes of the pod?',
        because:
          'alpine’s own command is a shell, and a shell without a terminal ends at once. The pod restarts for ever and `kubectl exec` finds nothing to enter. Ours waits.',
      },
      'it ends at once and is restarted again and again',
      [
        'it waits for commands',
        'the image’s command is a shell: what does a shell do without a terminal?',
      ],
      ['it is refused by the API server', 'an empty command is valid, and means the image’s own'],
    ),
  ],
});
