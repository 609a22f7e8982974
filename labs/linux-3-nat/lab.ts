import { defineLab } from '../../lib/lab/format';
import { alternative, mistake, typing } from '../../lib/lab/trial-words';
import {
  allowed,
  asks,
  carries,
  choose,
  has,
  linesIn,
  machinesReach,
  pings,
  pingsInVain,
  typed,
} from '../../lib/lab/words';
import head from './head';

/** Both namespaces reach outside by the host, and outside has no way to them. */
const HIDDEN = [
  { from: ['red', 'blue'], to: ['203.0.113.2'], ports: [80], expect: 'allowed', by: 'outside' },
  { from: ['red', 'blue'], to: ['203.0.113.2'], ports: [81, 'udp:9', 'icmp'], expect: 'refused' },
  {
    from: ['outside'],
    to: ['192.168.15.1', '192.168.15.2'],
    ports: [80, 'icmp'],
    expect: 'unreachable',
  },
  {
    from: ['outside'],
    to: ['203.0.113.1'],
    ports: [80, 81, 8080, 'udp:8080', 'icmp'],
    expect: 'refused',
  },
] as const;

export default defineLab({
  id: 'linux-3-nat',
  level: 1,
  title: 'NAT: out by masquerading, in by a published port',
  goal: 'Route namespaces to a network that does not know them, by masquerading, and publish a port of one.',
  head,
  prerequisites: ['linux-2-bridge'],
  targets: ['local'],
  cost: 'none',
  environment: {
    kind: 'linux',
    machines: [
      { name: 'host' },
      { name: 'red' },
      { name: 'blue', listens: [80] },
      { name: 'outside', listens: [80] },
    ],
    prepare: linesIn(
      'host',
      'ip link add v-net-0 type bridge',
      'ip link set v-net-0 up',
      'ip addr add 192.168.15.5/24 dev v-net-0',
      ...['red', 'blue'].flatMap((name, i) => [
        `ip link add veth-${name} type veth peer name veth-${name}-br`,
        `ip link set veth-${name} netns ${name}`,
        `ip link set veth-${name}-br master v-net-0 up`,
        `ip -n ${name} addr add 192.168.15.${i + 1}/24 dev veth-${name}`,
        `ip -n ${name} link set veth-${name} up`,
      ]),
      'ip link add uplink type veth peer name eth0 netns outside',
      'ip addr add 203.0.113.1/24 dev uplink',
      'ip link set uplink up',
      'ip -n outside addr add 203.0.113.2/24 dev eth0',
      'ip -n outside link set eth0 up',
      'sysctl -qw net.ipv4.ip_forward=0',
    ),
  },
  stages: [],
  steps: [
    {
      id: 'route',
      task: 'Give red and blue a default route, and let the host forward. Then ping 203.0.113.2 from blue: still nothing. Why?',
      checks: [
        has(
          'blue',
          { kind: 'route', to: 'default', via: '192.168.15.5' },
          'everything that is no neighbour goes to the host',
        ),
        has(
          'red',
          { kind: 'route', to: 'default', via: '192.168.15.5' },
          'red sends by the host too',
        ),
        has(
          'host',
          { kind: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' },
          'a host forwards for others only when told to',
        ),
        pingsInVain('blue', '203.0.113.2', 'the packet arrives; its answer has no way back'),
        asks(
          choose(
            {
              id: 'why-silent',
              ask: 'blue’s packet reaches outside. Why is there no answer?',
              because:
                'outside sees the source 192.168.15.2 and has no route to it: the reply is never sent.',
            },
            'outside has no route to 192.168.15.0/24',
            ['the host drops the packet', 'lab capture outside shows that it arrives'],
            [
              'outside has a firewall',
              'outside has no rule; ask what outside would do with the answer',
            ],
          ),
        ),
      ],
      hints: [
        '`ip -n blue route add default via …`: which address of the host is blue’s neighbour?',
        '`sysctl -w net.ipv4.ip_forward=1`.',
        '`lab capture outside` shows that the request arrives.',
      ],
      solution: typed(
        'host',
        'ip -n blue route add default via 192.168.15.5',
        'ip -n red route add default via 192.168.15.5',
        'sysctl -w net.ipv4.ip_forward=1',
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'the host does not forward',
            typing(
              'host',
              'ip -n blue route add default via 192.168.15.5',
              'ip -n red route add default via 192.168.15.5',
            ),
          ),
          mistake(
            'half',
            'red has no route',
            typing(
              'host',
              'ip -n blue route add default via 192.168.15.5',
              'sysctl -w net.ipv4.ip_forward=1',
            ),
          ),
          mistake(
            'wrong-value',
            'the route leads to red',
            typing(
              'host',
              'ip -n blue route add default via 192.168.15.1',
              'ip -n red route add default via 192.168.15.5',
              'sysctl -w net.ipv4.ip_forward=1',
            ),
          ),
          mistake(
            'wrong-means',
            'outside got a route back',
            typing(
              'host',
              'ip -n blue route add default via 192.168.15.5',
              'ip -n red route add default via 192.168.15.5',
              'sysctl -w net.ipv4.ip_forward=1',
              'ip -n outside route add 192.168.15.0/24 via 203.0.113.1',
            ),
          ),
        ],
      },
      because:
        'Before, the error came at once (no route). Now it is silence. The kind of failure says how far the packet came.',
    },
    {
      id: 'masquerade',
      task: 'Hide the namespaces behind the host’s address 203.0.113.1.',
      checks: [
        pings('blue', '203.0.113.2', 'the answer goes to the host, which gives it to blue'),
        allowed('blue', 'ip:203.0.113.2:80', 'TCP too'),
        carries(
          { from: 'blue', to: 'ip:203.0.113.2:80' },
          {
            at: { in: 'outside', device: 'eth0' },
            expect: { source: 'ip:203.0.113.1', encapsulation: 'none' },
            because: 'outside sees the gateway’s address, never blue’s',
          },
        ),
        machinesReach('red and blue reach outside, and outside reaches neither', ...HIDDEN),
      ],
      hints: [
        'A chain of type nat at the hook postrouting.',
        'Only what leaves by `uplink`, only what comes from 192.168.15.0/24.',
        'With iptables: `iptables -t nat -A POSTROUTING -s 192.168.15.0/24 -o uplink -j MASQUERADE`.',
      ],
      solution: typed(
        'host',
        'nft add table ip nat',
        "nft 'add chain ip nat postrouting { type nat hook postrouting priority srcnat; }'",
        'nft add rule ip nat postrouting oifname uplink ip saddr 192.168.15.0/24 masquerade',
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'blue alone is hidden',
            typing(
              'host',
              'nft add table ip nat',
              "nft 'add chain ip nat postrouting { type nat hook postrouting priority srcnat; }'",
              'nft add rule ip nat postrouting oifname uplink ip saddr 192.168.15.2 masquerade',
            ),
          ),
          mistake(
            'wrong-end',
            'the wrong device is named',
            typing(
              'host',
              'nft add table ip nat',
              "nft 'add chain ip nat postrouting { type nat hook postrouting priority srcnat; }'",
              'nft add rule ip nat postrouting oifname eth0 masquerade',
            ),
          ),
          mistake(
            'wrong-means',
            'outside got a route back',
            typing('host', 'ip -n outside route add 192.168.15.0/24 via 203.0.113.1'),
          ),
          mistake(
            'wrong-value',
            'another source address',
            typing(
              'host',
              'nft add table ip nat',
              "nft 'add chain ip nat postrouting { type nat hook postrouting priority srcnat; }'",
              'nft add rule ip nat postrouting oifname uplink ip saddr 192.168.15.0/24 snat to 203.0.113.9',
            ),
          ),
        ],
        alternatives: [
          alternative(
            'snat to the address of the host',
            typing(
              'host',
              'nft add table ip nat',
              "nft 'add chain ip nat postrouting { type nat hook postrouting priority srcnat; }'",
              'nft add rule ip nat postrouting oifname uplink ip saddr 192.168.15.0/24 snat to 203.0.113.1',
            ),
          ),
          alternative(
            'a wrong rule was tried before',
            typing(
              'host',
              'nft add table ip nat',
              "nft 'add chain ip nat postrouting { type nat hook postrouting priority srcnat; }'",
              'nft add rule ip nat postrouting oifname eth0 masquerade',
              'nft add rule ip nat postrouting oifname uplink masquerade',
            ),
          ),
        ],
      },
      because:
        'The first packet of a connection is rewritten by the rule; connection tracking rewrites all others, and the replies back.',
    },
    {
      id: 'publish',
      task: 'Publish blue’s port 80 as port 8080 of the host.',
      checks: [
        allowed('outside', 'ip:203.0.113.1:8080', 'the forwarded port answers'),
        carries(
          { from: 'outside', to: 'ip:203.0.113.1:8080' },
          {
            at: { in: 'host', device: 'uplink' },
            expect: {
              source: 'ip:203.0.113.2',
              destination: 'ip:203.0.113.1',
              encapsulation: 'none',
            },
            because: 'on the wire outside, blue’s address never appears',
          },
        ),
        machinesReach(
          'blue answers on port 8080 of the host, and no other port is published',
          { from: ['outside'], to: ['203.0.113.1'], ports: [8080], expect: 'allowed', by: 'blue' },
          ...HIDDEN,
        ),
      ],
      hints: [
        'The destination must change before the routing decision: prerouting.',
        'A port needs its protocol: `tcp dport 8080`.',
        'With iptables: `iptables -t nat -A PREROUTING -i uplink -p tcp --dport 8080 -j DNAT --to-destination 192.168.15.2:80`.',
      ],
      solution: typed(
        'host',
        "nft 'add chain ip nat prerouting { type nat hook prerouting priority dstnat; }'",
        'nft add rule ip nat prerouting iifname uplink tcp dport 8080 dnat to 192.168.15.2:80',
      ),
      trials: {
        wrong: [
          mistake(
            'too-open',
            'every TCP port leads to blue',
            typing(
              'host',
              "nft 'add chain ip nat prerouting { type nat hook prerouting priority dstnat; }'",
              'nft add rule ip nat prerouting iifname uplink meta l4proto tcp dnat to 192.168.15.2:80',
            ),
          ),
          mistake(
            'wrong-value',
            'port 80 is published',
            typing(
              'host',
              "nft 'add chain ip nat prerouting { type nat hook prerouting priority dstnat; }'",
              'nft add rule ip nat prerouting iifname uplink tcp dport 80 dnat to 192.168.15.2:80',
            ),
          ),
          mistake(
            'wrong-end',
            'it leads to red',
            typing(
              'host',
              "nft 'add chain ip nat prerouting { type nat hook prerouting priority dstnat; }'",
              'nft add rule ip nat prerouting iifname uplink tcp dport 8080 dnat to 192.168.15.1:80',
            ),
          ),
          mistake(
            'wrong-value',
            'UDP in place of TCP',
            typing(
              'host',
              "nft 'add chain ip nat prerouting { type nat hook prerouting priority dstnat; }'",
              'nft add rule ip nat prerouting iifname uplink udp dport 8080 dnat to 192.168.15.2:80',
            ),
          ),
          mistake(
            'wrong-means',
            'outside got a route to blue',
            typing('host', 'ip -n outside route add 192.168.15.0/24 via 203.0.113.1'),
          ),
        ],
        alternatives: [
          alternative(
            'by the address of the host',
            typing(
              'host',
              "nft 'add chain ip nat prerouting { type nat hook prerouting priority dstnat; }'",
              'nft add rule ip nat prerouting ip daddr 203.0.113.1 tcp dport 8080 dnat to 192.168.15.2:80',
            ),
          ),
        ],
      },
      because: '`docker run -p 8080:80`, a NodePort and a ClusterIP are all this one rule.',
    },
  ],
  questions: [
    choose(
      {
        id: 'protocol-missing',
        ask: 'A guide writes `iptables -t nat -A PREROUTING --dport 80 --to-destination 192.168.15.2:80 -j DNAT`. What happens?',
        because: 'A port means nothing without a protocol: `-p tcp` must come before `--dport`.',
      },
      'iptables refuses it: no protocol',
      ['it forwards TCP and UDP', 'iptables does not guess a protocol'],
      ['it forwards everything to port 80', 'the rule is never added'],
    ),
    choose(
      {
        id: 'forward-off',
        ask: 'ip_forward is 0 and everything else is right. What does blue see?',
        because: 'The host takes the packet as not its own and drops it in silence.',
      },
      'a time-out',
      [
        '"network unreachable"',
        'blue has a route, so its own kernel is content; it is the next one that does nothing',
      ],
      ['it works', 'a packet for another address is forwarded only where ip_forward is 1'],
    ),
    choose(
      {
        id: 'dnat-hook',
        ask: 'Why is DNAT done in prerouting and MASQUERADE in postrouting?',
        because:
          'The route is chosen by destination, so that must be final before; the source to hide behind depends on the way out, so it is known after.',
      },
      'the route is chosen in between',
      ['for speed', 'the order follows from what must be known when'],
      [
        'by custom only',
        'try DNAT in postrouting: the route is already chosen by the old destination',
      ],
    ),
  ],
});
