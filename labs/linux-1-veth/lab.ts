import { defineLab } from '../../lib/lab/format';
import { mistake, typing } from '../../lib/lab/trial-words';
import { asks, cannotPing, choose, count, has, pings, typed, word } from '../../lib/lab/words';
import head from './head';

export default defineLab({
  id: 'linux-1-veth',
  level: 1,
  title: 'Two namespaces and a cable',
  goal: 'Make two isolated networks on one machine and connect them by hand.',
  head,
  prerequisites: [],
  targets: ['local'],
  cost: 'none',
  environment: { kind: 'linux', machines: [{ name: 'host' }], prepare: [] },
  stages: [],
  steps: [
    {
      id: 'namespaces',
      task: 'Make two network namespaces, `red` and `blue`. Look inside each, and look at what appeared in `/run/netns`.',
      checks: [
        has('host', { kind: 'namespace', name: 'red', state: 'present' }, 'red has a name'),
        has('host', { kind: 'namespace', name: 'blue', state: 'present' }, 'blue has a name'),
        cannotPing(
          'red',
          '192.168.15.2',
          'a new namespace has a loopback that is down and no route: the kernel refuses at once',
        ),
        asks(
          count(
            {
              id: 'interfaces-of-new',
              ask: 'How many interfaces has a new namespace?',
              because: 'Only lo, and even that is down.',
            },
            1,
          ),
        ),
        asks(
          word(
            {
              id: 'list-namespaces',
              sort: 'a command',
              ask: 'Which command lists the named namespaces of a machine?',
              because:
                'It lists /run/netns. A namespace without a file there (every container’s) is only seen by `lsns -t net`.',
            },
            ['ip netns list', 'ip netns', 'ip netns ls', 'ls /run/netns', 'ls /var/run/netns'],
            [
              ['ip link', 'it lists the devices of one namespace'],
              ['ip a', 'it lists the addresses of one namespace'],
              ['ls', 'of which folder? Named namespaces are files somewhere'],
            ],
          ),
        ),
      ],
      hints: [
        'Open a shell: `lab shell host`. Then `ip netns help`.',
        '`ip netns add red`; inside: `ip netns exec red ip link`, or shorter `ip -n red link`.',
      ],
      solution: typed('host', 'ip netns add red', 'ip netns add blue'),
      trials: {
        wrong: [
          mistake('half', 'blue is missing', typing('host', 'ip netns add red')),
          mistake('half', 'red is missing', typing('host', 'ip netns add blue')),
          mistake(
            'wrong-value',
            'other names',
            typing('host', 'ip netns add Red', 'ip netns add Blue'),
          ),
        ],
      },
      because:
        'A namespace is a whole network stack of its own: interfaces, routes, rules, sockets. The file in /run/netns only keeps it alive without a process.',
    },
    {
      id: 'cable',
      task: 'Make a virtual cable with the ends `veth-red` and `veth-blue`, and plug each into the namespace of its name. Watch where the ends go.',
      checks: [
        has(
          'red',
          { kind: 'interface', device: 'veth-red', state: 'down', type: 'veth' },
          'one end is in red, and still down',
        ),
        has(
          'blue',
          { kind: 'interface', device: 'veth-blue', state: 'down', type: 'veth' },
          'the other end is in blue',
        ),
        has(
          'host',
          { kind: 'interface', device: 'veth-red', state: 'absent' },
          'a device lives in one namespace: it left the host',
        ),
      ],
      hints: [
        '`ip link add <one end> type veth peer name <other end>` makes both at once.',
        '`ip link set veth-red netns red` moves one.',
      ],
      solution: typed(
        'host',
        'ip link add veth-red type veth peer name veth-blue',
        'ip link set veth-red netns red',
        'ip link set veth-blue netns blue',
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'both ends are still on the host',
            typing('host', 'ip link add veth-red type veth peer name veth-blue'),
          ),
          mistake(
            'half',
            'one end is still on the host',
            typing(
              'host',
              'ip link add veth-red type veth peer name veth-blue',
              'ip link set veth-blue netns blue',
            ),
          ),
          mistake(
            'wrong-end',
            'the ends are swapped',
            typing(
              'host',
              'ip link add veth-red netns blue type veth peer name veth-blue netns red',
            ),
          ),
          mistake(
            'wrong-means',
            'dummy devices are no cable',
            typing(
              'host',
              'ip -n red link add veth-red type dummy',
              'ip -n blue link add veth-blue type dummy',
            ),
          ),
        ],
      },
      because:
        'What goes in at one end comes out at the other: a veth pair is a cable with two plugs. Moving an end takes its addresses away and sets it down.',
    },
    {
      id: 'addresses',
      task: 'Give the ends 192.168.15.1/24 (red) and 192.168.15.2/24 (blue), set them and each `lo` up, and ping.',
      checks: [
        has(
          'red',
          { kind: 'address', device: 'veth-red', address: '192.168.15.1/24' },
          'the prefix tells red who its neighbours are',
        ),
        has(
          'blue',
          { kind: 'address', device: 'veth-blue', address: '192.168.15.2/24' },
          'blue has the same prefix',
        ),
        has('red', { kind: 'interface', device: 'veth-red', state: 'up' }, 'this end is up'),
        has(
          'red',
          { kind: 'route', to: '192.168.15.0/24', device: 'veth-red' },
          'the address brought its route along',
        ),
        pings('red', '192.168.15.2', 'red reaches blue'),
        pings('blue', '192.168.15.1', 'and blue reaches red'),
        pings('blue', '127.0.0.1', 'each has a loopback of its own, once it is up'),
      ],
      hints: [
        'Both ends must be up: a cable needs two plugs.',
        '`ip -n red addr add 192.168.15.1/24 dev veth-red`, `ip -n red link set veth-red up`, `ip -n red link set lo up`; the same for blue.',
      ],
      solution: typed(
        'host',
        'ip -n red addr add 192.168.15.1/24 dev veth-red',
        'ip -n blue addr add 192.168.15.2/24 dev veth-blue',
        'ip -n red link set veth-red up',
        'ip -n blue link set veth-blue up',
        'ip -n red link set lo up',
        'ip -n blue link set lo up',
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'one end is down',
            typing(
              'host',
              'ip -n red addr add 192.168.15.1/24 dev veth-red',
              'ip -n blue addr add 192.168.15.2/24 dev veth-blue',
              'ip -n red link set veth-red up',
              'ip -n red link set lo up',
              'ip -n blue link set lo up',
            ),
          ),
          mistake(
            'wrong-value',
            'the prefix of blue is /16',
            typing(
              'host',
              'ip -n red addr add 192.168.15.1/24 dev veth-red',
              'ip -n blue addr add 192.168.15.2/16 dev veth-blue',
              'ip -n red link set veth-red up',
              'ip -n blue link set veth-blue up',
              'ip -n red link set lo up',
              'ip -n blue link set lo up',
            ),
          ),
          mistake(
            'wrong-end',
            'the addresses are swapped',
            typing(
              'host',
              'ip -n red addr add 192.168.15.2/24 dev veth-red',
              'ip -n blue addr add 192.168.15.1/24 dev veth-blue',
              'ip -n red link set veth-red up',
              'ip -n blue link set veth-blue up',
              'ip -n red link set lo up',
              'ip -n blue link set lo up',
            ),
          ),
          mistake(
            'half',
            'loopback of blue is down',
            typing(
              'host',
              'ip -n red addr add 192.168.15.1/24 dev veth-red',
              'ip -n blue addr add 192.168.15.2/24 dev veth-blue',
              'ip -n red link set veth-red up',
              'ip -n blue link set veth-blue up',
              'ip -n red link set lo up',
            ),
          ),
        ],
      },
      because:
        'Address, route, neighbour: the route says "on this cable", ARP finds the MAC address at its other end, and the packet goes.',
    },
    {
      id: 'clean-up',
      task: 'Take everything away again. Delete one end of the cable first, and see what becomes of the other.',
      checks: [
        has('host', { kind: 'namespace', name: 'red', state: 'absent' }, 'red is gone'),
        has('host', { kind: 'namespace', name: 'blue', state: 'absent' }, 'blue is gone'),
        asks(
          choose(
            {
              id: 'other-end',
              ask: 'You deleted `veth-red`. What became of `veth-blue`?',
              because:
                'A pair is one thing. Deleting a namespace deletes its ends, and so their peers elsewhere.',
            },
            'it is gone too',
            [
              'it stays and is down',
              'a cable with one plug does not exist: look at both namespaces after deleting one end',
            ],
            [
              'it moves back to the host',
              'that is what a physical card does when its namespace goes; a veth end is made and deleted with its peer',
            ],
          ),
        ),
      ],
      hints: ['`ip -n red link del veth-red`, then `ip netns del red` and `blue`.'],
      solution: typed(
        'host',
        'ip -n red link del veth-red',
        'ip netns del red',
        'ip netns del blue',
      ),
      trials: {
        wrong: [
          mistake('half', 'blue is still there', typing('host', 'ip netns del red')),
          mistake('half', 'red is still there', typing('host', 'ip netns del blue')),
          mistake(
            'wrong-means',
            'only the cable is gone',
            typing('host', 'ip -n red link del veth-red'),
          ),
        ],
      },
      because:
        'The kernel cleans up after itself: when no process and no file refers to a namespace, everything in it is removed.',
    },
  ],
  questions: [
    choose(
      {
        id: 'why-isolated',
        ask: 'Why do two new namespaces on one machine not reach each other?',
        because:
          'They share the kernel and nothing of its network: no interface, no route, no table of neighbours.',
      },
      'they share no interface and no route',
      [
        'a firewall stands between them',
        'nft list ruleset is empty in both; something more basic is missing',
      ],
      ['they have the same address', 'they have no address at all yet'],
    ),
    choose(
      {
        id: 'like-a-container',
        ask: 'What has this to do with a container?',
        because:
          'A container’s eth0 is the end of a veth pair in its own namespace; the other end is on the node. A runtime and a CNI plugin type these very commands.',
      },
      'its eth0 is one end of such a cable',
      [
        'nothing: containers use virtual machines',
        'a container is processes of the same kernel, with namespaces of their own',
      ],
      [
        'containers share the host’s namespace by default',
        'only with host networking; by default a container gets a network of its own',
      ],
    ),
    choose(
      {
        id: 'sudo-trap',
        ask: 'A script that makes namespaces ends with `sudo trap cleanup EXIT`. What happens?',
        because:
          '`trap` belongs to the shell itself. sudo looks for a program of that name, finds none, and the clean-up never runs.',
      },
      'an error: trap is no program',
      [
        'the clean-up runs as root',
        'what would sudo have to start? trap is a word of the shell, and no file anywhere',
      ],
      ['the clean-up runs twice', 'it does not run once'],
    ),
  ],
});
