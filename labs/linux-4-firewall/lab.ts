import { defineLab } from '../../lib/lab/format';
import { allowed, asks, choose, denied, linesIn, typed } from '../../lib/lab/words';

const joined = (name: string, subnet: number): readonly string[] => [
  `ip link add to-${name} type veth peer name eth0 netns ${name}`,
  `ip addr add 10.${subnet}.0.1/24 dev to-${name}`,
  `ip link set to-${name} up`,
  `ip -n ${name} addr add 10.${subnet}.0.2/24 dev eth0`,
  `ip -n ${name} link set eth0 up`,
  `ip -n ${name} route add default via 10.${subnet}.0.1`,
];

export default defineLab({
  id: 'linux-4-firewall',
  level: 1,
  title: 'With memory and without',
  goal: 'Filter between namespaces by stateful and by stateless rules, and say what the memory is worth.',
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
      because:
        'Security groups and NetworkPolicy work like this: one rule for the request, none for the reply.',
    },
    {
      id: 'forgetful',
      task: 'Now without memory: empty the chain and admit port 80 to server again, in one rule, without `ct`. Watch the connection fail.',
      checks: [
        denied('client', 'ip:10.2.0.2:80', 'the SYN passes, its answer does not'),
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
      because: 'A network ACL of a VPC behaves exactly so: a time-out although "port 80 is open".',
    },
    {
      id: 'stateless',
      task: 'Add the rule for the way back. Do not open server to call client’s port 9000.',
      checks: [
        allowed('client', 'ip:10.2.0.2:80', 'both ways are open now'),
        denied('server', 'ip:10.1.0.2:9000', 'a new connection of server is still closed'),
      ],
      hints: [
        'Replies come from port 80 and go to an ephemeral port: 32768 and above on Linux.',
        'The flag ACK tells a reply from a beginning.',
      ],
      solution: typed(
        'host',
        "nft add rule inet filter forward iifname to-server tcp sport 80 tcp dport 32768-60999 'tcp flags & (syn | ack) != syn' accept",
      ),
      because:
        'Without memory each direction is a rule of its own. An ACL knows no flags, so it opens the whole range of ephemeral ports.',
    },
    {
      id: 'order',
      task: 'guest reaches the server too, because the first rule does not ask who comes. Close it for guest without changing that rule.',
      checks: [
        denied('guest', 'ip:10.2.0.2:80', 'the drop is asked before the accept'),
        allowed('client', 'ip:10.2.0.2:80', 'client is not touched'),
      ],
      hints: [
        'Added at the end it is never reached: the first verdict counts.',
        '`nft insert rule` puts a rule at the beginning.',
      ],
      solution: typed('host', 'nft insert rule inet filter forward iifname to-guest drop'),
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
