import { defineLab } from '../../lib/lab/format';
import { alternative, mistake, typing } from '../../lib/lab/trial-words';
import {
  allowed,
  asks,
  carries,
  choose,
  denied,
  has,
  linesIn,
  machinesReach,
  typed,
} from '../../lib/lab/words';
import head from './head';

const joined = (name: string, subnet: number): readonly string[] => [
  `ip link add to-${name} type veth peer name eth0 netns ${name}`,
  `ip addr add 10.${subnet}.0.1/24 dev to-${name}`,
  `ip link set to-${name} up`,
  `ip -n ${name} addr add 10.${subnet}.0.2/24 dev eth0`,
  `ip -n ${name} link set eth0 up`,
  `ip -n ${name} route add default via 10.${subnet}.0.1`,
];

const CLIENT = '10.1.0.2';
const SERVER = '10.2.0.2';
const GUEST = '10.3.0.2';
const PORTS = [80, 5432, 9000, 82, 'udp:9', 'icmp'] as const;

/** Everything that the host would forward between client, server and guest. */
const NOTHING = [
  { from: ['client'], to: [SERVER, GUEST], ports: PORTS, expect: 'denied' },
  { from: ['server'], to: [CLIENT, GUEST], ports: PORTS, expect: 'denied' },
  { from: ['guest'], to: [CLIENT, SERVER], ports: PORTS, expect: 'denied' },
] as const;

const toServer = (from: readonly string[]) =>
  ({ from, to: [SERVER], ports: [80], expect: 'allowed', by: 'server' }) as const;

