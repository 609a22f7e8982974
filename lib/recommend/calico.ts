import type { Enforcement, PolicyObject } from './objects';
import { chunks, type PortRule, portsOf } from './peers';
import type { PeerRule, SetPolicy } from './set-policy';

/** Most blocks and ports of one entity rule (Calico v3.33: CEL rules of the CRD). */
const MOST_NETS = 256;
const MOST_PORTS = 50;

/**
 * A NetworkPolicy in Calico's own kind, in a tier: each rule allows one protocol from or to one peer.
 * Names in a tier begin with the tier's (projectcalico.org/v3: tiered policies).
 */
export function asCalico(
  { metadata, spec }: PolicyObject,
  tier: string,
  enforcement: Enforcement,
): SetPolicy {
  const name = tier === 'default' ? metadata.name : `${tier}.${metadata.name}`;
  const rules = {
    selector: selectorText(spec.podSelector),
    types: spec.policyTypes,
    ...(spec.ingress !== undefined && { ingress: spec.ingress.flatMap(ingressRules) }),
    ...(spec.egress !== undefined && { egress: spec.egress.flatMap(egressRules) }),
  };
  const isStaged = enforcement === 'staged';
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: isStaged ? 'StagedNetworkPolicy' : 'NetworkPolicy',
    metadata: { ...metadata, name },
    spec: { ...(isStaged && { stagedAction: 'Set' }), tier, ...rules },
  };
}

function ingressRules({ from = [], ports }: PeerRule): readonly object[] {
  return entities(from).flatMap((source) =>
    protocols(ports).map(({ protocol, ports: some }) => ({
      action: 'Allow',
      protocol,
      source,
      destination: { ports: some },
    })),
  );
}

function egressRules({ to = [], ports }: PeerRule): readonly object[] {
  return entities(to).flatMap((destination) =>
    protocols(ports).map(({ protocol, ports: some }) => ({
      action: 'Allow',
      protocol,
      destination: { ...destination, ports: some },
    })),
  );
}

/** Peers as Calico's entity rules: blocks without exceptions share one. */
function entities(peers: NonNullable<PeerRule['from']>): readonly object[] {
  const plain = peers.flatMap(({ ipBlock }) =>
    ipBlock === undefined || ipBlock.except !== undefined ? [] : [ipBlock.cidr],
  );
  const others = peers.flatMap(({ ipBlock, podSelector, namespaceSelector }): readonly object[] => {
    if (ipBlock?.except !== undefined) return [{ nets: [ipBlock.cidr], notNets: ipBlock.except }];
    if (ipBlock !== undefined) return [];
    const selector = selectorText(podSelector ?? {});
    if (namespaceSelector === undefined) return [{ selector }];
    return [{ selector, namespaceSelector: selectorText(namespaceSelector) }];
  });
  return [...chunks(plain, MOST_NETS).map((nets) => ({ nets })), ...others];
}

function protocols(
  ports: readonly PortRule[],
): readonly { readonly protocol: string; readonly ports: readonly number[] }[] {
  return portsOf(ports).flatMap(({ protocol, numbers }) =>
    chunks(numbers, MOST_PORTS).map((some) => ({ protocol, ports: some })),
  );
}

interface LabelsAsked {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly values: readonly string[];
  }[];
}

/** A label selector in Calico's language (Calico: selectors). Recommended ones ask with `In` alone. */
function selectorText(selector: object): string {
  const { matchLabels = {}, matchExpressions = [] } = selector as LabelsAsked;
  const all = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key} == '${value}'`),
    ...matchExpressions.map(
      ({ key, values }) => `${key} in { ${values.map((value) => `'${value}'`).join(', ')} }`,
    ),
  ];
  return all.length === 0 ? 'all()' : all.join(' && ');
}
