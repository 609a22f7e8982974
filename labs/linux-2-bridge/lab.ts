import { defineLab } from '../../lib/lab/format';
import { alternative, mistake, typing } from '../../lib/lab/trial-words';
import { choose, count, has, pings, typed } from '../../lib/lab/words';
import head from './head';

const NAMES = ['red', 'blue', 'green'] as const;

export default defineLab({
  id: 'linux-2-bridge',
  level: 1,
  title: 'A bridge: a switch in the kernel',
  goal: 'Join three namespaces and their machine by a bridge, and watch it learn who is where.',
  head,
  prerequisites: ['linux-1-veth'],
  targets: ['local'],
  cost: 'none',
  environment: {
    kind: 'linux',
    machines: [{ name: 'host' }, ...NAMES.map((name) => ({ name }))],
    prepare: [],
  },
  stages: [],
  steps: [
    {
      id: 'bridge',
      task: 'Make a bridge `v-net-0` on the host and set it up.',
      checks: [
        has(
          'host',
          { kind: 'interface', device: 'v-net-0', state: 'up', type: 'bridge' },
          'the switch has power',
        ),
      ],
      hints: ['`ip link add <name> type bridge` makes it, `ip link set <name> up` gives it power.'],
      solution: typed('host', 'ip link add v-net-0 type bridge', 'ip link set v-net-0 up'),
      trials: {
        wrong: [
          mistake('half', 'it is down', typing('host', 'ip link add v-net-0 type bridge')),
          mistake(
            'wrong-value',
            'another name',
            typing('host', 'ip link add br0 type bridge', 'ip link set br0 up'),
          ),
          mistake(
            'wrong-means',
            'a dummy device is no bridge',
            typing('host', 'ip link add v-net-0 type dummy', 'ip link set v-net-0 up'),
          ),
          mistake(
            'wrong-means',
            'a veth pair is no bridge',
            typing(
              'host',
              'ip link add v-net-0 type veth peer name v-net-1',
              'ip link set v-net-0 up',
            ),
          ),
        ],
      },
      because: 'A bridge forwards frames by MAC address between whatever is plugged into it.',
    },
    {
      id: 'join',
      task: 'Run a cable from each of red, blue and green to the bridge: `veth-red` in red, its peer `veth-red-br` in the bridge, and so on.',
      checks: [
        ...NAMES.map((name) =>
          has(
            'host',
            {
              kind: 'interface',
              device: `veth-${name}-br`,
              state: 'up',
              type: 'veth',
              master: 'v-net-0',
            },
            `${name}’s cable is plugged into the switch and up`,
          ),
        ),
        ...NAMES.map((name) =>
          has(
            name,
            { kind: 'interface', device: `veth-${name}`, state: 'up', type: 'veth' },
            `the other end is in ${name}, up`,
          ),
        ),
      ],
      hints: [
        'Plugging in: `ip link set veth-red-br master v-net-0`.',
        'Both ends up, in both places.',
      ],
      solution: typed(
        'host',
        ...NAMES.flatMap((name) => [
          `ip link add veth-${name} type veth peer name veth-${name}-br`,
          `ip link set veth-${name} netns ${name}`,
          `ip link set veth-${name}-br master v-net-0`,
          `ip link set veth-${name}-br up`,
          `ip -n ${name} link set veth-${name} up`,
        ]),
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'green has no cable',
            typing(
              'host',
              'ip link add veth-red type veth peer name veth-red-br',
              'ip link set veth-red netns red',
              'ip link set veth-red-br master v-net-0',
              'ip link set veth-red-br up',
              'ip -n red link set veth-red up',
              'ip link add veth-blue type veth peer name veth-blue-br',
              'ip link set veth-blue netns blue',
              'ip link set veth-blue-br master v-net-0',
              'ip link set veth-blue-br up',
              'ip -n blue link set veth-blue up',
            ),
          ),
          mistake(
            'half',
            'the ends in the namespaces are down',
            typing(
              'host',
              'ip link add veth-red type veth peer name veth-red-br',
              'ip link set veth-red netns red',
              'ip link set veth-red-br master v-net-0',
              'ip link set veth-red-br up',
              'ip link add veth-blue type veth peer name veth-blue-br',
              'ip link set veth-blue netns blue',
              'ip link set veth-blue-br master v-net-0',
              'ip link set veth-blue-br up',
              'ip link add veth-green type veth peer name veth-green-br',
              'ip link set veth-green netns green',
              'ip link set veth-green-br master v-net-0',
              'ip link set veth-green-br up',
            ),
          ),
          mistake(
            'half',
            'nothing is plugged in',
            typing(
              'host',
              'ip link add veth-red type veth peer name veth-red-br',
              'ip link set veth-red netns red',
              'ip link set veth-red-br up',
              'ip -n red link set veth-red up',
              'ip link add veth-blue type veth peer name veth-blue-br',
              'ip link set veth-blue netns blue',
              'ip link set veth-blue-br up',
              'ip -n blue link set veth-blue up',
              'ip link add veth-green type veth peer name veth-green-br',
              'ip link set veth-green netns green',
              'ip link set veth-green-br up',
              'ip -n green link set veth-green up',
            ),
          ),
          mistake(
            'wrong-end',
            'the cable of red hangs in blue',
            typing(
              'host',
              'ip link add veth-red type veth peer name veth-red-br',
              'ip link set veth-red netns blue',
              'ip link set veth-red-br master v-net-0',
              'ip link set veth-red-br up',
              'ip -n blue link set veth-red up',
              'ip link add veth-blue type veth peer name veth-blue-br',
              'ip link set veth-blue netns blue',
              'ip link set veth-blue-br master v-net-0',
              'ip link set veth-blue-br up',
              'ip -n blue link set veth-blue up',
              'ip link add veth-green type veth peer name veth-green-br',
              'ip link set veth-green netns green',
              'ip link set veth-green-br master v-net-0',
              'ip link set veth-green-br up',
              'ip -n green link set veth-green up',
            ),
          ),
        ],
        alternatives: [
          alternative(
            'the ends are made in place',
            typing(
              'host',
              'ip link add veth-red-br master v-net-0 up type veth peer name veth-red netns red',
              'ip -n red link set veth-red up',
              'ip link add veth-blue-br master v-net-0 up type veth peer name veth-blue netns blue',
              'ip -n blue link set veth-blue up',
              'ip link add veth-green-br master v-net-0 up type veth peer name veth-green netns green',
              'ip -n green link set veth-green up',
            ),
          ),
        ],
      },
      because:
        'With a cable for each pair, ten namespaces need 45 cables. With a switch they need ten.',
    },
    {
      id: 'mesh',
      task: 'Give red, blue and green 192.168.15.1, .2 and .3 with /24, and ping in every direction.',
      checks: [
        ...NAMES.map((name, i) =>
          has(
            name,
            { kind: 'address', device: `veth-${name}`, address: `192.168.15.${i + 1}/24` },
            `${name} has its address, and /24 says who is its neighbour`,
          ),
        ),
        pings('red', '192.168.15.2', 'red reaches blue through the switch'),
        pings('blue', '192.168.15.3', 'blue reaches green'),
        pings('green', '192.168.15.1', 'green reaches red'),
        has(
          'host',
          { kind: 'learned-mac', device: 'veth-red-br' },
          'the bridge saw a frame from red come in there and remembers the MAC',
        ),
      ],
      hints: [
        '`ip -n red addr add 192.168.15.1/24 dev veth-red`.',
        '`bridge fdb show br v-net-0` lists what it learned.',
      ],
      solution: typed(
        'host',
        ...NAMES.map((name, i) => `ip -n ${name} addr add 192.168.15.${i + 1}/24 dev veth-${name}`),
      ),
      trials: {
        wrong: [
          mistake(
            'wrong-value',
            'the prefix is /16',
            typing(
              'host',
              'ip -n red addr add 192.168.15.1/16 dev veth-red',
              'ip -n blue addr add 192.168.15.2/16 dev veth-blue',
              'ip -n green addr add 192.168.15.3/16 dev veth-green',
            ),
          ),
          mistake(
            'half',
            'green has no address',
            typing(
              'host',
              'ip -n red addr add 192.168.15.1/24 dev veth-red',
              'ip -n blue addr add 192.168.15.2/24 dev veth-blue',
            ),
          ),
          mistake(
            'wrong-end',
            'red and blue are swapped',
            typing(
              'host',
              'ip -n blue addr add 192.168.15.1/24 dev veth-blue',
              'ip -n red addr add 192.168.15.2/24 dev veth-red',
              'ip -n green addr add 192.168.15.3/24 dev veth-green',
            ),
          ),
          mistake(
            'wrong-value',
            'each is alone in a /32',
            typing(
              'host',
              'ip -n red addr add 192.168.15.1/32 dev veth-red',
              'ip -n blue addr add 192.168.15.2/32 dev veth-blue',
              'ip -n green addr add 192.168.15.3/32 dev veth-green',
            ),
          ),
        ],
      },
      because:
        'The first frame to an unknown MAC goes out of every port; the answer tells the bridge where it lives. From then on one port is enough.',
    },
    {
      id: 'host',
      task: 'Let the host itself take part: give the bridge 192.168.15.5/24.',
      checks: [
        has(
          'host',
          { kind: 'address', device: 'v-net-0', address: '192.168.15.5/24' },
          'the bridge device is the host’s own port into the switch',
        ),
        pings('host', '192.168.15.1', 'the host reaches red'),
        pings('green', '192.168.15.5', 'and green reaches the host'),
      ],
      hints: [
        'A bridge may have an address like any device: `ip addr add <address>/24 dev v-net-0`.',
      ],
      solution: typed('host', 'ip addr add 192.168.15.5/24 dev v-net-0'),
      trials: {
        wrong: [
          mistake(
            'wrong-value',
            'the prefix is /32',
            typing('host', 'ip addr add 192.168.15.5/32 dev v-net-0'),
          ),
          mistake(
            'wrong-end',
            'the address hangs on a port of the bridge',
            typing('host', 'ip addr add 192.168.15.5/24 dev veth-red-br'),
          ),
          mistake(
            'wrong-value',
            'another address',
            typing('host', 'ip addr add 192.168.15.6/24 dev v-net-0'),
          ),
          mistake(
            'wrong-value',
            'the prefix is /16',
            typing('host', 'ip addr add 192.168.15.5/16 dev v-net-0'),
          ),
        ],
      },
      because: 'docker0 and cni0 are exactly this: a bridge whose address is the pods’ gateway.',
    },
  ],
  questions: [
    count(
      {
        id: 'cables',
        ask: 'Twenty containers on one bridge: how many veth pairs?',
        because: 'One each; the bridge does the rest.',
      },
      20,
    ),
    choose(
      {
        id: 'bridge-or-route',
        ask: 'The VPC CNI uses no bridge. What stands in its place?',
        because:
          'Each pod has a /32 and a route on the node to its veth. No learning, no flooding, and policies see every packet being forwarded.',
      },
      'a route on the node to each pod’s veth',
      [
        'a bridge for each pod',
        'then two pods of one node would still need something between the bridges: the node’s routes',
      ],
      ['macvlan', 'the VPC CNI uses it for nothing: look at ip route on such a node'],
    ),
    choose(
      {
        id: 'hops',
        ask: 'red pings blue through the bridge. By how much is the packet’s TTL lowered?',
        because: 'A switch does not touch the IP header; a router would take one.',
      },
      'by nothing',
      ['by one', 'that is what a router does; a switch reads the Ethernet header only'],
      ['by two', 'no hop on this path routes'],
    ),
  ],
});