export default defineLab({
  id: 'linux-4-firewall',
  level: 1,
  title: 'Firewalls: stateful and stateless rules',
  goal: 'Filter between namespaces by stateful and by stateless rules, and say what the memory is worth.',
  head,
  prerequisites: ['linux-3-nat'],
  targets: ['local'],
  cost: 'none',
  environment: {
    kind: 'linux',
    machines: [
      { name: 'host' },
      { name: 'client', listens: [9000] },
      { name: 'guest' },
      { name: 'server', listens: [80, 5432] },
    ],
    prepare: linesIn(
      'host',
      ...joined('client', 1),
      ...joined('server', 2),
      ...joined('guest', 3),
      'sysctl -qw net.ipv4.ip_forward=1',
    ),
  },
  stages: [],
  steps: [
    {
      id: 'close',
      task: 'The host routes between client, guest and server. Let it forward nothing.',
      checks: [
        denied('client', 'ip:10.2.0.2:80', 'what is forwarded meets the policy of the chain: drop'),
        denied('server', 'ip:10.1.0.2:9000', 'in every direction'),
        machinesReach('nothing is forwarded, in any protocol', ...NOTHING),
      ],
      hints: [
        'Forwarded packets pass the hook `forward`; the host’s own do not.',
        "`nft 'add chain inet filter forward { type filter hook forward priority 0; policy drop; }'`.",
      ],
      solution: typed(
        'host',
        'nft add table inet filter',
        "nft 'add chain inet filter forward { type filter hook forward priority filter; policy drop; }'",
      ),
      trials: {
        wrong: [
          mistake(
            'too-open',
            'UDP and ICMP are still forwarded',
            typing(
              'host',
              'nft add table inet filter',
              "nft 'add chain inet filter forward { type filter hook forward priority filter; policy accept; }'",
              'nft add rule inet filter forward meta l4proto tcp drop',
            ),
          ),
          mistake(
            'half',
            'only one port is closed',
            typing(
              'host',
              'nft add table inet filter',
              "nft 'add chain inet filter forward { type filter hook forward priority filter; policy accept; }'",
              'nft add rule inet filter forward tcp dport 80 drop',
            ),
          ),
          mistake(
            'one-direction',
            'what server and guest send is still forwarded',
            typing(
              'host',
              'nft add table inet filter',
              "nft 'add chain inet filter forward { type filter hook forward priority filter; policy accept; }'",
              'nft add rule inet filter forward iifname to-client drop',
            ),
          ),
          mistake(
            'wrong-end',
            'input is filtered, not forward',
            typing(
              'host',
              'nft add table inet filter',
              "nft 'add chain inet filter input { type filter hook input priority filter; policy drop; }'",
            ),
          ),
          mistake(
            'wrong-means',
            'client lost its route',
            typing('host', 'ip -n client route del default'),
          ),
        ],
        alternatives: [
          alternative(
            'the policy accepts and a rule drops all',
            typing(
              'host',
              'nft add table inet filter',
              "nft 'add chain inet filter forward { type filter hook forward priority filter; policy accept; }'",
              'nft add rule inet filter forward drop',
            ),
          ),
          alternative(
            'iptables',
            typing(
              'host',
              'nft add table ip filter',
              "nft 'add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }'",
            ),
          ),
        ],
      },
      because:
        'A default deny is a chain whose policy is drop. The host itself still reaches the server: its packets are not forwarded.',
    },
    {
      id: 'stateful',
      task: 'Let client open connections to port 80 of server, and nothing else. Use connection tracking for the replies.',
      checks: [
        allowed('client', 'ip:10.2.0.2:80', 'the request is admitted, the reply belongs to it'),
        denied('client', 'ip:10.2.0.2:5432', 'another port is not'),
        denied('server', 'ip:10.1.0.2:9000', 'server may answer, not call'),
        machinesReach(
          'client reaches port 80 of server, and nothing else is forwarded',
          toServer(['client']),
          ...NOTHING,
        ),
        has(
          'host',
          { kind: 'rules', uses: 'ct', count: 1 },
          'one rule admits what belongs to a known connection',
        ),
      ],
      hints: [
        'Two rules: what belongs to a known connection; and new ones you want.',
        '`ct state established,related accept`.',
      ],
      solution: typed(
        'host',
        'nft add rule inet filter forward ct state established,related accept',
        'nft add rule inet filter forward iifname to-client oifname to-server tcp dport 80 accept',
      ),
      trials: {
        wrong: [
          mistake(
            'too-open',
            'every port of server is open',
            typing(
              'host',
              'nft add rule inet filter forward ct state established,related accept',
              'nft add rule inet filter forward iifname to-client oifname to-server accept',
            ),
          ),
          mistake(
            'too-open',
            'guest is admitted too',
            typing(
              'host',
              'nft add rule inet filter forward ct state established,related accept',
              'nft add rule inet filter forward oifname to-server tcp dport 80 accept',
            ),
          ),
          mistake(
            'half',
            'replies are not admitted',
            typing(
              'host',
              'nft add rule inet filter forward iifname to-client oifname to-server tcp dport 80 accept',
            ),
          ),
          mistake(
            'wrong-means',
            'replies without connection tracking',
            typing(
              'host',
              'nft add rule inet filter forward iifname to-client oifname to-server tcp dport 80 accept',
              'nft add rule inet filter forward iifname to-server oifname to-client tcp sport 80 accept',
            ),
          ),
          mistake(
            'too-open',
            'server may call client',
            typing(
              'host',
              'nft add rule inet filter forward ct state established,related accept',
              'nft add rule inet filter forward iifname to-client oifname to-server tcp dport 80 accept',
              'nft add rule inet filter forward iifname to-server accept',
            ),
          ),
        ],
        alternatives: [
          alternative(
            'addresses in place of devices',
            typing(
              'host',
              'nft add rule inet filter forward ct state established,related accept',
              'nft add rule inet filter forward ip saddr 10.1.0.2 ip daddr 10.2.0.2 tcp dport 80 accept',
            ),
          ),
        ],
      },
      because:
        'Security groups and NetworkPolicy work like this: one rule for the request, none for the reply.',
    },
    {
      id: 'forgetful',
      task: 'Now without memory: empty the chain and admit port 80 to server again, in one rule, without `ct`. Watch the connection fail.',
      checks: [
        denied('client', 'ip:10.2.0.2:80', 'the SYN passes, its answer does not'),
        carries(
          { from: 'client', to: 'ip:10.2.0.2:80' },
          {
            at: { in: 'server', device: 'eth0' },
            expect: { source: 'ip:10.1.0.2', encapsulation: 'none' },
            because: 'the SYN arrives at server',
          },
        ),
        has(
          'host',
          { kind: 'rules', uses: 'ct', count: 0 },
          'rules do not use connection tracking',
        ),
        has('host', { kind: 'rules', uses: 'accept', count: 1 }, 'one rule admits'),
        machinesReach('no connection is possible', ...NOTHING),
        asks(
          choose(
            {
              id: 'what-is-lost',
              ask: 'Which packet is lost?',
              because:
                'It goes from port 80 to a port the client chose, and no rule knows about that.',
            },
            'the SYN-ACK on its way back',
            [
              'the SYN on its way there',
              'port 80 to server is open: lab capture server shows the SYN arrive',
            ],
            [
              'the last ACK',
              'the client sends it for an answer, and none has come: the connection is not so far yet',
            ],
          ),
        ),
      ],
      hints: [
        '`nft flush chain inet filter forward`.',
        '`lab capture server`: does the SYN arrive? Does the server answer?',
      ],
      solution: typed(
        'host',
        'nft flush chain inet filter forward',
        'nft add rule inet filter forward oifname to-server tcp dport 80 accept',
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'there is no rule',
            typing('host', 'nft flush chain inet filter forward'),
          ),
          mistake(
            'wrong-means',
            'with connection tracking',
            typing(
              'host',
              'nft flush chain inet filter forward',
              'nft add rule inet filter forward ct state new oifname to-server tcp dport 80 accept',
            ),
          ),
          mistake(
            'too-open',
            'every port of server is admitted and replies too',
            typing(
              'host',
              'nft flush chain inet filter forward',
              'nft add rule inet filter forward accept',
            ),
          ),
          mistake(
            'wrong-value',
            'port 81 is admitted',
            typing(
              'host',
              'nft flush chain inet filter forward',
              'nft add rule inet filter forward oifname to-server tcp dport 81 accept',
            ),
          ),
          mistake(
            'half',
            'the chain was not emptied',
            typing(
              'host',
              'nft add rule inet filter forward oifname to-server tcp dport 80 accept',
            ),
          ),
        ],
      },
      because: 'A network ACL of a VPC behaves exactly so: a time-out although "port 80 is open".',
    },
    {
      id: 'stateless',
      task: 'Add the rule for the way back. Do not open server to call client’s port 9000.',
      checks: [
        allowed('client', 'ip:10.2.0.2:80', 'both ways are open now'),
        denied('server', 'ip:10.1.0.2:9000', 'a new connection of server is still closed'),
        carries(
          { from: 'server', to: 'ip:10.1.0.2:9000' },
          {
            at: { in: 'client', device: 'eth0' },
            expect: { encapsulation: 'none', passes: 'never' },
            because: 'a beginning of server does not even arrive at client',
          },
        ),
        has('host', { kind: 'rules', uses: 'ct', count: 0 }, 'still without connection tracking'),
        machinesReach(
          'client reaches port 80 of server, and server calls no other machine',
          toServer(['client', 'guest']),
          ...NOTHING,
        ),
      ],
      hints: [
        'Replies come from port 80 and go to an ephemeral port: 32768 and above on Linux.',
        'The flag ACK tells a reply from a beginning.',
      ],
      solution: typed(
        'host',
        "nft add rule inet filter forward iifname to-server tcp sport 80 tcp dport 32768-60999 'tcp flags & (syn | ack) != syn' accept",
      ),
      trials: {
        wrong: [
          mistake(
            'too-open',
            'server may call every port of client',
            typing('host', 'nft add rule inet filter forward iifname to-server accept'),
          ),
          mistake(
            'wrong-means',
            'with connection tracking',
            typing('host', 'nft add rule inet filter forward ct state established accept'),
          ),
          mistake(
            'wrong-value',
            'the replies of another port',
            typing(
              'host',
              'nft add rule inet filter forward iifname to-server tcp sport 81 accept',
            ),
          ),
          mistake(
            'wrong-end',
            'replies of client are admitted',
            typing(
              'host',
              'nft add rule inet filter forward iifname to-client tcp sport 80 accept',
            ),
          ),
        ],
        alternatives: [
          alternative(
            'every reply that is no beginning',
            typing(
              'host',
              "nft add rule inet filter forward iifname to-server tcp sport 80 'tcp flags & (syn | ack) != syn' accept",
            ),
          ),
        ],
      },
      because:
        'Without connection state each direction needs a rule of its own. An ACL does not look at TCP flags, so it opens the whole range of ephemeral ports.',
    },
    {
      id: 'order',
      task: 'guest reaches the server too, because the first rule does not ask who comes. Close it for guest without changing that rule.',
      checks: [
        denied('guest', 'ip:10.2.0.2:80', 'the drop is asked before the accept'),
        allowed('client', 'ip:10.2.0.2:80', 'client is not touched'),
        has('host', { kind: 'rules', uses: 'drop', count: 1 }, 'one rule drops what guest sends'),
        has(
          'host',
          { kind: 'rules', uses: 'accept', count: 2 },
          'the two rules that admit are still there',
        ),
        has('host', { kind: 'rules', uses: 'ct', count: 0 }, 'still without connection tracking'),
        machinesReach('client alone reaches port 80 of server', toServer(['client']), ...NOTHING),
      ],
      hints: [
        'Added at the end it is never reached: the first verdict counts.',
        '`nft insert rule` puts a rule at the beginning.',
      ],
      solution: typed('host', 'nft insert rule inet filter forward iifname to-guest drop'),
      trials: {
        wrong: [
          mistake(
            'wrong-end',
            'added at the end it is never reached',
            typing('host', 'nft add rule inet filter forward iifname to-guest drop'),
          ),
          mistake(
            'too-closed',
            'client is closed too',
            typing('host', 'nft insert rule inet filter forward oifname to-server drop'),
          ),
          mistake(
            'wrong-means',
            'guest lost its route',
            typing('host', 'ip -n guest route del default'),
          ),
          mistake(
            'wrong-means',
            'the rule was changed',
            typing(
              'host',
              'nft flush chain inet filter forward',
              'nft add rule inet filter forward iifname to-client oifname to-server tcp dport 80 accept',
              'nft add rule inet filter forward iifname to-server oifname to-client accept',
            ),
          ),
        ],
        alternatives: [
          alternative(
            'by the address of guest',
            typing('host', 'nft insert rule inet filter forward ip saddr 10.3.0.2 drop'),
          ),
        ],
      },
      because:
        'Order decides in nftables, in ACLs and in Calico. In NetworkPolicy there is none: rules only add.',
    },
  ],
  questions: [
    choose(
      {
        id: 'security-group-like',
        ask: 'Which of these is stateless?',
        because:
          'Security groups, NetworkPolicy and `ct state` remember connections. A network ACL judges each packet alone.',
      },
      'a network ACL',
      ['a security group', 'a security group needs no line for replies: it remembers'],
      ['a NetworkPolicy', 'replies need no rule in a NetworkPolicy: it remembers'],
    ),
    choose(
      {
        id: 'drop-or-reject',
        ask: 'You want the client to notice at once that it may not. Which verdict?',
        because:
          'reject answers with an error; drop is silence and a time-out. Policies of Kubernetes drop.',
      },
      'reject',
      ['drop', 'drop says nothing: the client waits until it gives up'],
      ['accept', 'that lets it in'],
    ),
  ],
});
