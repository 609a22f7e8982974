import type { Peer, Rule } from '../../model/policy';
import { NAMESPACE_LABEL, NAMESPACE_PREFIX, type Selector } from '../../model/selector';
import { type At, complain } from '../schema/at';
import { cidrBlock } from '../schema/names';
import { checked, closedObject, list, type Read, type Shape, text } from '../schema/shape';
import { type LabelSelector, labelSelector, podsWhere, toSelector } from './label-selector';

/** Rules: kubernetes-sigs/network-policy-api, apis/v1alpha1 and apis/v1alpha2. */

/** The API asks for both; what is left out is taken as empty, which selects everything. */
const namespacedPods = closedObject({
  optional: { namespaceSelector: labelSelector, podSelector: labelSelector },
});

const pods = { namespaces: labelSelector, pods: namespacedPods } as const;

/** Most items of a list in the admin kinds. */
export const MAX_ITEMS = 25;

const domainName = text((name) =>
  /^(\*\.)?([a-zA-Z0-9]([-\w]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([-\w]*[a-zA-Z0-9])?\.?$/.test(name)
    ? undefined
    : { problem: `'${name}' is no domain name`, fix: 'write one like www.example.com' },
);

/** Exactly one field may stand; a list counts as a field only with an item. */
export const exactlyOne = <T extends object>(shape: Shape<T>, words: string): Shape<T> =>
  checked(shape, (value: T, at: At) => {
    const count = Object.values(value).filter((field) => field !== undefined).length;
    if (count !== 1) complain(at, `${count} fields stand here`, `give exactly one of ${words}`);
  });

/** Whom an admin policy applies to. */
export const adminSubject = exactlyOne(closedObject({ optional: pods }), 'namespaces, pods');

/** Who may be on the other side of ingress. */
export const ingressPeer = exactlyOne(closedObject({ optional: pods }), 'namespaces, pods');

const nonEmpty = <T>(item: Shape<T>): Shape<readonly T[]> =>
  checked(list(item, MAX_ITEMS), (items: readonly T[], at: At) => {
    if (items.length === 0) complain(at, 'the list is empty', 'give an item, or drop the field');
  });

/** Who may be on the other side of egress. */
export const egressPeer = exactlyOne(
  closedObject({
    optional: {
      ...pods,
      nodes: labelSelector,
      networks: nonEmpty(cidrBlock),
      domainNames: nonEmpty(domainName),
    },
  }),
  'namespaces, pods, nodes, networks, domainNames',
);

export type AdminPeer = Read<typeof egressPeer>;

interface Pods {
  readonly namespaces?: LabelSelector;
  readonly pods?: Read<typeof namespacedPods>;
}

/** The pods that namespace and pod labels select; host-network pods are never among them. */
export const selectedPods = ({ namespaces, pods: both }: Pods): Selector =>
  podsWhere(namespaces ?? both?.namespaceSelector ?? {}, both?.podSelector ?? {});

/**
 * Everything in the namespaces. Calico converts such a peer to a namespaceSelector alone, which
 * matches network sets too: in these namespaces, and by a test for absence also global ones. Without
 * Calico there are no network sets.
 */
function anyIn(namespaces: LabelSelector): Selector {
  const selector = toSelector(namespaces, NAMESPACE_PREFIX);
  return selector.kind === 'all' ? { kind: 'has', label: NAMESPACE_LABEL } : selector;
}

/** The peers of an admin rule; the list always has an item. */
export const toAdminPeers = (peers: readonly AdminPeer[]): Rule['source'] => peers.map(toPeer);

function toPeer(peer: AdminPeer): Peer {
  const { networks, nodes, domainNames } = peer;
  if (networks !== undefined) return { nets: networks };
  if (nodes !== undefined) return { nodes: toSelector(nodes) };
  if (domainNames !== undefined) return { domainNames };
  const { namespaces } = peer;
  return { selector: namespaces === undefined ? selectedPods(peer) : anyIn(namespaces) };
}
