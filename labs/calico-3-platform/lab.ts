import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { allowed, asks, carries, choose, count, holds, stage } from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'calico-3-platform'>>({
  id: 'calico-3-platform',
  level: 5,
  title: 'Calico on a node: routes, blocks, tunnels, peers',
  goal: 'Name what each part of Calico does on a node, and change how packets travel between nodes.',
  head,
  prerequisites: ['calico-2-order', 'cni-3-compare'],
  targets: ['local', 'kind'],
  cost: 'none',
  localLimits:
    'the stages `vxlan` and `none` are real packets; IP in IP and WireGuard are missing (their kernel modules `ipip` and `wireguard` are not everywhere: `lab doctor` tries both), so stage `ipip` is routed and stage `wireguard` is VXLAN in the clear, and no BIRD speaks BGP: look at those on kind. It does not run on EKS with the VPC CNI: there AWS routes the pods, and Calico only enforces policy.',
  environment: { kind: 'cluster', home: 'demo' },
  stages: [
    {
      name: 'ipip',
      about: 'Packets between nodes travel inside IP packets.',
      keeps: ['client -> server:8080'],
      closes: [],
    },
    {
      name: 'vxlan',
      about: 'Packets between nodes travel inside UDP.',
      datapath: 'calico-vxlan',
      keeps: ['client -> server:8080'],
      closes: [],
    },
    {
      name: 'none',
      about: 'No tunnel: routes to the blocks of other nodes, learned by BGP.',
      datapath: 'host-gw',
      keeps: ['client -> server:8080'],
      closes: [],
    },
    {
      name: 'reflectors',
      about: 'Nodes peer with reflectors, and those with the switch of the rack.',
      datapath: 'host-gw',
      keeps: ['client -> server:8080'],
      closes: [],
    },
    {
      name: 'wireguard',
      about: 'Packets between nodes are encrypted.',
      datapath: 'calico-vxlan',
      keeps: ['client -> server:8080'],
      closes: [],
    },
  ],
  start: 'ipip',
  steps: [
    {
      id: 'vxlan',
      task: 'Change the pool to VXLAN, and find the nested header on a node’s interface. On kind, find the one of IP in IP before you change it.',
      checks: [
        carries(
          { from: 'client-0', to: 'server-1:8080' },
          {
            at: { in: 'node:node-a', device: 'eth0' },
            expect: { source: 'node:node-a', destination: 'node:node-b', encapsulation: 'vxlan' },
            because: 'outside, the packet goes from node to node; the pods’ addresses are inside',
          },
        ),
        asks(
          count(
            {
              id: 'vxlan-overhead',
              ask: 'How many bytes does VXLAN over IPv4 add to each packet?',
              because:
                'Outer Ethernet 14, IPv4 20, UDP 8, VXLAN 8: pods get an MTU that much smaller than the nodes’.',
            },
            50,
          ),
        ),
        holds('vxlan', 'Packets between nodes travel inside UDP.'),
      ],
      hints: [
        '`lab capture node-a udp port 4789` while `client-0` asks `server-1`; on a node of kind `tshark -i eth0 -Y vxlan`, and `-Y "ip.proto == 4"` for IP in IP.',
        'In the IPPool: `ipipMode: Never`, `vxlanMode: Always`.',
      ],
      solution: stage('vxlan'),
      trials: trials.vxlan,
      because:
        'IP in IP adds 20 bytes and is its own IP protocol, which some networks drop (Azure does); VXLAN is UDP and passes nearly everywhere.',
    },
    {
      id: 'none',
      task: 'Take the tunnel away. Why does it still work here, and where would it not?',
      checks: [
        carries(
          { from: 'client-0', to: 'server-1:8080' },
          {
            at: { in: 'node:node-a', device: 'eth0' },
            expect: { source: 'client-0', destination: 'server-1', encapsulation: 'none' },
            because: 'the pods’ own addresses are on the wire',
          },
        ),
        asks(
          choose(
            {
              id: 'same-segment',
              ask: 'What must hold between the nodes for this?',
              because:
                'The next hop of the route is the other node, so it must be a neighbour; or every router between must know the routes. `CrossSubnet` tunnels only where a router stands between.',
            },
            'they are neighbours on one segment, or every router between knows the blocks',
            [
              'they have public addresses',
              'a node’s public address tells no router where a block of pods is',
            ],
            [
              'nothing',
              'the packet has pod addresses on the wire: every router between the nodes needs routes for them',
            ],
          ),
        ),
        holds('none', 'No tunnel: routes to the blocks of other nodes, learned by BGP.'),
      ],
      hints: [
        '`lab exec node-a -- ip route`: the next hop to the other node’s pods is that node, on eth0 in place of a tunnel device.',
        'Both modes `Never`.',
      ],
      solution: stage('none'),
      trials: trials.none,
      because:
        'The routes are there in every mode (BIRD or Felix writes them); the mode only says through which device.',
    },
    {
      id: 'reflectors',
      task: 'A hundred nodes in a full mesh: count the sessions. Then replace the mesh by reflectors.',
      checks: [
        asks(
          count(
            {
              id: 'mesh-sessions',
              ask: 'How many BGP sessions has a full mesh of 100 nodes?',
              because: 'Each pair once: 100 × 99 / 2.',
            },
            4950,
          ),
        ),
        {
          kind: 'object',
          apiVersion: 'projectcalico.org/v3',
          object: 'BGPConfiguration',
          name: 'default',
          path: 'spec.nodeToNodeMeshEnabled',
          equals: 'false',
          because: 'the mesh is off once the reflectors are peered with',
        },
        allowed('client', 'server:8080', 'routes arrive by way of the reflectors'),
        holds('reflectors', 'Nodes peer with reflectors, and those with the switch of the rack.'),
      ],
      hints: [
        'Label a node `route-reflector`, give it a `routeReflectorClusterID`, then peer everybody with it.',
        'Switch the mesh off last, or routes are withdrawn in between.',
        '`calicoctl node status` lists the sessions of a node.',
      ],
      solution: stage('reflectors'),
      trials: trials.reflectors,
      because: 'With reflectors each node holds two sessions in place of ninety-nine.',
    },
    {
      id: 'wireguard',
      task: 'Encrypt what travels between nodes.',
      checks: [
        {
          kind: 'object',
          apiVersion: 'projectcalico.org/v3',
          object: 'FelixConfiguration',
          name: 'default',
          path: 'spec.wireguardEnabled',
          equals: 'true',
          because: 'Felix makes the device and exchanges keys through the datastore',
        },
        allowed('client', 'server:8080', 'pods notice nothing'),
        asks(
          count(
            {
              id: 'wireguard-overhead',
              ask: 'How many bytes does WireGuard over IPv4 add to each packet?',
              because:
                'IPv4 20, UDP 8, WireGuard’s header 16, the authentication tag 16: 1440 of 1500 are left to pods.',
            },
            60,
          ),
        ),
        holds('wireguard', 'Packets between nodes are encrypted.'),
      ],
      hints: [
        'On kind, `wg show` on a node lists its peers.',
        'One field of the FelixConfiguration `default`: `wireguardEnabled: true`.',
      ],
      solution: stage('wireguard'),
      trials: trials.wireguard,
      because: 'It protects the wire between nodes, not the way from pod to pod on one node.',
    },
  ],
  questions: [
    choose(
      {
        id: 'felix',
        ask: 'Which part writes routes and rules on the node?',
        because:
          'Felix programs the kernel, BIRD tells other nodes by BGP, confd writes BIRD’s configuration, the CNI plugin only connects a new pod.',
      },
      'Felix',
      ['BIRD', 'it exchanges routes with other nodes by BGP, and has nothing to do with rules'],
      [
        'Typha',
        'it spares the API server by standing between it and the nodes, and touches no kernel',
      ],
    ),
    choose(
      {
        id: 'datastore',
        ask: 'Where does Calico keep its objects on a Kubernetes cluster today?',
        because:
          'The Kubernetes datastore (CRDs) is the default and what EKS uses; an etcd of its own is for other platforms.',
      },
      'in the Kubernetes API',
      [
        'in an etcd of its own',
        'that is its other datastore, for platforms that have no place for objects',
      ],
      ['in files on each node', 'then every change would have to be copied to every node by hand'],
    ),
    count(
      {
        id: 'block',
        ask: 'The pool is 192.168.0.0/16 with block size 26. How many pods fit in one block?',
        because:
          'A /26 has 64 addresses, all of them usable for pods; a node may own several blocks.',
      },
      64,
    ),
    count(
      {
        id: 'blocks',
        ask: 'And how many such blocks has the pool?',
        because:
          '2^(26 - 16). A block belongs to one node (its affinity), so other nodes need one route for each block, not one for each pod.',
      },
      1024,
    ),
  ],
});
