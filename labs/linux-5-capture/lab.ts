import { defineLab } from '../../lib/lab/format';
import { alternative, mistake, typing } from '../../lib/lab/trial-words';
import {
  allowed,
  asks,
  byAnswering,
  choose,
  denied,
  has,
  linesIn,
  machinesReach,
  typed,
  word,
} from '../../lib/lab/words';
import head from './head';

export default defineLab({
  id: 'linux-5-capture',
  level: 1,
  title: 'Packet capture: refused, silent or unreachable',
  goal: 'Tell refused from dropped from unreachable by their packets, and find the place where one is lost.',
  head,
  prerequisites: ['linux-4-firewall'],
  targets: ['local'],
  cost: 'none',
  environment: {
    kind: 'linux',
    machines: [{ name: 'host' }, { name: 'client' }, { name: 'server', listens: [80, 81, 83] }],
    prepare: linesIn(
      'host',
      'ip link add to-client type veth peer name eth0 netns client',
      'ip addr add 10.1.0.1/24 dev to-client',
      'ip link set to-client up',
      'ip -n client addr add 10.1.0.2/24 dev eth0',
      'ip -n client link set eth0 up',
      'ip -n client route add default via 10.1.0.1',
      'ip link add to-server type veth peer name eth0 netns server',
      'ip addr add 10.2.0.1/24 dev to-server',
      'ip link set to-server up',
      'ip -n server addr add 10.2.0.2/24 dev eth0',
      'ip -n server link set eth0 up',
      'ip -n server route add default via 10.2.0.1',
      'sysctl -qw net.ipv4.ip_forward=1',
      'nft add table inet filter',
      "nft 'add chain inet filter forward { type filter hook forward priority filter; policy accept; }'",
      'nft add rule inet filter forward iifname to-client tcp dport 81 drop',
      'nft add rule inet filter forward iifname to-server tcp sport 83 drop',
    ),
  },
  stages: [],
  steps: [
    {
      id: 'read',
      task: 'From client, try ports 80, 82 and 81 of 10.2.0.2 while you capture on client. Read what comes back.',
      checks: [
        allowed('client', 'ip:10.2.0.2:80', 'SYN, SYN-ACK, ACK: connected'),
        {
          kind: 'flow',
          from: 'client',
          to: 'ip:10.2.0.2:82',
          expect: 'refused',
          because: 'SYN, then RST: it arrived, and no process listens',
        },
        denied('client', 'ip:10.2.0.2:81', 'SYN, SYN, SYN: there is no answer'),
        asks(
          choose(
            {
              id: 'port-82',
              ask: 'Port 82: SYN goes out, RST comes back. Which is true?',
              because:
                'The kernel of the server answered, so every filter let it pass. A process is missing.',
            },
            'the packet arrived and no process listens',
            [
              'a firewall dropped it',
              'a drop is silence; an RST came from a kernel that got the SYN',
            ],
            ['there is no route', 'then nothing would come back, or an error without any SYN'],
          ),
        ),
        asks(
          choose(
            {
              id: 'port-81',
              ask: 'Port 81: SYN again and again, and nothing comes back. Which is true?',
              because:
                'Silence: lost on the way there, or the answer was lost on the way back. From here you cannot know which.',
            },
            'something on the way is silent',
            ['no process listens on it', 'then the kernel would answer RST, as on port 82'],
            ['the name does not resolve', 'you typed an address: no name was asked for'],
          ),
        ),
      ],
      hints: [
        '`lab capture client` in one terminal, `lab exec client -- nc -zv -w 2 10.2.0.2 81` in the other.',
        'Flags: S is SYN, S. is SYN-ACK, R. is RST.',
      ],
      solution: byAnswering,
      because:
        'Refused means arrived. Silent means lost. Unreachable means there was no way at all.',
    },
    {
      id: 'locate',
      task: 'Ports 81 and 83 are both silent. Capture on the server too, and say for each which packet is missing.',
      checks: [
        asks(
          word(
            {
              id: 'lost-81',
              sort: 'one of syn, syn-ack, ack',
              ask: 'Port 81: which packet is lost? (syn, syn-ack, ack)',
              because: 'The server sees nothing: the SYN itself is dropped on its way there.',
            },
            ['syn'],
            [
              [
                'syn-ack',
                'a server answers what it has seen: lab capture server shows what arrives',
              ],
              ['ack', 'the client sends it for an answer, and no answer has come'],
            ],
          ),
        ),
        asks(
          word(
            {
              id: 'lost-83',
              sort: 'one of syn, syn-ack, ack',
              ask: 'Port 83: which packet is lost? (syn, syn-ack, ack)',
              because:
                'The server sees the SYN and answers; the answer never arrives. A stateless filter without its return rule looks like this.',
            },
            ['syn-ack', 'syn ack', 'synack'],
            [
              ['syn', 'lab capture server shows it arrive'],
              ['ack', 'the client sends it for an answer, and no answer has come'],
            ],
          ),
        ),
      ],
      hints: [
        'Capture at both ends of the way, and compare.',
        '`lab capture server`: does the SYN arrive? Does a SYN-ACK leave?',
      ],
      solution: byAnswering,
      because:
        'Halve the way with each capture: between the last place that saw the packet and the first that did not, it was lost.',
    },
    {
      id: 'repair',
      task: 'Find both rules on the host and take them out.',
      checks: [
        allowed('client', 'ip:10.2.0.2:81', 'the SYN passes'),
        allowed('client', 'ip:10.2.0.2:83', 'the SYN-ACK passes'),
        has('host', { kind: 'rules', uses: 'drop', count: 0 }, 'both rules are gone'),
        machinesReach(
          'client reaches every port of server, and the reverse',
          {
            from: ['client'],
            to: ['10.2.0.2'],
            ports: [80, 81, 83],
            expect: 'allowed',
            by: 'server',
          },
          { from: ['client'], to: ['10.2.0.2'], ports: [82, 'udp:9', 'icmp'], expect: 'refused' },
          { from: ['server'], to: ['10.1.0.2'], ports: [80, 'udp:9', 'icmp'], expect: 'refused' },
        ),
      ],
      hints: [
        '`nft -a list chain inet filter forward` shows rules with handles.',
        '`nft delete rule inet filter forward handle <n>`, or flush the chain.',
      ],
      solution: typed('host', 'nft flush chain inet filter forward'),
      trials: {
        wrong: [
          mistake(
            'wrong-means',
            'the rules are still there, behind an accept',
            typing('host', 'nft insert rule inet filter forward accept'),
          ),
          mistake(
            'half',
            'one of the two is gone',
            typing(
              'host',
              'nft -a list chain inet filter forward | sed -n "s/.*dport 81 drop # handle //p" | xargs -n1 nft delete rule inet filter forward handle',
            ),
          ),
          mistake(
            'half',
            'the other of the two is gone',
            typing(
              'host',
              'nft -a list chain inet filter forward | sed -n "s/.*sport 83 drop # handle //p" | xargs -n1 nft delete rule inet filter forward handle',
            ),
          ),
          mistake(
            'too-closed',
            'the policy of the chain drops now',
            typing(
              'host',
              'nft flush chain inet filter forward',
              "nft 'add chain inet filter forward { type filter hook forward priority filter; policy drop; }'",
            ),
          ),
        ],
        alternatives: [
          alternative('the whole table is gone', typing('host', 'nft delete table inet filter')),
          alternative('everything is flushed', typing('host', 'nft flush ruleset')),
        ],
      },
      because: 'The capture said where to look; the rule said why.',
    },
  ],
  questions: [
    choose(
      {
        id: 'capture-before-filter',
        ask: 'tcpdump on the interface where a packet comes in shows it, and the host drops it in prerouting. Why is it shown?',
        because:
          'Capturing happens at the device, before nftables on the way in and after it on the way out.',
      },
      'the capture stands before the filter',
      ['the filter is wrong', 'the packet is dropped as the rule says; ask where tcpdump listens'],
      [
        'tcpdump shows copies of dropped packets',
        'no component sends copies: it reads at the device, and that comes first',
      ],
    ),
    choose(
      {
        id: 'unreachable',
        ask: 'connect() fails at once with "No route to host". What came back?',
        because:
          'An ICMP error, or the kernel’s own knowledge that no neighbour answers: neither RST nor silence.',
      },
      'an ICMP error, or no neighbour answered',
      ['a RST', 'that is "connection refused"'],
      ['nothing', 'silence ends in a time-out, not at once'],
    ),
  ],
});
