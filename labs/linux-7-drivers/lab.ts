import { defineLab } from '../../lib/lab/format';
import {
  allowed,
  asks,
  cannotPing,
  carries,
  choose,
  has,
  linesIn,
  pings,
  typed,
  words,
} from '../../lib/lab/words';

export default defineLab({
  id: 'linux-7-drivers',
  level: 1,
  title: 'Docker’s networks, by hand',
  goal: 'Rebuild the drivers none, bridge, host, macvlan and overlay, and say what each can reach.',
  prerequisites: ['linux-3-nat', 'linux-6-container'],
  targets: ['local'],
  cost: 'none',
  environment: {
    kind: 'linux',
    machines: [
      { name: 'host', listens: [7000] },
      { name: 'web', listens: [80] },
      { name: 'api' },
      { name: 'lonely' },
      { name: 'printer' },
      { name: 'host2', listens: [7000] },
      { name: 'remote' },
    ],
    prepare: linesIn(
      'host',
      'ip link add lan type veth peer name lan netns host2',
      'ip addr add 10.9.0.1/24 dev lan',
      'ip link set lan up',
      'ip -n host2 addr add 10.9.0.2/24 dev lan',
      'ip -n host2 link set lan up',
      'sysctl -qw net.ipv4.ip_forward=1',
    ),
  },
  stages: [],
  steps: [
    {
      id: 'none',
      task: 'Driver `none`: `lonely` gets nothing. Show what it can reach.',
      checks: [
        pings('lonely', '127.0.0.1', 'itself'),
        cannotPing('lonely', '10.9.0.1', 'and nobody else: no route at all'),
        asks(
          choose(
            {
              id: 'none-for',
              ask: 'What is a container without a network good for?',
              because:
                'Work on files that must not talk to anybody: the strongest isolation is no interface.',
            },
            'work that must not talk to anybody',
            [
              'faster networking',
              'there is nothing to be fast on but its own loopback; the fast driver is host',
            ],
            [
              'nothing',
              'much work only reads files and writes files: think of what a stolen process could do there',
            ],
          ),
        ),
      ],
      hints: ['`ip -n lonely link`.'],
      solution: { kind: 'answers' },
      because: 'Every driver begins here: a sandbox with a loopback.',
    },
    {
      id: 'bridge',
      task: 'Driver `bridge`: network 172.20.0.0/16 with gateway 172.20.0.1 on `br0`; web is .2, api is .3. Publish web’s port 80 as 8080 of the host.',
      checks: [
        has(
          'host',
          { kind: 'address', device: 'br0', address: '172.20.0.1/16' },
          'the bridge is the gateway',
        ),
        allowed('api', 'ip:172.20.0.2:80', 'containers of one network reach each other'),
        allowed('api', 'ip:10.9.0.2:7000', 'the world outside is reached by masquerading'),
        allowed('host2', 'ip:10.9.0.1:8080', 'and the world reaches the published port'),
      ],
      hints: [
        '`linux-2-bridge` and `linux-3-nat` together.',
        'Masquerade what leaves the bridge: `oifname != "br0"`.',
      ],
      solution: typed(
        'host',
        'ip link add br0 type bridge',
        'ip addr add 172.20.0.1/16 dev br0',
        'ip link set br0 up',
        ...['web', 'api'].flatMap((name, i) => [
          `ip link add to-${name} type veth peer name eth0 netns ${name}`,
          `ip link set to-${name} master br0 up`,
          `ip -n ${name} addr add 172.20.0.${i + 2}/16 dev eth0`,
          `ip -n ${name} link set eth0 up`,
          `ip -n ${name} route add default via 172.20.0.1`,
        ]),
        'nft add table ip docker',
        "nft 'add chain ip docker post { type nat hook postrouting priority srcnat; }'",
        'nft \'add rule ip docker post ip saddr 172.20.0.0/16 oifname != "br0" masquerade\'',
        "nft 'add chain ip docker pre { type nat hook prerouting priority dstnat; }'",
        'nft add rule ip docker pre iifname lan tcp dport 8080 dnat to 172.20.0.2:80',
      ),
      because:
        '`docker network create --subnet 172.20.0.0/16` types nearly this. Names come from a DNS server at 127.0.0.11 that only user-defined networks have.',
    },
    {
      id: 'macvlan',
      task: 'Driver `macvlan`: give `printer` an interface of its own on the LAN, 10.9.0.50/24, without any bridge.',
      checks: [
        has(
          'printer',
          { kind: 'interface', device: 'eth0', state: 'up', type: 'macvlan' },
          'a second MAC address on the same cable',
        ),
        pings('printer', '10.9.0.2', 'on the LAN it is a machine like any other'),
        {
          kind: 'ping',
          from: 'printer',
          to: '10.9.0.1',
          expect: 'silent',
          because:
            'a macvlan never talks to the interface it hangs on: the host is the one it cannot reach',
        },
      ],
      hints: [
        '`ip link add printer0 link lan type macvlan mode bridge`.',
        'Move it, rename it to eth0, give it the address.',
      ],
      solution: typed(
        'host',
        'ip link add printer0 link lan type macvlan mode bridge',
        'ip link set printer0 netns printer',
        'ip -n printer link set printer0 name eth0',
        'ip -n printer addr add 10.9.0.50/24 dev eth0',
        'ip -n printer link set eth0 up',
      ),
      because:
        'The switch outside sees many MAC addresses on one port: clouds forbid that, so macvlan is for your own LAN.',
    },
    {
      id: 'overlay',
      task: 'Driver `overlay`: put `remote` on host2 into one network with api, 10.99.0.0/24, through a VXLAN with id 42 between the hosts (port 4789).',
      checks: [
        has(
          'host',
          {
            kind: 'interface',
            device: 'vx42',
            state: 'up',
            type: 'vxlan',
            master: 'br1',
            mtu: 1450,
          },
          'the tunnel is one more port of the bridge, and takes 50 bytes of each packet',
        ),
        pings('remote', '10.99.0.3', 'two machines, one network'),
        carries(
          { from: 'remote', to: 'ip:10.99.0.3:80' },
          {
            at: { in: 'host', device: 'lan' },
            expect: { source: 'ip:10.9.0.2', destination: 'ip:10.9.0.1', encapsulation: 'vxlan' },
            because: 'outside, host2 talks to host; the containers’ addresses are inside',
          },
        ),
      ],
      hints: [
        '`ip link add vx42 type vxlan id 42 local 10.9.0.1 remote 10.9.0.2 dstport 4789`, and its mirror on host2.',
        'A bridge on each host: the VXLAN device is one port, the container’s cable another.',
        'The MTU of everything inside is 1450.',
      ],
      solution: typed(
        'host',
        'ip link add br1 type bridge',
        'ip link set br1 up',
        'ip link add vx42 mtu 1450 type vxlan id 42 local 10.9.0.1 remote 10.9.0.2 dstport 4789',
        'ip link set vx42 master br1 up',
        'ip link add over-api mtu 1450 type veth peer name eth1 mtu 1450 netns api',
        'ip link set over-api master br1 up',
        'ip -n api addr add 10.99.0.3/24 dev eth1',
        'ip -n api link set eth1 up',
        'ip -n host2 link add br1 type bridge',
        'ip -n host2 link set br1 up',
        'ip -n host2 link add vx42 mtu 1450 type vxlan id 42 local 10.9.0.2 remote 10.9.0.1 dstport 4789',
        'ip -n host2 link set vx42 master br1 up',
        'ip -n host2 link add over-remote mtu 1450 type veth peer name eth1 mtu 1450 netns remote',
        'ip -n host2 link set over-remote master br1 up',
        'ip -n remote addr add 10.99.0.4/24 dev eth1',
        'ip -n remote link set eth1 up',
      ),
      because:
        'Ethernet frames travel inside UDP packets between the hosts. Flannel, Calico and Swarm do the same.',
    },
    {
      id: 'host-driver',
      task: 'Driver `host`: nothing to build. Say what a container in the host’s own network gives up.',
      checks: [
        allowed(
          'host',
          'ip:10.9.0.1:7000',
          'a listener of the host is reached at the host’s address',
        ),
        asks(
          words(
            {
              id: 'host-gives-up',
              ask: 'Which two are lost with the host driver? (isolation, speed, ports, dns)',
              because:
                'It sees and binds what the host does: no isolation, and ports may clash. It is the fastest of all.',
            },
            'isolation',
            'ports',
          ),
        ),
      ],
      hints: ['Two web servers on one host, both want port 80.'],
      solution: { kind: 'answers' },
      because: 'hostNetwork pods are this. No policy selects them.',
    },
  ],
  questions: [
    choose(
      {
        id: 'cnm-endpoint',
        ask: 'Docker’s model has sandbox, endpoint and network. Which is the veth pair?',
        because:
          'The sandbox is the namespace, the network the bridge (or tunnel), and the endpoint what connects them.',
      },
      'the endpoint',
      [
        'the sandbox',
        'that is what the container has for itself: interfaces, routes and DNS, whoever connects it',
      ],
      ['the network', 'that is where many meet, like a bridge; a cable belongs to one container'],
    ),
    choose(
      {
        id: 'driver-choice',
        ask: 'Containers on several hosts must be in one network. Which driver?',
        because:
          'bridge ends at its host; macvlan needs one LAN; overlay carries a network across.',
      },
      'overlay',
      ['bridge', 'a bridge is a switch inside one kernel: look at which hosts its ports belong to'],
      [
        'host',
        'then containers are in no network of their own, and their ports clash with the host’s',
      ],
    ),
    choose(
      {
        id: 'default-names',
        ask: 'Two containers on Docker’s default `bridge` network: does `ping db` work by name?',
        because:
          'Only user-defined networks have the embedded DNS. That is why problem 1 of the notes makes its own.',
      },
      'no',
      [
        'yes',
        'a name must be somebody’s to answer: the default bridge hands containers the host’s resolvers, which do not know db',
      ],
      ['only after a restart', 'a restart may change the address, and not who is asked for names'],
    ),
  ],
});
