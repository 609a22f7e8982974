import type { StageOf } from '../../charts';
import { defineLab, type Fault } from '../../lib/lab/format';
import { allowed, asks, choose, holds, resolves, stage } from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

type Stage = StageOf<'k8s-7-troubleshoot'>;

interface FaultText {
  readonly name: string;
  /** What shows that it is not this one: true at the stages of all other faults. */
  readonly whyNot: string;
  readonly because: string;
}

/** Every fault is asked about with the same options, so that the options give nothing away. */
const FAULTS = {
  'wrong-selector': {
    name: 'the Service selects a label that no pod has',
    whyNot: 'the Service selects app: backend, and so the Deployment labels its pods',
    because:
      'The EndpointSlice is empty although the pods are well. The name resolves, the connection is refused at once.',
  },
  'no-endpoints': {
    name: 'there is no pod behind the Service',
    whyNot: 'backend has two pods, and both are ready',
    because: 'The selector is right and nothing matches: the Deployment has no replicas.',
  },
  'wrong-target-port': {
    name: 'the Service’s target port is not the container’s',
    whyNot: 'the Service sends to 8080, and that is the port backend listens on',
    because:
      'Policies judge the target port. It is none that a rule names, so the packet is dropped before anybody could refuse it.',
  },
  'dns-over-tcp': {
    name: 'the DNS rule lacks UDP',
    whyNot: 'the DNS rule names port 53 of UDP and of TCP',
    because: 'The first query uses UDP. Only TCP is open, so the query fails before TCP is tried.',
  },
  'wrong-namespace': {
    name: 'a policy lives in the wrong namespace',
    whyNot: 'every policy stands in shop, where the pods are',
    because:
      'A NetworkPolicy selects pods of its own namespace only. In `default` it selects nothing, and backend is left with the default deny.',
  },
  'wrong-caller': {
    name: 'a rule admits a label that no caller has',
    whyNot: 'the rules admit app: frontend and app: backend, and so are the two workloads labelled',
    because: 'The selector is valid and matches no pod; Kubernetes does not warn about that.',
  },
  'service-port': {
    name: 'a rule names the Service’s port',
    whyNot: 'no rule names 80, which is the port of the Service alone',
    because:
      'The address is rewritten before policy is asked: rules see the pod’s port, 8080, never the Service’s 80.',
  },
  'wrong-subject': {
    name: 'a policy selects the wrong pods',
    whyNot: 'each policy of a workload selects the label of that workload',
    because:
      'frontend’s policy selects `front-end`: frontend keeps the default deny’s closed egress.',
  },
  'wrong-direction': {
    name: 'a policy’s types leave out the direction of its rules',
    whyNot: 'each policy’s types name every direction that it has rules for',
    because:
      'policyTypes says Egress, the rules are for ingress. They are stored and never asked; the default deny decides.',
  },
  'no-way-to-db': {
    name: 'a caller’s policy lacks an egress rule that it needs',
    whyNot: 'backend’s policy has an egress rule to db on 5432',
    because:
      'db admits backend, and backend may not leave: a connection needs the egress of the caller as well.',
  },
  'db-port': {
    name: 'db’s policy admits another port than db listens on',
    whyNot: 'db’s policy names 5432, and db listens there',
    because: 'The rule names 5433. Nothing compares the port of a rule with the ports of the pods.',
  },
  'dns-in-shop': {
    name: 'the DNS rule looks for the DNS pods in the namespace of the policy',
    whyNot: 'the DNS rule selects the namespace kube-system and the label k8s-app: kube-dns',
    because:
      'A podSelector without a namespaceSelector looks in the namespace of the policy, and the DNS runs in kube-system.',
  },
  'udp-rule': {
    name: 'a rule is for another protocol than the call',
    whyNot: 'apart from the rule for DNS, every rule is for TCP',
    because: 'The port is right and the protocol is UDP: a TCP connection does not match.',
  },
  'service-name': {
    name: 'the Service has another name than its callers use',
    whyNot: 'the Service is called backend, and frontend asks for backend',
    because:
      'The DNS answers that there is no such name: not a time-out, and no policy is involved.',
  },
  'no-policy': {
    name: 'a workload has no policy of its own',
    whyNot: 'frontend, backend and db each have a policy with their name',
    because: 'The default deny isolates frontend, and no policy gives it back what it needs.',
  },
  'and-selector': {
    name: 'a rule asks for a namespace and a label that no pod has together',
    whyNot: 'no rule but that for DNS has a namespaceSelector',
    because:
      'In one peer, namespaceSelector and podSelector must both match (AND). backend is in shop, not in default.',
  },
} as const satisfies Partial<Record<Stage, FaultText>>;

