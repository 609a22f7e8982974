import { defineLab } from '../../lib/lab/format';
import { mistake, typing } from '../../lib/lab/trial-words';
import {
  asks,
  carries,
  choose,
  count,
  has,
  linesIn,
  pings,
  pingsInVain,
  typed,
  words,
} from '../../lib/lab/words';
import head from './head';

const NODES = ['node1', 'node2'] as const;

/** The way a pod hangs on its node, the same for every data plane here. */
const pod = (node: string, i: number): readonly string[] => [
  `ip -n ${node} link add to-pod type veth peer name eth0 netns pod${i}`,
  `ip -n ${node} addr add 10.244.${i}.1/24 dev to-pod`,
  `ip -n ${node} link set to-pod up`,
  `ip -n pod${i} addr add 10.244.${i}.10/24 dev eth0`,
  `ip -n pod${i} link set eth0 up`,
  `ip -n pod${i} route add default via 10.244.${i}.1`,
];

export default defineLab({
  id: 'cni-3-compare',
  level: 2,
  title: 'Network plugins compared: routed, tunnelled, eBPF',
  goal: 'Build the data paths of the common plugins, see their headers and MTUs, and choose among them.',
  head,
  prerequisites: ['linux-7-drivers', 'cni-2-ipam'],
  targets: ['local'],
  cost: 'none',
  localLimits:
    'the routed and the VXLAN path are built here; IP in IP needs the kernel module `ipip`, eBPF needs root, and the real plugins are installed on kind.',
  environment: {
    kind: 'linux',
    machines: [
      { name: 'fabric' },
      { name: 'node1' },
      { name: 'node2' },
      { name: 'pod1', listens: [8080] },
      { name: 'pod2', listens: [8080] },
    ],
    prepare: linesIn(
      'fabric',
      'sysctl -qw net.ipv4.ip_forward=1',
      ...NODES.flatMap((node, i) => [
        `ip link add to-${node} type veth peer name eth0 netns ${node}`,
        `ip addr add 10.${i + 1}.0.1/24 dev to-${node}`,
        `ip link set to-${node} up`,
        `ip -n ${node} addr add 10.${i + 1}.0.10/24 dev eth0`,
        `ip -n ${node} link set eth0 up`,
        `ip -n ${node} route add default via 10.${i + 1}.0.1`,
        `ip netns exec ${node} sysctl -qw net.ipv4.ip_forward=1`,
        ...pod(node, i + 1),
      ]),
    ),
  },
  stages: [],
  steps: [
    {
      id: 'nothing',
      task: 'pod1 (10.244.1.10 on node1) pings pod2 (10.244.2.10 on node2), and it fails. Who drops the packet?',
      checks: [
        pingsInVain(
          'pod1',
          '10.244.2.10',
          'the fabric has never heard of pod addresses, and cannot even say so: pod1’s own address is one of them',
        ),
        asks(
          choose(
            {
              id: 'who-does-not-know',
              ask: 'Who does not know the way?',
              because:
                'The pod has its default route, so has the node. The network between the nodes routes nodes’ subnets only.',
            },
            'the network between the nodes',
            ['the pod', 'its default route hands everything to its node: ip -n pod1 route'],
            [
              'node2',
              'it has a route to its own pods: lab capture node2 shows that the packet never comes so far',
            ],
          ),
        ),
      ],
      hints: ['`lab capture fabric`: does the packet arrive there? What goes back?'],
      solution: { kind: 'answers' },
      because: 'Every plugin is an answer to this: tell the network, or hide the packet from it.',
    },
    {
      id: 'routed',
      task: 'First answer: tell the network. Give the fabric the routes to both pod blocks.',
      checks: [
        pings('pod1', '10.244.2.10', 'the fabric knows the way now'),
        carries(
          { from: 'pod1', to: 'ip:10.244.2.10:8080' },
          {
            at: { in: 'fabric', device: 'to-node1' },
            expect: {
              source: 'ip:10.244.1.10',
              destination: 'ip:10.244.2.10',
              encapsulation: 'none',
            },
            because: 'the pods’ own addresses are on the wire',
          },
        ),
      ],
      hints: ['`ip route add 10.244.1.0/24 via <node1>`, and the other.'],
      solution: typed(
        'fabric',
        'ip route add 10.244.1.0/24 via 10.1.0.10',
        'ip route add 10.244.2.0/24 via 10.2.0.10',
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'one route is missing',
            typing('fabric', 'ip route add 10.244.1.0/24 via 10.1.0.10'),
          ),
          mistake(
            'half',
            'the other route is missing',
            typing('fabric', 'ip route add 10.244.2.0/24 via 10.2.0.10'),
          ),
          mistake(
            'wrong-end',
            'the routes are swapped',
            typing(
              'fabric',
              'ip route add 10.244.1.0/24 via 10.2.0.10',
              'ip route add 10.244.2.0/24 via 10.1.0.10',
            ),
          ),
          mistake(
            'wrong-means',
            'a tunnel, not routes',
            typing(
              'fabric',
              'ip -n node1 link add flannel.1 mtu 1450 type vxlan id 1 local 10.1.0.10 remote 10.2.0.10 dstport 4789',
              'ip -n node1 addr add 10.244.1.0/32 dev flannel.1',
              'ip -n node1 link set flannel.1 up',
              'ip -n node1 route add 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink',
              'ip -n node2 link add flannel.1 mtu 1450 type vxlan id 1 local 10.2.0.10 remote 10.1.0.10 dstport 4789',
              'ip -n node2 addr add 10.244.2.0/32 dev flannel.1',
              'ip -n node2 link set flannel.1 up',
              'ip -n node2 route add 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink',
            ),
          ),
        ],
      },
      because:
        'No overhead, full MTU. The VPC CNI is this (AWS’ network knows every pod address), Calico with BGP is this, Flannel’s host-gw is this between neighbours.',
    },
    {
      id: 'vxlan',
      task: 'Second answer: hide it. Take the fabric’s routes away and join the nodes by a VXLAN (id 1, port 4789), with devices called `flannel.1`.',
      checks: [
        pings('pod1', '10.244.2.10', 'the packet travels inside another one'),
        carries(
          { from: 'pod1', to: 'ip:10.244.2.10:8080' },
          {
            at: { in: 'fabric', device: 'to-node1' },
            expect: { source: 'ip:10.1.0.10', destination: 'ip:10.2.0.10', encapsulation: 'vxlan' },
            because: 'the fabric sees the nodes; the pods’ header is nested inside',
          },
        ),
        ...NODES.map((node) =>
          has(
            node,
            {
              kind: 'interface',
              device: 'flannel.1',
              state: 'up',
              type: 'vxlan',
              mtu: 1450,
              vni: 1,
            },
            'the tunnel has id 1 and takes 50 bytes of every packet',
          ),
        ),
        ...['10.244.1.0/24', '10.244.2.0/24'].map((to) =>
          has(
            'fabric',
            { kind: 'route', to, state: 'absent' },
            'the fabric has no route to the pods',
          ),
        ),
      ],
      hints: [
        'On each node: a vxlan device with the other node as remote, and a route to the other’s pod block through it.',
        'The next hop is the other tunnel’s end: give the devices addresses, such as 10.244.1.0/32 and 10.244.2.0/32, and route `onlink`.',
        'MTU 1450 on the tunnel.',
      ],
      solution: typed(
        'fabric',
        'ip route del 10.244.1.0/24',
        'ip route del 10.244.2.0/24',
        ...NODES.flatMap((node, i) => [
          `ip -n ${node} link add flannel.1 mtu 1450 type vxlan id 1 local 10.${i + 1}.0.10 remote 10.${2 - i}.0.10 dstport 4789`,
          `ip -n ${node} addr add 10.244.${i + 1}.0/32 dev flannel.1`,
          `ip -n ${node} link set flannel.1 up`,
          `ip -n ${node} route add 10.244.${2 - i}.0/24 via 10.244.${2 - i}.0 dev flannel.1 onlink`,
        ]),
      ),
      trials: {
        wrong: [
          mistake(
            'wrong-value',
            'its id is 77',
            typing(
              'fabric',
              'ip route del 10.244.1.0/24',
              'ip route del 10.244.2.0/24',
              'ip -n node1 link add flannel.1 mtu 1450 type vxlan id 77 local 10.1.0.10 remote 10.2.0.10 dstport 4789',
              'ip -n node1 addr add 10.244.1.0/32 dev flannel.1',
              'ip -n node1 link set flannel.1 up',
              'ip -n node1 route add 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink',
              'ip -n node2 link add flannel.1 mtu 1450 type vxlan id 77 local 10.2.0.10 remote 10.1.0.10 dstport 4789',
              'ip -n node2 addr add 10.244.2.0/32 dev flannel.1',
              'ip -n node2 link set flannel.1 up',
              'ip -n node2 route add 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink',
            ),
          ),
          mistake(
            'half',
            'the fabric keeps its routes',
            typing(
              'fabric',
              'ip -n node1 link add flannel.1 mtu 1450 type vxlan id 1 local 10.1.0.10 remote 10.2.0.10 dstport 4789',
              'ip -n node1 addr add 10.244.1.0/32 dev flannel.1',
              'ip -n node1 link set flannel.1 up',
              'ip -n node1 route add 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink',
              'ip -n node2 link add flannel.1 mtu 1450 type vxlan id 1 local 10.2.0.10 remote 10.1.0.10 dstport 4789',
              'ip -n node2 addr add 10.244.2.0/32 dev flannel.1',
              'ip -n node2 link set flannel.1 up',
              'ip -n node2 route add 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink',
            ),
          ),
          mistake(
            'wrong-value',
            'its MTU is 1500',
            typing(
              'fabric',
              'ip route del 10.244.1.0/24',
              'ip route del 10.244.2.0/24',
              'ip -n node1 link add flannel.1 mtu 1500 type vxlan id 1 local 10.1.0.10 remote 10.2.0.10 dstport 4789',
              'ip -n node1 addr add 10.244.1.0/32 dev flannel.1',
              'ip -n node1 link set flannel.1 up',
              'ip -n node1 route add 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink',
              'ip -n node2 link add flannel.1 mtu 1500 type vxlan id 1 local 10.2.0.10 remote 10.1.0.10 dstport 4789',
              'ip -n node2 addr add 10.244.2.0/32 dev flannel.1',
              'ip -n node2 link set flannel.1 up',
              'ip -n node2 route add 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink',
            ),
          ),
          mistake(
            'half',
            'one node has no tunnel',
            typing(
              'fabric',
              'ip route del 10.244.1.0/24',
              'ip route del 10.244.2.0/24',
              'ip -n node1 link add flannel.1 mtu 1450 type vxlan id 1 local 10.1.0.10 remote 10.2.0.10 dstport 4789',
              'ip -n node1 addr add 10.244.1.0/32 dev flannel.1',
              'ip -n node1 link set flannel.1 up',
              'ip -n node1 route add 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink',
            ),
          ),
        ],
      },
      because:
        'It works over any network that carries UDP. Flannel’s and Calico’s VXLAN are this; IP in IP is the same with 20 bytes and no UDP.',
    },
    {
      id: 'mtu',
      task: 'The pods still think 1500 bytes fit. Say what that does, and set their MTU to what the tunnel carries.',
      checks: [
        has(
          'pod1',
          { kind: 'interface', device: 'eth0', state: 'up', mtu: 1450 },
          'the pod builds packets that fit',
        ),
        has('pod2', { kind: 'interface', device: 'eth0', state: 'up', mtu: 1450 }, 'at both ends'),
        asks(
          choose(
            {
              id: 'mtu-symptom',
              ask: 'What does a too large MTU look like when ICMP is filtered?',
              because:
                'Small packets fit. Large ones are dropped, and the message that would say so ("fragmentation needed") is dropped too: a black hole.',
            },
            'connections open, large answers hang',
            ['nothing works at all', 'SYN, SYN-ACK and a short request are small, and pass'],
            [
              'everything is slow',
              'a packet that fits is as fast as ever, and one that does not fit is not late but lost',
            ],
          ),
        ),
      ],
      hints: ['`ip -n pod1 link set eth0 mtu 1450`, and the other end.'],
      solution: typed(
        'fabric',
        ...[1, 2].flatMap((i) => [
          `ip -n pod${i} link set eth0 mtu 1450`,
          `ip -n node${i} link set to-pod mtu 1450`,
        ]),
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'pod2 is left out',
            typing(
              'fabric',
              'ip -n pod1 link set eth0 mtu 1450',
              'ip -n node1 link set to-pod mtu 1450',
            ),
          ),
          mistake(
            'wrong-value',
            '1500 stays at one end',
            typing(
              'fabric',
              'ip -n pod1 link set eth0 mtu 1500',
              'ip -n pod2 link set eth0 mtu 1450',
            ),
          ),
          mistake(
            'wrong-value',
            '1400',
            typing(
              'fabric',
              'ip -n pod1 link set eth0 mtu 1400',
              'ip -n pod2 link set eth0 mtu 1400',
            ),
          ),
          mistake(
            'wrong-end',
            'the nodes, not the pods',
            typing(
              'fabric',
              'ip -n node1 link set to-pod mtu 1450',
              'ip -n node2 link set to-pod mtu 1450',
            ),
          ),
        ],
      },
      because: 'A plugin sets it in ADD: that is what `mtu` in its configuration is for.',
    },
    {
      id: 'choose',
      task: 'Measure with `lab speed`, then fill the table: what does a tunnel cost, who enforces NetworkPolicy, who sees HTTP?',
      checks: [
        asks(
          choose(
            {
              id: 'tunnel-latency',
              ask: '`lab speed` measures a round trip over each data path. By how much is the VXLAN one longer here?',
              because:
                'A header more, a lookup more, twice each way: next to what a process needs to wake up that is little. Run it twice before you trust the last digit.',
            },
            'microseconds',
            [
              'milliseconds',
              'that is a way of some hundred kilometres of fibre; here one kernel wraps and unwraps a packet',
            ],
            [
              'tens of milliseconds',
              'that is a way across a continent; wrapping a packet is a few memory operations',
            ],
          ),
        ),
        asks(
          words(
            {
              id: 'enforcers',
              ask: 'Which of calico, cilium, flannel, weave enforce NetworkPolicy by themselves?',
              because: 'Flannel carries packets and no more.',
            },
            'calico',
            'cilium',
            'weave',
          ),
        ),
        asks(
          count(
            {
              id: 'ipip-mtu',
              ask: 'Nodes have an MTU of 9001 (a VPC). Which MTU do pods get under IP in IP?',
              because: 'Twenty bytes for the outer header.',
            },
            8981,
          ),
        ),
        asks(
          choose(
            {
              id: 'l7',
              ask: 'Which of them sees HTTP requests without a sidecar in each pod?',
              because:
                'Its agent runs one proxy for each node, and eBPF sends there what a policy wants read.',
            },
            'Cilium',
            ['Flannel', 'it carries packets by their addresses and reads nothing further'],
            ['VPC CNI', 'it gives pods addresses of the VPC, and its policies read no HTTP'],
          ),
        ),
      ],
      hints: [
        'The table above the tasks.',
        '`lab speed` takes some seconds and needs no lab to be up.',
      ],
      solution: { kind: 'answers' },
      because:
        'Choose by what must be enforced and where it must run; speed differs less than texts claim.',
    },
  ],
  questions: [
    choose(
      {
        id: 'kindnet',
        ask: 'It is often written that kind’s own plugin has no NetworkPolicy. Is that so?',
        because:
          'kindnet enforces NetworkPolicy since kind 0.24 (2024). For Calico’s own kinds one still installs Calico, with `disableDefaultCNI: true`.',
      },
      'no longer',
      ['yes', 'it was so before 2024: look at the release notes of kind since then'],
      ['only for ingress', 'kube-network-policies, which it carries, judges both directions'],
    ),
    choose(
      {
        id: 'weave-today',
        ask: 'A new cluster in 2026, encrypted between nodes. Weave, as older comparisons suggest?',
        because:
          'Weave Net has had no maintainer since its company closed in 2024. Calico and Cilium encrypt by WireGuard.',
      },
      'no: it is no longer maintained',
      ['yes', 'look at the date of its last release, and ask who would mend a hole in it'],
      [
        'only without policies',
        'policies are not what it lacks; unmaintained encryption is not safer without them',
      ],
    ),
    choose(
      {
        id: 'same-node-cost',
        ask: 'Two pods on one node, VXLAN plugin. What does the tunnel cost them?',
        because: 'The packet never leaves the node. Only the smaller MTU remains.',
      },
      'nothing but the MTU',
      ['50 bytes for each packet', 'the outer header is put on where a packet leaves its node'],
      [
        'twice the latency',
        'both pods hang on one node: follow the packet with lab capture, and count the devices',
      ],
    ),
  ],
});
