import { type Cidr, contains, formatCidr, within } from '../../model/address';
import type { Peer, Policy, Rule, Traffic } from '../../model/policy';
import { type At, complain, inside } from '../schema/at';
import { legacyCidr } from '../schema/legacy-address';
import { resource } from '../schema/metadata';
import { portNumber, portOrName, portProtocol } from '../schema/names';
import { checked, closedObject, list, mapped, oneOf, type Read, type Shape } from '../schema/shape';
import { type LabelSelector, labelSelector, podsIn, podsWhere } from './label-selector';

/** Rules: k8s pkg/apis/networking/validation/validation.go. */
const port = checked(
  closedObject({
    optional: { protocol: portProtocol, port: portOrName, endPort: portNumber },
  }),
  checkPort,
);

const ipBlock = checked(
  closedObject({
    required: { cidr: legacyCidr },
    optional: { except: list(legacyCidr) },
  }),
  checkExcept,
);

const peer = checked(
  closedObject({
    optional: { podSelector: labelSelector, namespaceSelector: labelSelector, ipBlock },
  }),
  checkPeer,
);

const ingressRule = closedObject({
  optional: { from: list(peer), ports: list(port) },
});
const egressRule = closedObject({
  optional: { to: list(peer), ports: list(port) },
});

const spec = closedObject({
  optional: {
    podSelector: labelSelector,
    ingress: list(ingressRule),
    egress: list(egressRule),
    policyTypes: list(oneOf('Ingress', 'Egress'), 2),
  },
});

/** The specification of a NetworkPolicy, also as a StagedKubernetesNetworkPolicy carries it. */
export const networkPolicySpec = spec;
export type NetworkPolicySpec = Read<typeof spec>;

/** `networking.k8s.io/v1` NetworkPolicy, as rules in tier `default`. */
export const networkPolicy: Shape<Policy> = mapped(resource(spec), ({ metadata, spec }) => ({
  kind: 'NetworkPolicy',
  namespace: metadata.namespace,
  name: metadata.name,
  staged: 'no',
  ...networkPolicyRules(metadata.namespace, spec),
}));

/** Order of NetworkPolicy in tier `default` (Calico: libcalico-go conversion constants). */
const ORDER = 1000;

/** Where a NetworkPolicy stands among all policies, whom it selects and what it allows. */
export function networkPolicyRules(namespace: string, spec: NetworkPolicySpec) {
  const { ingress = [], egress = [], policyTypes = [] } = spec;
  // k8s pkg/apis/networking/v1/defaults.go: none given is Ingress, and Egress where it has rules.
  const byDefault: readonly string[] = egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  const claims = policyTypes.length > 0 ? policyTypes : byDefault;
  return {
    tier: 'default',
    order: ORDER,
    subject: podsIn(namespace, spec.podSelector ?? {}),
    hook: 'normal',
    ingress: claims.includes('Ingress')
      ? ingress.map((rule, index) => allow({ index, namespace, source: rule.from, ...rule }))
      : undefined,
    egress: claims.includes('Egress')
      ? egress.map((rule, index) => allow({ index, namespace, destination: rule.to, ...rule }))
      : undefined,
  } as const;
}

interface Allowed {
  readonly index: number;
  readonly namespace: string;
  readonly source?: readonly PeerSpec[];
  readonly destination?: readonly PeerSpec[];
  readonly ports?: readonly PortEntry[];
}

type PeerSpec = Read<typeof peer>;
type PortEntry = Read<typeof port>;

/** Absent and empty lists of peers or ports both mean "any" (types.go: NetworkPolicyIngressRule). */
function allow(rule: Allowed): Rule {
  const { index, namespace, source = [], destination = [], ports = [] } = rule;
  const peers = (specs: readonly PeerSpec[]): Rule['source'] =>
    specs.length === 0 ? 'any' : specs.map((one) => toPeer(one, namespace));
  return {
    index,
    action: 'allow',
    source: peers(source),
    destination: peers(destination),
    traffic: ports.length === 0 ? 'any' : ports.map(toTraffic),
  };
}

function toPeer(spec: PeerSpec, namespace: string): Peer {
  const { podSelector, namespaceSelector, ipBlock: block } = spec;
  if (block !== undefined) {
    const except: readonly Cidr[] = block.except ?? [];
    return { nets: [block.cidr], ...(except.length > 0 && { notNets: except }) };
  }
  const pods: LabelSelector = podSelector ?? {};
  return {
    selector:
      namespaceSelector === undefined
        ? podsIn(namespace, pods)
        : podsWhere(namespaceSelector, pods),
  };
}

/** The protocol of every entry defaults to TCP, also of an empty one. */
function toTraffic({ protocol = 'TCP', port, endPort }: PortEntry): Traffic {
  const name = typeof port === 'string' ? { name: port } : undefined;
  const range = typeof port === 'number' ? { first: port, last: endPort ?? port } : undefined;
  const match = name ?? range;
  return {
    protocol,
    destinationPorts: match === undefined ? 'any' : [match],
    sourcePorts: 'any',
  };
}

interface PortSpec {
  readonly port?: number | string;
  readonly endPort?: number;
}

function checkPort({ port, endPort }: PortSpec, at: At): void {
  if (endPort === undefined) return;
  const place = inside(at, 'endPort');
  if (port === undefined) {
    complain(place, 'endPort stands without port', 'add port, the first of the range');
  } else if (typeof port === 'string') {
    complain(place, 'endPort needs a numeric port', `write the number of '${port}', or no endPort`);
  } else if (endPort < port) {
    complain(place, `endPort ${endPort} is below port ${port}`, `use ${port} or more`);
  }
}

interface Block {
  readonly cidr: Cidr;
  readonly except?: readonly Cidr[];
}

function checkExcept({ cidr, except = [] }: Block, at: At): void {
  for (const [i, hole] of except.entries()) {
    const place = inside(inside(at, 'except'), i);
    const whole = formatCidr(cidr);
    if (hole.prefix === cidr.prefix && contains(cidr, hole.address)) {
      complain(place, `it takes away all of ${whole}`, 'name a smaller block, or drop the peer');
    } else if (!within(hole, cidr)) {
      complain(place, `${formatCidr(hole)} is not inside ${whole}`, `name a block within ${whole}`);
    }
  }
}

interface PeerFields {
  readonly podSelector?: unknown;
  readonly namespaceSelector?: unknown;
  readonly ipBlock?: unknown;
}

function checkPeer({ podSelector, namespaceSelector, ipBlock: block }: PeerFields, at: At): void {
  const selects = podSelector !== undefined || namespaceSelector !== undefined;
  if (block !== undefined && selects) {
    complain(at, 'ipBlock stands beside a selector', 'make two items of it');
  } else if (block === undefined && !selects) {
    complain(
      at,
      'the peer is empty',
      'give podSelector, namespaceSelector or ipBlock; for everybody leave the whole list out',
    );
  }
}