const faults = (Object.keys(FAULTS) as (keyof typeof FAULTS)[]).map(
  (stageName): Fault<Stage> => ({
    stage: stageName,
    question: choose(
      { id: 'what-is-broken', ask: 'What is broken?', because: FAULTS[stageName].because },
      FAULTS[stageName].name,
      ...Object.values(FAULTS).flatMap(({ name, whyNot }) =>
        name === FAULTS[stageName].name ? [] : [[name, whyNot] as const],
      ),
    ),
  }),
);

const [first] = faults;
if (first === undefined) throw new Error('a lab that draws faults has some');

export default defineLab<Stage>({
  id: 'k8s-7-troubleshoot',
  level: 3,
  title: 'Troubleshooting: find one fault in a shop',
  goal: 'Find one fault out of many by asking in the right order, and repair it without opening more than needed.',
  head,
  prerequisites: ['k8s-5-network-policy', 'k8s-4-dns'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  environment: { kind: 'cluster', home: 'shop' },
  stages: [
    {
      name: 'healthy',
      about: 'frontend to backend by name, backend to db; the rest closed.',
      keeps: ['frontend -> svc:shop/backend:80', 'backend -> svc:shop/db:5432'],
      closes: ['frontend -> db:5432'],
    },
    ...(Object.keys(FAULTS) as (keyof typeof FAULTS)[]).map((name) => ({
      name,
      about: 'Broken: which way is for you to find.',
      keeps: [],
      closes: [],
    })),
  ],
  start: first.stage,
  steps: [
    {
      id: 'find',
      task: 'The shop is down. Find out what is broken before you change anything.',
      checks: [asks(first.question)],
      hints: [
        'Ask from the outside in: does the name resolve, has the Service endpoints, does the pod answer by address?',
        '`lab explain frontend-0 svc:shop/backend:80` and `lab explain backend-0 svc:shop/db:5432` name who decided.',
        'Refused at once: the Service has no endpoints. A timeout: a policy. A name that does not resolve: DNS.',
      ],
      solution: { kind: 'answers' },
      because: 'The kind of failure says where to look: name, refusal, silence.',
    },
    {
      id: 'repair',
      task: 'Repair it, and open nothing that was closed on purpose.',
      checks: [
        resolves('frontend', 'backend', {
          to: ['svc:shop/backend'],
          because: 'names resolve',
        }),
        allowed('frontend', 'svc:shop/backend:80', 'frontend reaches backend by its Service'),
        allowed('backend', 'svc:shop/db:5432', 'backend reaches db'),
        {
          kind: 'flow',
          from: 'frontend',
          to: 'db:5432',
          expect: 'denied',
          because: 'the repair must not allow everything',
        },
        holds('healthy', 'frontend to backend by name, backend to db; the rest closed.'),
      ],
      hints: [
        'Change the one field that is wrong.',
        '`lab stage healthy` shows what it should be.',
      ],
      solution: stage('healthy'),
      trials: trials.repair,
      because:
        'Play it again: `lab down`, `lab reset k8s-7-troubleshoot`, and `lab up k8s-7-troubleshoot` draws the next fault.',
    },
  ],
  questions: [
    choose(
      {
        id: 'order-of-questions',
        ask: 'A pod cannot reach example.com. It has its interface, its address and its route. What do you ask next?',
        because:
          'Without a name no packet is sent to its address. Then: does an address answer, which egress policy selects the pod, does the node translate its address (MASQUERADE), is there a route out.',
      },
      'does the name resolve',
      [
        'is there a MASQUERADE rule',
        'that is the end of the way: begin with what the pod does first',
      ],
      ['does ping 8.8.8.8 work', 'ICMP proves nothing about TCP, and a name is asked for first'],
    ),
    choose(
      {
        id: 'ping-proof',
        ask: '`ping 8.8.8.8` from the pod gets no answer. What does it prove about HTTPS to example.com?',
        because:
          'ICMP is another protocol: a rule for TCP 443 does not let it out, and many networks drop it. Test with the protocol you need.',
      },
      'nothing',
      [
        'that egress is closed',
        'a rule for TCP 443 lets no ICMP out, and the network may drop it as well',
      ],
      ['that NAT is missing', 'many networks drop ICMP: try the protocol you need'],
    ),
    choose(
      {
        id: 'mtu',
        ask: 'Small requests work, large answers hang. What is it?',
        because:
          'Packets of full size do not fit somewhere (an overlay takes 50 bytes), and the message that says so is dropped. Compare with a small and a large ping with the do-not-fragment flag.',
      },
      'the MTU',
      [
        'a NetworkPolicy',
        'it judges connections by who and which port, never by the size of an answer',
      ],
      ['DNS', 'names come before the first byte: without them nothing small would work either'],
    ),
  ],
  faults,
});
