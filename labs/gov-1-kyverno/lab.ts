import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { asks, choose, stage } from '../../lib/lab/words';
import head from './head';

const greedy = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: greedy
  namespace: team
spec:
  selector:
    matchLabels:
      app: greedy
  template:
    metadata:
      labels:
        app: greedy
    spec:
      containers:
        - name: greedy
          image: registry.k8s.io/pause:3.10
`;

const modest = `apiVersion: v1
kind: Pod
metadata:
  name: modest
  namespace: team
spec:
  containers:
    - name: modest
      image: registry.k8s.io/pause:3.10
      resources:
        requests:
          cpu: 10m
          memory: 16Mi
        limits:
          memory: 32Mi
`;

export default defineLab<StageOf<'gov-1-kyverno'>>({
  id: 'gov-1-kyverno',
  level: 5,
  title: 'Kyverno: policies about objects',
  goal: 'Refuse, complete and generate objects at admission, and tell that from filtering packets.',
  head,
  prerequisites: ['k8s-5-network-policy'],
  targets: ['kind', 'eks'],
  cost: 'cluster',
  localLimits:
    'there is no API server here to ask Kyverno: the policies are synthesized and checked (`npm run test:kyverno` asks Kyverno’s own engine), admission is tried on kind and EKS. The network policy that Kyverno generates is that of `k8s-5-network-policy`, which runs here.',
  environment: { kind: 'cluster', home: 'team' },
  stages: [
    { name: 'open', about: 'No policy about objects.', keeps: [], closes: [] },
    {
      name: 'validate',
      about: 'Pods without requests and limits are refused.',
      keeps: [],
      closes: [],
    },
    { name: 'generate', about: 'New namespaces get a default deny.', keeps: [], closes: [] },
    { name: 'mutate', about: 'Pods get a label that names their team.', keeps: [], closes: [] },
    {
      name: 'images',
      about: 'Images of our registry run only if they are signed.',
      keeps: [],
      closes: [],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'validate',
      task: 'Refuse every pod in `team` that does not say what it requests and what it is limited to.',
      checks: [
        {
          kind: 'admission',
          manifest: greedy,
          expect: {
            kind: 'refused',
            message: 'CPU and memory requests and a memory limit are required.',
          },
          because:
            'the rule for Pods is applied to Deployments too (autogen), before any pod exists',
        },
        {
          kind: 'admission',
          manifest: modest,
          expect: { kind: 'accepted' },
          because: 'a pod that states what it needs is admitted',
        },
        asks(
          choose(
            {
              id: 'who-refused',
              ask: '`kubectl create deployment` is refused, and a report calls it "denied due to NetworkPolicy enforcement". Who refused?',
              because:
                'The API server asked Kyverno’s webhook before storing the object. No packet was filtered; a NetworkPolicy never refuses an object.',
            },
            'an admission webhook',
            ['a NetworkPolicy', 'it is about packets, and no packet was sent'],
            ['the scheduler', 'it sees only pods that are already stored'],
          ),
        ),
      ],
      hints: [
        'A pattern: `memory: "?*"` means at least one character.',
        '`failureAction: Enforce` refuses, `Audit` reports. (`validationFailureAction` at the top is the old place.)',
      ],
      solution: stage('validate'),
      because: 'A refusal at the door costs a message; the same mistake at night costs a node.',
    },
    {
      id: 'generate',
      task: 'Give every new namespace a default deny, and keep it there.',
      checks: [
        {
          kind: 'object',
          apiVersion: 'kyverno.io/v1',
          object: 'ClusterPolicy',
          name: 'add-network-policy',
          path: 'status.conditions.0.status',
          equals: 'True',
          because: 'the policy is ready; try `kubectl create namespace fresh`',
        },
        asks(
          choose(
            {
              id: 'existing',
              ask: 'What becomes of namespaces that existed before?',
              because:
                'The rule is asked when a namespace is created (or updated). `generateExisting: true` covers what was there.',
            },
            'nothing, unless the rule says so',
            [
              'they get it at once',
              'the rule is asked at admission, and these came in before it was there',
            ],
            ['they are deleted and made again', 'a rule that generates deletes no namespace'],
          ),
        ),
      ],
      hints: [
        'Match Namespace, generate NetworkPolicy with `synchronize: true`.',
        'Leave kube-system and Calico’s own namespaces out, or you cut DNS for everybody.',
      ],
      solution: stage('generate'),
      because: 'This closes the hole of week 9: a namespace is closed before its first pod starts.',
    },
    {
      id: 'mutate',
      task: 'Add the label `owner` with the namespace’s name to each pod that has none.',
      checks: [
        {
          kind: 'object',
          apiVersion: 'kyverno.io/v1',
          object: 'ClusterPolicy',
          name: 'add-owner',
          path: 'status.conditions.0.status',
          equals: 'True',
          because: 'the policy is ready',
        },
        asks(
          choose(
            {
              id: 'plus-anchor',
              ask: 'What does `+(owner)` mean?',
              because:
                'The anchor adds the key where it is missing, and leaves it alone where it is there.',
            },
            'add it only if it is missing',
            ['always overwrite it', 'that is what the key without an anchor does'],
            ['the key must exist', 'a condition is written `(owner)`, without the plus'],
          ),
        ),
      ],
      hints: [
        '`patchStrategicMerge` is a piece of the object as it should be.',
        'The namespace of the request is `{{request.namespace}}`.',
      ],
      solution: stage('mutate'),
      because:
        'Order: mutating webhooks run before validating ones, so what you add is judged too.',
    },
    {
      id: 'images',
      task: 'Let images of `registry.example.com` run only if the team’s key signed them.',
      checks: [
        {
          kind: 'object',
          apiVersion: 'kyverno.io/v1',
          object: 'ClusterPolicy',
          name: 'signed-images',
          path: 'status.conditions.0.status',
          equals: 'True',
          because: 'the policy is ready',
        },
      ],
      hints: ['`verifyImages` names image references and attestors; the key is in a Secret.'],
      solution: stage('images'),
      because:
        'The signature is looked up in the registry, and the tag is replaced by the digest that was signed. Images of other registries are not asked by this rule: closing those is a validate rule.',
    },
  ],
  questions: [
    choose(
      {
        id: 'ping-from-host',
        ask: 'The generated policy is tested by `ping` from a laptop to a pod’s address in kind, and it hangs. What does that prove?',
        because:
          'From outside the cluster’s network there is no route to pod addresses in the first place. From the pod’s own node the ping would even pass. Test from another pod, with a control.',
      },
      'nothing',
      ['that the policy works', 'without the policy it would hang as well: there was no control'],
      [
        'that the pod is down',
        'a healthy pod does not answer either: the laptop has no route to its address',
      ],
    ),
    choose(
      {
        id: 'gitops',
        ask: 'Policies live in Git and Argo CD applies them, automatically and with selfHeal. A policy is deleted by hand. What happens?',
        because:
          'That is the point: the cluster follows the repository, and the repository has reviews.',
      },
      'Argo CD applies it again',
      ['it stays deleted', 'something compares the cluster with Git all the time'],
      [
        'Kyverno restores it',
        'it restores what its own generate rules made, and this came from Git',
      ],
    ),
    choose(
      {
        id: 'kyverno-down',
        ask: 'Kyverno is down and its webhook’s failurePolicy is Fail. A user creates a pod. What happens?',
        because:
          'Refusing every object while Kyverno is down is safe, but it stops the cluster: run three replicas and exclude kube-system.',
      },
      'it is refused',
      ['it is admitted', 'that is what failurePolicy Ignore does'],
      ['it waits', 'a call to the API server has a time limit, and the pod is not kept for later'],
    ),
  ],
});
