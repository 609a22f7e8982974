import { familyOf } from '../../model/address';
import { hash64 } from '../../model/hash';
import type { Backend, NodeEndpoint, World } from '../../model/world';
import {
  clusterIpsOf,
  type Front,
  frontsOf,
  isLocal,
  MASQUERADE,
  protocolOf,
} from './service-fronts';

/**
 * The nat table as kube-proxy's iptables mode would write it on a node, in the format of
 * `iptables-save`: a thing to read beside the nftables maps that are really loaded. IPv4.
 *
 * Chains are named as kube-proxy names them, `KUBE-SVC-` and sixteen letters of a hash; the hash is
 * not SHA-256, so the letters differ from a cluster's.
 */
export function kubeProxyIptables(world: World, node: NodeEndpoint): string {
  const fronts = world.services
    .flatMap((service) => frontsOf(service, node))
    .filter(({ family }) => family === 4);
  const served = fronts.filter(({ everywhere }) => everywhere.length > 0);
  const chains = served.flatMap(chainsOf);
  return [
    '*nat',
    ...BUILT_IN.map((name) => `:${name} ACCEPT [0:0]`),
    ...[...OWN, ...chains.map(({ name }) => name)].map((name) => `:${name} - [0:0]`),
    ...STATIC,
    ...chains.flatMap(({ name, rules }) => rules.map((rule) => `-A ${name} ${rule}`)),
    ...served.flatMap((front) => portals(front).map((rule) => `-A KUBE-SERVICES ${rule}`)),
    ...served.flatMap((front) => nodePort(front).map((rule) => `-A KUBE-NODEPORTS ${rule}`)),
    // The last rule: whatever was for no Service's address may still be for a node port.
    '-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
    'COMMIT',
    '',
  ].join('\n');
}

const BUILT_IN = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'];
const OWN = ['KUBE-SERVICES', 'KUBE-NODEPORTS', 'KUBE-POSTROUTING', 'KUBE-MARK-MASQ'];
const MARK = `0x${MASQUERADE.toString(16)}`;

const STATIC = [
  '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  `-A KUBE-POSTROUTING -m mark ! --mark ${MARK}/${MARK} -j RETURN`,
  `-A KUBE-POSTROUTING -j MARK --xor-mark ${MARK}`,
  '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
  `-A KUBE-MARK-MASQ -j MARK --or-mark ${MARK}`,
];

interface Chain {
  readonly name: string;
  readonly rules: readonly string[];
}

/** Sixteen letters and digits, as base 32 writes them. */
const letters = (text: string): string =>
  [...hash64(text)].map((digit) => 'ABCDEFGHIJKLMNOP'[Number.parseInt(digit, 16)]).join('');

const title = ({ service, port }: Front): string =>
  `${service.namespace}/${service.name}${port.name === undefined ? '' : `:${port.name}`}`;

const comment = (text: string): string => `-m comment --comment "${text}"`;

type ChainKind = 'SVC' | 'SVL' | 'EXT';

const chainName = (front: Front, kind: ChainKind): string =>
  `KUBE-${kind}-${letters(`${title(front)} ${front.port.protocol} ${front.port.port}`)}`;

const endpointName = (front: Front, { address, port }: Backend): string =>
  `KUBE-SEP-${letters(`${title(front)} ${front.port.protocol} ${address}:${port}`)}`;

function chainsOf(front: Front): readonly Chain[] {
  const local = isLocal(front, 'internal') || isLocal(front, 'external');
  return [
    spread(front, 'SVC', front.everywhere),
    ...(local ? [spread(front, 'SVL', front.here)] : []),
    ...(front.port.nodePort === undefined ? [] : [external(front)]),
    ...front.everywhere.map((backend) => endpoint(front, backend)),
  ];
}

/**
 * One rule a backend, asked in a row: the first takes 1/n, the next 1/(n-1) of what is left, the
 * last the rest, so each gets the same share.
 */
function spread(front: Front, kind: 'SVC' | 'SVL', backends: readonly Backend[]): Chain {
  const stay = front.service.affinitySeconds;
  const again = backends.map((backend) => {
    const name = endpointName(front, backend);
    return `${comment(commentText(front, backend))} -m recent --name ${name} --rcheck --seconds ${stay} --reap -j ${name}`;
  });
  const pick = backends.map((backend, i) => {
    const left = backends.length - i;
    const chance =
      left === 1 ? '' : ` -m statistic --mode random --probability ${(1 / left).toFixed(10)}`;
    return `${comment(commentText(front, backend))}${chance} -j ${endpointName(front, backend)}`;
  });
  return { name: chainName(front, kind), rules: [...(stay === undefined ? [] : again), ...pick] };
}

const commentText = (front: Front, { address, port }: Backend): string =>
  `${title(front)} -> ${address}:${port}`;

function endpoint(front: Front, backend: Backend): Chain {
  const name = endpointName(front, backend);
  const protocol = protocolOf(front);
  const remember =
    front.service.affinitySeconds === undefined ? '' : ` -m recent --name ${name} --set`;
  return {
    name,
    rules: [
      `-s ${backend.address}/32 ${comment(title(front))} -j KUBE-MARK-MASQ`,
      `-p ${protocol} ${comment(title(front))}${remember} -m ${protocol} -j DNAT --to-destination ${backend.address}:${backend.port}`,
    ],
  };
}

/** What comes by a node port: masqueraded, or kept on this node with its source. */
function external(front: Front): Chain {
  const svc = chainName(front, 'SVC');
  const masquerade = comment(`masquerade traffic for ${title(front)} external destinations`);
  const own = comment(`masquerade LOCAL traffic for ${title(front)} external destinations`);
  const ownRoute = comment(`route LOCAL traffic for ${title(front)} external destinations`);
  return {
    name: chainName(front, 'EXT'),
    rules: isLocal(front, 'external')
      ? [
          `${own} -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ`,
          `${ownRoute} -m addrtype --src-type LOCAL -j ${svc}`,
          ...(front.here.length > 0 ? [`-j ${chainName(front, 'SVL')}`] : []),
        ]
      : [`${masquerade} -j KUBE-MARK-MASQ`, `-j ${svc}`],
  };
}

function portals(front: Front): readonly string[] {
  const protocol = protocolOf(front);
  const target = chainName(front, isLocal(front, 'internal') ? 'SVL' : 'SVC');
  return clusterIpsOf(front)
    .filter((address) => familyOf(address) === 4)
    .map(
      (address) =>
        `-d ${address}/32 -p ${protocol} ${comment(`${title(front)} cluster IP`)} -m ${protocol} --dport ${front.port.port} -j ${target}`,
    );
}

function nodePort(front: Front): readonly string[] {
  const protocol = protocolOf(front);
  const { nodePort: port } = front.port;
  return port === undefined
    ? []
    : [
        `-p ${protocol} ${comment(title(front))} -m ${protocol} --dport ${port} -j ${chainName(front, 'EXT')}`,
      ];
}
