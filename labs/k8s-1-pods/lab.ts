import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { allowed, asks, byAnswering, carries, choose, count } from '../../lib/lab/words';
import head from './head';

export default defineLab<StageOf<'k8s-1-pods'>>({
  id: 'k8s-1-pods',
  level: 3,
  title: 'Pod to pod: addresses without translation',
  goal: 'Say which way a packet takes between two pods, on one node and across two, and prove that its addresses are not rewritten.',
  head,
  prerequisites: ['linux-1-veth', 'cni-4-anatomy'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  environment: { kind: 'cluster', home: 'demo' },
  stages: [
    {
      name: 'open',
      about: 'A client and a server on every node; no policy.',
      keeps: ['client -> server:8080', 'server -> client:8080'],
      closes: [],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'find',
      task: 'Find out on which node `client-0` runs, and the address of one of the servers.',
      checks: [
        asks({
          id: 'node-of-client',
          ask: 'Which node does `client-0` run on?',
          accept: { kind: 'observed', fact: 'node', of: 'demo/client-0' },
          because: 'A DaemonSet puts one pod on every node.',
        }),
        asks({
          id: 'address-of-server',
          ask: 'Which address does one of the servers have?',
          accept: { kind: 'observed', fact: 'address', of: 'server' },
          because:
            'The address belongs to the pod, not to the node, and it is the one that every other pod uses for it.',
        }),
      ],
      hints: [
        '`lab status` lists pods with nodes and addresses; in a cluster, `kubectl -n demo get pods -o wide`.',
        '`lab exec client-0 -- ip address` shows it from inside.',
      ],
      solution: byAnswering,
      because:
        'Each pod has one address of its own. Ports never clash, and no port mapping is needed.',
    },
    {
      id: 'same-node',
      task: 'Trace `client-0` to the server on its own node. Which devices does the packet pass?',
      checks: [
        allowed('client', 'server:8080', 'all pods reach all pods: the first rule of the model'),
        asks(
          choose(
            {
              id: 'same-node-path',
              ask: 'client and server share a node. Which way does a packet go?',
              because:
                'Two cables meet in the node, and the node routes between them (with a bridge plugin it switches). The network outside never sees the packet, so no security group and no network ACL does either.',
            },
            'eth0 of the client, its peer on the node, the server’s peer, eth0 of the server',
            [
              'out of the node to the VPC router and back',
              'the node knows both pods by its own routes: lab explain shows no hop outside',
            ],
            [
              'straight from eth0 to eth0: the two pods share a namespace',
              'only containers of one pod share a namespace; two pods have one each',
            ],
          ),
        ),
      ],
      hints: [
        '`lab explain client-0 server-0:8080` lists the hops.',
        '`lab shell node-a`, then `ip route get <server>`: the way is a device whose other end is in the pod.',
      ],
      solution: byAnswering,
      because: 'Same node: veth, the node’s routing table, veth.',
    },
    {
      id: 'across',
      task: 'Trace `client-0` to the server on the other node, and show that it sees the client’s own address.',
      checks: [
        carries(
          { from: 'client', to: 'server:8080' },
          {
            at: { in: 'server', device: 'eth0' },
            expect: { source: 'client', destination: 'server', encapsulation: 'none' },
            because: 'no NAT between pods: the receiver sees the sender’s address',
          },
        ),
        asks(
          choose(
            {
              id: 'across-path',
              ask: 'What does the network between the nodes have to know for this to work without an overlay?',
              because:
                'The packet leaves the node with pod addresses in its header, so the network between the nodes needs routes to pod addresses. In a VPC they are addresses of the node’s own interfaces. Where the network cannot know, a plugin hides the packet in another one (VXLAN, IP in IP).',
            },
            'which node holds which pod address',
            [
              'nothing: the node’s address is in the header',
              'only an outer header has the node’s address, and without an overlay there is none',
            ],
            [
              'the names of the pods',
              'routers read addresses; names are done with when the client has asked DNS',
            ],
          ),
        ),
      ],
      hints: [
        '`lab capture server-1` in one terminal, a connection from client-0 in the other: read the source.',
        '`lab exec client-0 -- curl -s --max-time 2 http://<server>:8080/clientip` lets a cluster’s server tell you.',
      ],
      solution: byAnswering,
      because:
        'Every pod reaches every pod without NAT; nodes reach all pods without NAT; a pod sees itself under the address that others use.',
    },
  ],
  questions: [
    count(
      {
        id: 'mappings',
        ask: 'Two pods on one node both listen on 8080. How many port mappings does that need?',
        because: 'Each has its own network namespace and address.',
      },
      0,
    ),
    choose(
      {
        id: 'two-containers',
        ask: 'Two containers of one pod: how do they reach each other?',
        because: 'They share the pod’s network namespace, so they also share its ports.',
      },
      'by localhost',
      [
        'by the pod’s DNS name only',
        'they need no name to find a process in the same network namespace',
      ],
      [
        'by a Service',
        'that would go out by rules and may end at another pod; ask what the two share',
      ],
    ),
  ],
});
