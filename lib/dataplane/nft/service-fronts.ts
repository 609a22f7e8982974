import { familyOf, type Ip, type IpFamily } from '../../model/address';
import { hash64 } from '../../model/hash';
import { backendsOnNode, isOpenOutside } from '../../model/service-endpoints';
import { uniqueBy } from '../../model/unique';
import type { Backend, NodeEndpoint, Service, ServicePort } from '../../model/world';
import { addressField, addressType } from './match';
import type { NftChain, NftSet } from './ruleset';

/** The bit of a packet's mark that asks for the node's address as its source (kube-proxy's own). */
export const MASQUERADE = 0x4000;

const MARK = `meta mark set meta mark or ${MASQUERADE}`;

/** One port of a Service in one family, with its backends as a node sees them. */
export interface Front {
  readonly service: Service;
  readonly port: ServicePort;
  readonly family: IpFamily;
  /** Those that take traffic of policy `Cluster` here. */
  readonly everywhere: readonly Backend[];
  /** Those that take traffic of policy `Local`. */
  readonly here: readonly Backend[];
}

/** A Service's ports, in the families of its cluster addresses. */
export const frontsOf = (service: Service, node: NodeEndpoint): readonly Front[] =>
  [...new Set(service.clusterIps.map(familyOf))].flatMap((family) =>
    service.ports.map((port): Front => {
      const backends = port.backends.filter(({ address }) => familyOf(address) === family);
      const { cluster, local } = backendsOnNode(backends, node);
      return { service, port, family, everywhere: cluster, here: local };
    }),
  );

export const protocolOf = ({ port }: Front): string => port.protocol.toLowerCase();

/** The cluster addresses a front answers at. */
export const clusterIpsOf = ({ service, family }: Front): readonly Ip[] =>
  service.clusterIps.filter((address) => familyOf(address) === family);

/** Addresses beside those, which take traffic from outside: external ones, and the load balancer's. */
export const externalIpsOf = ({ service, family }: Front): readonly Ip[] =>
  [...new Set([...(service.externalIps ?? []), ...(service.balancerVips ?? [])])].filter(
    (address) => familyOf(address) === family,
  );

/** Who takes traffic: from inside by `internalTrafficPolicy`, from outside by the external one. */
export const takers = (front: Front, side: 'internal' | 'external'): readonly Backend[] =>
  policyOf(front, side) === 'Local' ? front.here : front.everywhere;

const policyOf = ({ service }: Front, side: 'internal' | 'external') =>
  side === 'internal' ? service.internalTrafficPolicy : service.externalTrafficPolicy;

export const isLocal = (front: Front, side: 'internal' | 'external'): boolean =>
  policyOf(front, side) === 'Local';

type ChainKind = 'service' | 'local' | 'external' | 'endpoint';

export function frontChain(front: Front, kind: ChainKind): string {
  const { service, port, family } = front;
  const six = family === 4 ? '' : '/ip6';
  return `${kind}/${service.namespace}/${service.name}/${protocolOf(front)}/${port.port}${six}`;
}

/** A front's chains and, with session affinity, who remembers its clients. */
export interface CompiledFront {
  readonly chains: readonly NftChain[];
  readonly sets: readonly NftSet[];
}

/**
 * Chains as kube-proxy's nftables mode has them: one for every backend (`service`), one for those
 * of this node where a policy says Local, one for what comes from outside, one for each backend.
 */
export function compileFront(front: Front): CompiledFront {
  const wantsHere = isLocal(front, 'internal') || isLocal(front, 'external');
  return {
    chains: [
      ...reachable(front).map((backend) => endpointChain(front, backend)),
      spreadChain(front, 'service', front.everywhere),
      ...(wantsHere ? [spreadChain(front, 'local', front.here)] : []),
      ...(isOpenOutside(front.service, front.port) ? [externalChain(front)] : []),
    ],
    sets: front.service.affinitySeconds === undefined ? [] : affinitySets(front),
  };
}

/** Local backends may be others than those of the cluster: terminating ones, or without a hint. */
const reachable = ({ everywhere, here }: Front): readonly Backend[] =>
  uniqueBy([...everywhere, ...here], ({ address, port }) => `${address} ${port}`);

const endpointName = (front: Front, { address, port }: Backend): string =>
  `${frontChain(front, 'endpoint')}/${address.replaceAll(':', '.')}/${port}`;

const affinityName = (front: Front, backend: Backend): string =>
  `affinity${front.family}-${hash64(endpointName(front, backend)).slice(0, 10)}`;

function affinitySets(front: Front): readonly NftSet[] {
  return reachable(front).map((backend) => ({
    name: affinityName(front, backend),
    type: addressType(front.family),
    interval: false,
    elements: [],
    timeoutSeconds: front.service.affinitySeconds ?? 0,
  }));
}

/** Translates to one backend; with affinity it first remembers the client. */
function endpointChain(front: Front, backend: Backend): NftChain {
  const { family, service } = front;
  const source = addressField(family, 'source');
  const to = family === 4 ? backend.address : `[${backend.address}]`;
  return {
    name: endpointName(front, backend),
    rules: [
      // A backend that calls itself would answer itself, past the translation back (hairpin).
      `${source} ${backend.address} ${MARK}`,
      ...(service.affinitySeconds === undefined
        ? []
        : [`update @${affinityName(front, backend)} { ${source} }`]),
      `meta l4proto ${protocolOf(front)} dnat ${family === 4 ? 'ip' : 'ip6'} to ${to}:${backend.port}`,
    ],
  };
}

/** Where a client was sent before, else any at random. */
function spreadChain(
  front: Front,
  kind: 'service' | 'local',
  backends: readonly Backend[],
): NftChain {
  const chosen = backends.map((backend, i) => `${i} : goto ${endpointName(front, backend)}`);
  const again = backends.map(
    (backend) =>
      `${addressField(front.family, 'source')} @${affinityName(front, backend)} goto ${endpointName(front, backend)}`,
  );
  return {
    name: frontChain(front, kind),
    rules: [
      ...(front.service.affinitySeconds === undefined ? [] : again),
      ...(chosen.length === 0
        ? []
        : [`numgen random mod ${chosen.length} vmap { ${chosen.join(', ')} }`]),
    ],
  };
}

/**
 * What comes by a node port. With `Cluster` it may go on to another node, so it goes on as this
 * node. With `Local` it stays and keeps its source; what the node itself sends is spread over all
 * (kube-proxy: short-circuit of local traffic). Pods count as outside: on EKS kube-proxy knows no
 * block of pods to tell them by.
 */
function externalChain(front: Front): NftChain {
  const everywhere = frontChain(front, 'service');
  return {
    name: frontChain(front, 'external'),
    rules: isLocal(front, 'external')
      ? [
          `fib saddr type local ${MARK}`,
          `fib saddr type local goto ${everywhere}`,
          `goto ${frontChain(front, 'local')}`,
        ]
      : [MARK, `goto ${everywhere}`],
  };
}
