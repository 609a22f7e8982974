import { chart } from '../chart';
import { BGPConfiguration, BGPPeer, FelixConfiguration, IPPool } from '../kinds/calico';
import { Pairs } from '../pairs';
import type { LabStages } from '../stage';

/** The pool of every pod; what changes is how packets travel between nodes. */
const pool = (ipipMode: 'Always' | 'Never', vxlanMode: 'Always' | 'Never') =>
  chart((scope) => {
    new IPPool(scope, {
      name: 'default-ipv4-ippool',
      spec: { cidr: '192.168.0.0/16', blockSize: 26, ipipMode, vxlanMode, natOutgoing: true },
    });
  });

/** Every node peers with every node until reflectors stand in between. */
const Reflectors = chart((scope) => {
  new BGPConfiguration(scope, {
    name: 'default',
    spec: { asNumber: 64512, nodeToNodeMeshEnabled: false, logSeverityScreen: 'Info' },
  });
  new BGPPeer(scope, {
    name: 'to-reflectors',
    spec: {
      nodeSelector: '!has(route-reflector)',
      peerSelector: 'has(route-reflector)',
    },
  });
  new BGPPeer(scope, {
    name: 'rack-switch',
    spec: { nodeSelector: 'has(route-reflector)', peerIP: '192.0.2.1', asNumber: 64513 },
  });
});

const Encrypted = chart((scope) => {
  new FelixConfiguration(scope, { name: 'default', spec: { wireguardEnabled: true } });
});

export const stages = {
  ipip: [Pairs, pool('Always', 'Never')],
  vxlan: [Pairs, pool('Never', 'Always')],
  none: [Pairs, pool('Never', 'Never')],
  reflectors: [Pairs, pool('Never', 'Never'), Reflectors],
  wireguard: [Pairs, pool('Never', 'Always'), Encrypted],
} satisfies LabStages;
