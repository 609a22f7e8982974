import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { asks, byAnswering, choose, count, holds, stage } from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

const third = { min: 0.2, max: 0.47 };
const quarter = { min: 0.13, max: 0.38 };

export default defineLab<StageOf<'k8s-3-kube-proxy'>>({
  id: 'k8s-3-kube-proxy',
  level: 3,
  title: 'kube-proxy: the rules behind a Service',
  goal: 'Read the rules behind a Service in three data planes, and say what each costs as Services grow.',
  head,
  prerequisites: ['k8s-2-services', 'linux-3-nat'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  localLimits:
    'the rules loaded here are nftables maps; `lab chains` prints the iptables chains for the same Services, and IPVS is read on kind or EKS.',
  environment: { kind: 'cluster', home: 'demo' },
  stages: [
    {
      name: 'three',
      about: 'A Service over three pods.',
      keeps: ['client -> svc:demo/web:80'],
      closes: [],
    },
    {
      name: 'four',
      about: 'The same over four.',
      keeps: ['client -> svc:demo/web:80'],
      closes: [],
    },
  ],
  start: 'three',
  steps: [
    {
      id: 'chain',
      task: 'Three endpoints, asked in a row of iptables rules. Work out the probability of each rule so that every pod gets the same share, then hold it against `lab chains`.',
      checks: [
        asks(
          count(
            {
              id: 'first-of-three',
              ask: 'With which probability does the first rule match?',
              because: 'It must take a third of everything.',
            },
            0.333,
            0.005,
          ),
        ),
        asks(
          count(
            {
              id: 'second-of-three',
              ask: 'With which probability does the second rule match, of what reaches it?',
              because: 'Two thirds reach it, and it must take half of them.',
            },
            0.5,
          ),
        ),
        asks(
          count(
            {
              id: 'third-of-three',
              ask: 'And the third?',
              because: 'Whatever gets here must go somewhere: the last rule has no condition.',
            },
            1,
          ),
        ),
        asks(
          choose(
            {
              id: 'hairpin',
              ask: 'Each KUBE-SEP chain begins with a rule for packets from its own endpoint. What is it for?',
              because:
                'A pod may ask a Service and be given itself. Without a new source it would see a packet from its own address, and answer past the rules that undo the DNAT.',
            },
            'a pod that reaches itself by the Service: the source is rewritten too',
            [
              'it keeps a pod from reaching itself',
              'its target is KUBE-MARK-MASQ, which drops nothing: the packet goes on to the next rule',
            ],
            [
              'it counts what the endpoint sends',
              'every rule counts by itself; look at the target this one jumps to',
            ],
          ),
        ),
        {
          kind: 'distribution',
          from: 'client',
          to: 'svc:demo/web:80',
          requests: 300,
          shares: { 'web-0': third, 'web-1': third, 'web-2': third },
          because: 'the shares are equal although the numbers in the rules are not',
        },
      ],
      hints: [
        'Rules are asked in order; each sees only what those before it left over.',
        'Rule k of n takes 1/(n - k + 1) of what reaches it.',
        '`lab chains | grep KUBE-SVC` shows each rule; one without `--probability` takes all that is left.',
      ],
      solution: byAnswering,
      because:
        '1/3, 1/2, 1: the same share for each. The chain is walked for every new connection.',
    },
    {
      id: 'scale',
      task: 'Scale to four pods. First say what the first rule’s probability becomes.',
      checks: [
        asks(
          count(
            {
              id: 'first-of-four',
              ask: 'Four endpoints: probability of the first rule?',
              because:
                'A quarter; all rules of the chain change with every endpoint that comes or goes.',
            },
            0.25,
          ),
        ),
        {
          kind: 'distribution',
          from: 'client',
          to: 'svc:demo/web:80',
          requests: 400,
          shares: { 'web-0': quarter, 'web-1': quarter, 'web-2': quarter, 'web-3': quarter },
          because: 'the new endpoint takes its part of new connections',
        },
        holds('four', 'The same over four.'),
      ],
      hints: [
        '`kubectl -n demo scale deployment web --replicas=4`, or `lab stage four`; `lab chains` shows the numbers before and after.',
      ],
      solution: stage('four'),
      trials: trials.scale,
      because:
        'Only new connections move: an established one is remembered by connection tracking and stays with its pod.',
    },
    {
      id: 'planes',
      task: 'Name what a packet to one Service among ten thousand costs in each mode.',
      checks: [
        asks(
          choose(
            {
              id: 'iptables-cost',
              ask: 'iptables mode: how many rules may the first packet of a connection meet?',
              because:
                'KUBE-SERVICES is a list with a line for each Service port, read from the top.',
            },
            'as many as there are Services: O(n)',
            [
              'always the same few: O(1)',
              'a chain has no index: lines are compared from the top until one matches',
            ],
            [
              'as many as there are pods on the node',
              'the list is the same on every node, whatever runs there',
            ],
          ),
        ),
        asks(
          choose(
            {
              id: 'nftables-cost',
              ask: 'nftables mode: the same packet?',
              because:
                'Address, protocol and port together are a key of one verdict map; a map is a hash, and its size does not matter.',
            },
            'one look-up in a map: O(1)',
            [
              'as many as there are Services: O(n)',
              'that is a list read from the top; look for vmap in the rules',
            ],
            [
              'none: nothing is written until the first packet',
              'kube-proxy writes when a Service or its endpoints change, and sees no packet',
            ],
          ),
        ),
      ],
      hints: [
        '`lab chains` beside `lab shell node-a`, then `nft list ruleset`: look for `vmap`.',
        'On a node of a cluster: `iptables-save -t nat | grep KUBE-SVC` or `nft list table ip kube-proxy`.',
      ],
      solution: byAnswering,
      because:
        'A list costs its length, a map costs one look-up. IPVS is a hash table in the kernel too.',
    },
  ],
  questions: [
    choose(
      {
        id: 'which-mode',
        ask: 'How do you find out which mode kube-proxy runs in?',
        because:
          'It says so when it starts, and its configuration has `mode`. Rules alone mislead: old ones may be left over.',
      },
      'from its log or its configuration',
      ['from the Service object', 'it says what is wanted and reads the same in every mode'],
      ['from the pod’s resolv.conf', 'that says who answers names; kube-proxy never answers any'],
    ),
    choose(
      {
        id: 'ipvs-future',
        ask: 'A new cluster with 5,000 Services: which mode today?',
        because:
          'IPVS was the answer for years, and is deprecated since Kubernetes 1.35 (KEP-5495). nftables gives the same look-up cost without a second load balancer in the kernel.',
      },
      'nftables',
      [
        'IPVS',
        'its look-ups are quick: but read what kube-proxy 1.35 warns of when it starts in this mode',
      ],
      [
        'userspace',
        'every packet went through a process, and the mode was removed in Kubernetes 1.26',
      ],
    ),
    choose(
      {
        id: 'long-connections',
        ask: 'One client holds one HTTP/2 connection open for hours. How is its traffic balanced?',
        because:
          'Balancing happens once, when the connection opens. Spreading requests needs something that reads HTTP: a mesh or a proxy.',
      },
      'not at all: everything goes to one pod',
      [
        'request by request over all pods',
        'requests are HTTP, and kube-proxy’s rules look at the first packet of a connection',
      ],
      ['by the least busy pod', 'iptables and nftables choose by chance and know of no load'],
    ),
  ],
});
