import {
  type Cidr,
  cidr,
  familyOf,
  formatCidr,
  offsetIp,
  overlaps,
  within,
} from '../model/address';
import type { Block } from './block';
import type { PolicyObject } from './objects';
import { chunks, type PortRule } from './peers';
import type { PeerRule, RulePeer, SetPolicy } from './set-policy';

/** Most items of a list (network-policy-api, apis/v1alpha2: MaxItems). */
const MOST = 25;
/** Calls that were seen are accepted before the rest is denied. */
const PRIORITY = { accept: 100, deny: 900 } as const;

/**
 * A NetworkPolicy as ClusterNetworkPolicies of the Baseline tier (network-policy-api, apis/v1alpha2). Its
 * ingress knows pods alone, so a rule for callers outside the cluster has no counterpart: they stay allowed.
 */
export function asClusterNetworkPolicies({ metadata, spec }: PolicyObject): readonly SetPolicy[] {
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': metadata.namespace } };
  const name = `seen-${metadata.namespace}-${metadata.name.replace(/^seen-/, '')}`;
  if (spec.ingress === undefined && spec.egress === undefined) {
    return [
      policy(name, {
        priority: PRIORITY.deny,
        subject: { namespaces: namespaceSelector },
        ...DENY,
      }),
    ];
  }
  const subject = { pods: { namespaceSelector, podSelector: spec.podSelector } };
  const [ingress, egress] = [
    chunks(
      (spec.ingress ?? []).flatMap((rule) => ingressRules(rule, namespaceSelector)),
      MOST,
    ),
    chunks(
      (spec.egress ?? []).flatMap((rule) => egressRules(rule, namespaceSelector)),
      MOST,
    ),
  ];
  return Array.from({ length: Math.max(ingress.length, egress.length) }, (_, i) =>
    policy(i === 0 ? name : `${name}-part-${i + 1}`, {
      priority: PRIORITY.accept,
      subject,
      ...(ingress[i] !== undefined && { ingress: ingress[i] }),
      ...(egress[i] !== undefined && { egress: egress[i] }),
    }),
  );
}

/** Callers outside the cluster that a rule names: ClusterNetworkPolicy cannot. */
export const callersOutside = ({ spec }: PolicyObject): readonly string[] =>
  (spec.ingress ?? []).flatMap(({ from = [] }) =>
    (from as readonly RulePeer[]).flatMap(({ ipBlock }) =>
      ipBlock === undefined ? [] : [ipBlock.cidr],
    ),
  );

const policy = (name: string, spec: object): SetPolicy => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  kind: 'ClusterNetworkPolicy',
  metadata: { name },
  spec: { tier: 'Baseline', ...spec },
});

const EVERYWHERE = ['0.0.0.0/0', '::/0'];
const DENY = {
  ingress: [{ name: 'deny-the-rest', action: 'Deny', from: [{ namespaces: {} }] }],
  egress: [
    { name: 'deny-the-rest', action: 'Deny', to: [{ namespaces: {} }, { networks: EVERYWHERE }] },
  ],
} as const;

function ingressRules({ from = [], ports }: PeerRule, own: object): readonly object[] {
  const peers = from.flatMap((peer) => (peer.ipBlock === undefined ? [podPeer(peer, own)] : []));
  return accepting(peers, ports).map(({ peers: some, protocols }) => ({
    action: 'Accept',
    from: some,
    protocols,
  }));
}

function egressRules({ to = [], ports }: PeerRule, own: object): readonly object[] {
  const pods = to.flatMap((peer) => (peer.ipBlock === undefined ? [podPeer(peer, own)] : []));
  const blocks = to.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : blocksOf(ipBlock)));
  const networks = chunks(blocks, MOST).map((some) => ({ networks: some }));
  return accepting([...pods, ...networks], ports).map(({ peers, protocols }) => ({
    action: 'Accept',
    to: peers,
    protocols,
  }));
}

const podPeer = ({ podSelector = {}, namespaceSelector }: RulePeer, own: object): object => ({
  pods: { namespaceSelector: namespaceSelector ?? own, podSelector },
});

interface Accepting {
  readonly peers: readonly object[];
  readonly protocols: readonly object[];
}

const accepting = (peers: readonly object[], ports: readonly PortRule[]): readonly Accepting[] =>
  chunks(peers, MOST).flatMap((some) =>
    chunks(ports, MOST).map((few) => ({ peers: some, protocols: few.map(protocolOf) })),
  );

const protocolOf = ({ protocol, port }: PortRule): object => ({
  [protocol.toLowerCase()]: { destinationPort: { number: port } },
});

/** The same addresses in blocks without exceptions, which `networks` does not have. */
const blocksOf = ({ cidr: block, except = [] }: Block): readonly string[] =>
  without(cidr(block), except.map(cidr)).map(formatCidr);

function without(block: Cidr, except: readonly Cidr[]): readonly Cidr[] {
  if (except.some((one) => within(block, one))) return [];
  if (!except.some((one) => overlaps(block, one))) return [block];
  const prefix = block.prefix + 1;
  const width = familyOf(block.address) === 4 ? 32 : 128;
  const upper = offsetIp(block.address, 1n << BigInt(width - prefix));
  return [block.address, upper].flatMap((address) => without({ address, prefix }, except));
}
