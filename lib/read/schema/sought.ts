import type { Evidence } from '../../model/explanation';
import type { Finding } from '../../model/finding';
import type { SoughtObject } from '../../model/source-place';

const CALICO = ['projectcalico.org', 'crd.projectcalico.org'] as const;
const NETWORK_POLICY_API = 'policy.networking.k8s.io';

/** The kinds that evidence of a filter cites. */
const KINDS: Partial<Record<Evidence['filter'], Pick<SoughtObject, 'kinds' | 'groups'>>> = {
  'network-policy': { kinds: ['NetworkPolicy'], groups: ['networking.k8s.io'] },
  'calico-policy': { groups: CALICO },
  'cluster-network-policy': { groups: [NETWORK_POLICY_API] },
  'security-group': {},
  'network-acl': {},
};

/** The object that evidence cites; `undefined` where it cites a default. */
export function soughtBy({ filter, object, rule, direction }: Evidence): SoughtObject | undefined {
  const kinds = KINDS[filter];
  if (kinds === undefined) return undefined;
  const named = { ...kinds, ...namedBy(object) };
  return rule === null ? named : { ...named, rule: { direction, index: rule } };
}

/** The object that a finding is about. */
export function soughtOf({ object, rule }: Finding): SoughtObject {
  const [kind = '', name = kind] = [object.split(' ')[0], object.split(' ').at(-1)];
  const calico = kind.replace(/^CalicoNetworkPolicy$/, 'NetworkPolicy');
  const groups = groupsOf(kind);
  const isKind = /^[A-Z]/.test(kind) && kind !== name;
  const sought = { ...(isKind && { kinds: [calico] }), ...groups, ...namedBy(name) };
  return rule === undefined ? sought : { ...sought, rule };
}

/** Calico and Kubernetes both call a kind NetworkPolicy. */
function groupsOf(kind: string): Pick<SoughtObject, 'groups'> {
  if (kind === 'CalicoNetworkPolicy') return { groups: CALICO };
  return kind === 'NetworkPolicy' ? { groups: ['networking.k8s.io'] } : {};
}

function namedBy(text: string): Pick<SoughtObject, 'name' | 'namespace'> {
  const [namespace, name] = text.split('/');
  return name === undefined ? { name: text } : { namespace: namespace ?? '', name };
}
