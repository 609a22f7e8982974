import { defineLab } from '../../lib/lab/format';
import { mistake, typing } from '../../lib/lab/trial-words';
import { asks, choose, count, has, linesIn, typed } from '../../lib/lab/words';
import head from './head';

const PODS = 50;

const rushed = (from: number, to: number): string =>
  `for n in $(seq -f p%g ${from} ${to}); do ${call('ADD')} >> /run/results & done; wait`;

/** A call for the container `$n`, in its namespace. */
const call = (command: string, config = '/run/lab.json'): string =>
  `CNI_COMMAND=${command} CNI_CONTAINERID=$n CNI_NETNS=/run/netns/$n CNI_IFNAME=eth0 CNI_PATH=$LAB_HOME/bin $LAB_HOME/bin/lab-cni < ${config}`;

const config = (name: string, pool: string, blockPrefix: number): string =>
  `{"cniVersion":"1.1.0","name":"${name}","type":"lab-cni","ipam":{"pools":["${pool}"],"blockPrefix":${blockPrefix},"node":"host","dataDir":"/run/lab-cni"}}`;

const connected = (name: string, more = ''): string =>
  `for n in ${name}; do ${more}${call('ADD', '/run/kept.json')}; done`;

/** What is typed at the step `keep`, a line each. */
const KEPT = [
  `sed -i 's|"pools"|"exclude":["10.24.0.1"],"pools"|' /run/kept.json`,
  connected('r1'),
  connected('r2', 'CNI_ARGS=IP=10.24.0.50 '),
  `sed -i 's|"exclude":[^]]*],||; s|10.24.0.0/24|10.25.0.0/24|' /run/kept.json`,
  connected('r3'),
] as const;

export default defineLab({
  id: 'cni-2-ipam',
  level: 2,
  title: 'IPAM: which pod gets which address',
  goal: 'Follow addresses from pool to block to pod and back, through a rush, an empty pool, a crash and a pool that moves.',
  head,
  prerequisites: ['cni-1-plugin'],
  targets: ['local'],
  cost: 'none',
  environment: {
    kind: 'linux',
    machines: [{ name: 'host' }],
    prepare: linesIn(
      'host',
      'sysctl -qw net.ipv4.ip_forward=1',
      `echo '${config('lab', '10.22.0.0/24', 28)}' > /run/lab.json`,
      `echo '${config('tiny', '10.23.0.0/29', 29)}' > /run/tiny.json`,
      `for n in $(seq -f p%g 1 ${PODS}); do ip netns add $n; done`,
      `echo '${config('kept', '10.24.0.0/24', 28)}' > /run/kept.json`,
      'for n in $(seq -f t%g 1 7) r1 r2 r3; do ip netns add $n; done',
    ),
  },
  stages: [],
  steps: [
    {
      id: 'rush',
      task: `Connect ${PODS} pods (p1 to p${PODS}) at the same moment, and append each result to /run/results. No address may be given twice.`,
      checks: [
        has(
          'host',
          { kind: 'leases', store: '/run/results', count: PODS },
          'every ADD answered with an address, and all of them differ',
        ),
        has(
          'host',
          { kind: 'leases', store: '/run/lab-cni/lab.json', count: PODS },
          'the plugin keeps a lease for each of them',
        ),
        ...['p1', 'p17', `p${PODS}`].map((name) =>
          has(
            name,
            { kind: 'interface', device: 'eth0', state: 'up', type: 'veth' },
            `${name} is connected`,
          ),
        ),
        asks(
          count(
            {
              id: 'blocks-claimed',
              ask: `The block of a node is a /28. How many blocks does it claim for ${PODS} pods?`,
              because:
                'Sixteen addresses each, and the first of the pool is not used: three blocks hold 47, so fifty pods need a fourth.',
            },
            4,
          ),
        ),
      ],
      hints: [
        'A loop with `&` and a `wait` at its end; append each result to /run/results.',
        '`cat /run/lab-cni/lab.json` shows blocks and holders.',
      ],
      solution: typed('host', rushed(1, PODS)),
      trials: {
        wrong: [
          mistake(
            'wrong-means',
            'fifty results were written by hand',
            typing(
              'host',
              'for i in $(seq 1 50); do echo \'{"ips":[{"address":"10.22.0.\'$i\'/32"}]}\' | tr -d \' \' >> /run/results; done',
            ),
          ),
          mistake('half', 'one pod is missing', typing('host', rushed(1, PODS - 1))),
          mistake('half', 'the first pod is missing', typing('host', rushed(2, PODS))),
          mistake(
            'half',
            'the results were thrown away',
            typing('host', rushed(1, PODS), 'rm /run/results'),
          ),
        ],
      },
      because:
        'Each call is a process of its own. Only a lock around read, decide and write keeps two from taking the same address.',
    },
    {
      id: 'exhaust',
      task: 'The network `tiny` has a /29, with six addresses for pods. Connect t1 to t7 and find out how the seventh fails.',
      checks: [
        has(
          'host',
          { kind: 'leases', store: '/run/lab-cni/tiny.json', count: 6 },
          'six leases, and the seventh was refused',
        ),
        asks(
          choose(
            {
              id: 'exhausted-looks-like',
              ask: 'A VPC subnet has no address left. How does it look in Kubernetes?',
              because:
                'The scheduler does not count addresses: the pod gets a node, the plugin’s ADD fails, and the event says "failed to assign an IP address to container".',
            },
            'pods stay in ContainerCreating',
            [
              'pods stay Pending, without a node',
              'the scheduler counts CPU, memory and pod slots; free addresses of a subnet are not among these',
            ],
            [
              'pods run without an address',
              'a sandbox whose ADD failed is thrown away and tried again; no container starts in it',
            ],
          ),
        ),
      ],
      hints: [
        'The plugin prints an error with a code and ends with 1.',
        'Go on with the loop when it does.',
      ],
      solution: typed(
        'host',
        `for n in $(seq -f t%g 1 7); do ${call('ADD', '/run/tiny.json')} || true; done`,
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'five are connected',
            typing(
              'host',
              `for n in $(seq -f t%g 1 5); do ${call('ADD', '/run/tiny.json')} || true; done`,
            ),
          ),
          mistake(
            'wrong-means',
            'the large network was used',
            typing('host', `for n in $(seq -f t%g 1 7); do ${call('ADD')} || true; done`),
          ),
          mistake(
            'half',
            'one is connected',
            typing('host', `for n in t1; do ${call('ADD', '/run/tiny.json')}; done`),
          ),
        ],
      },
      because: 'Plan: nodes times pods a node, plus what warm pools hold back (`aws-3-vpc-cni`).',
    },
    {
      id: 'leak',
      task: 'The machine crashed: p1 to p10 are gone and DEL was not called. Give their addresses back by GC.',
      checks: [
        has(
          'host',
          { kind: 'leases', store: '/run/lab-cni/lab.json', count: PODS - 10 },
          'what no living pod holds was freed',
        ),
        has('host', { kind: 'namespace', name: 'p1', state: 'absent' }, 'p1 is gone'),
        has('host', { kind: 'namespace', name: 'p11', state: 'present' }, 'p11 lives on'),
      ],
      hints: [
        'GC gets the living attachments in the configuration: `cni.dev/valid-attachments`.',
        'Each is `{"containerID": "p11", "ifname": "eth0"}`.',
      ],
      solution: typed(
        'host',
        'for n in $(seq -f p%g 1 10); do ip netns del $n; done',
        `valid=$(for n in $(seq -f p%g 11 ${PODS}); do printf '{"containerID":"%s","ifname":"eth0"},' $n; done); sed "s|}$|,\\"cni.dev/valid-attachments\\":[\${valid%,}]}|" /run/lab.json > /run/gc.json`,
        'CNI_COMMAND=GC CNI_PATH=$LAB_HOME/bin $LAB_HOME/bin/lab-cni < /run/gc.json',
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'the namespaces are gone and the leases stay',
            typing('host', 'for n in $(seq -f p%g 1 10); do ip netns del $n; done'),
          ),
          mistake(
            'half',
            'nine are gone',
            typing('host', 'for n in $(seq -f p%g 1 9); do ip netns del $n; done'),
          ),
          mistake(
            'too-open',
            'the whole store was removed',
            typing(
              'host',
              'for n in $(seq -f p%g 1 10); do ip netns del $n; done; rm /run/lab-cni/lab.json',
            ),
          ),
        ],
      },
      because:
        'Leaked leases fill a pool slowly, and look like growth. Before 1.1 only a restart of the agent found them.',
    },
    {
      id: 'keep',
      task: 'In the network `kept` (/run/kept.json) the address 10.24.0.1 belongs to a router. Exclude it (`ipam.exclude`), then connect r1, which takes what it gets, and r2, which requests 10.24.0.50 by `CNI_ARGS=IP=...`. Then the network moves: make its pool 10.25.0.0/24 and connect r3. r1 and r2 keep what they have.',
      checks: [
        ...Object.entries({
          r1: ['10.24.0.2/32', 'no pod gets an address that is excluded'],
          r2: ['10.24.0.50/32', 'a request is met, or ADD fails; it is never ignored'],
          r3: ['10.25.0.1/32', 'a changed pool is used from the next ADD on'],
        } as const).map(([name, [address, because]]) =>
          has(name, { kind: 'address', device: 'eth0', address }, because),
        ),
        has(
          'host',
          { kind: 'leases', store: '/run/lab-cni/kept.json', count: 3 },
          'leases of the old pool stay until DEL',
        ),
      ],
      hints: [
        '`"exclude":["10.24.0.1"]` stands beside `pools`.',
        'CNI_ARGS is a variable like the others: `CNI_ARGS=IP=10.24.0.50`.',
        'An exclusion must be inside the pools: with the new pool it has to go.',
      ],
      solution: typed('host', ...KEPT),
      trials: {
        wrong: [
          mistake(
            'half',
            'nothing is excluded',
            typing('host', ...KEPT.filter((line) => !line.includes('["10.24.0.1"]'))),
          ),
          mistake(
            'half',
            'nothing is requested',
            typing('host', ...KEPT.map((line) => line.replace('CNI_ARGS=IP=10.24.0.50 ', ''))),
          ),
          mistake('half', 'the pool stays', typing('host', ...KEPT.slice(0, 3), KEPT[4])),
          mistake(
            'too-open',
            'the store was removed with the old pool',
            typing('host', ...KEPT.slice(0, 4), 'rm /run/lab-cni/kept.json', KEPT[4]),
          ),
        ],
      },
      because:
        'A pool is configuration and a lease is state: who changes the first must not lose the second.',
    },
  ],
  questions: [
    choose(
      {
        id: 'why-blocks',
        ask: 'Why does a node claim a whole block and not one address at a time?',
        because:
          'Other nodes need one route for each block, and most ADDs need no word with anybody else. The VPC CNI’s prefixes (/28) are the same idea.',
      },
      'one route a block, and ADD needs no central answer',
      [
        'addresses look nicer',
        'the length of the list does not matter: count what other nodes must know, and what each ADD has to ask for',
      ],
      [
        'DNS needs it',
        'DNS maps names to single addresses and does not care which block they come from',
      ],
    ),
    count(
      {
        id: 'wasted',
        ask: 'Ten nodes claim /26 blocks and run 20 pods each. How many addresses are claimed and not used?',
        because: '10 × (64 - 20).',
      },
      440,
    ),
    choose(
      {
        id: 'kubelet-role',
        ask: 'What does the kubelet do with the address?',
        because:
          'The plugin chose it, the runtime passed it on, the kubelet writes it into the pod’s status, and from there EndpointSlices and policies learn it.',
      },
      'it reports it in the pod’s status',
      [
        'it chooses it',
        'IPAM chooses the address during ADD; the kubelet gets the result from the runtime',
      ],
      [
        'it configures eth0',
        'eth0 is configured inside the pod’s namespace by the plugin, before the kubelet knows the address',
      ],
    ),
  ],
});
