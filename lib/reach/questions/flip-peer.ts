import { formatCidr, hostCidr } from '../../model/address';
import type { Peer } from '../../model/policy';
import {
  type Labels,
  NAMESPACE_LABEL,
  NAMESPACE_PREFIX,
  SERVICE_ACCOUNT_PREFIX,
  type Selector,
} from '../../model/selector';
import { isWorkload } from '../ends/party';
import type { Party } from '../ends/types';

/** Labels that Kubernetes gives each replica or version its own value of: no rule should name them. */
const FLEETING = [
  'pod-template-hash',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
];

/** The labels a person would write to mean this pod and its replicas. */
const ownLabels = (labels: Labels): readonly (readonly [string, string])[] =>
  Object.entries(labels).filter(
    ([key]) =>
      !key.startsWith(NAMESPACE_PREFIX) &&
      !key.startsWith(SERVICE_ACCOUNT_PREFIX) &&
      !key.startsWith('projectcalico.org/') &&
      !FLEETING.includes(key),
  );

/** A peer for a rule that admits this party: by its labels and namespace, or by its address. */
export function peerOf(party: Party): Peer {
  if (!isWorkload(party)) return { nets: [hostCidr(party.address)] };
  const { labels, namespace } = party.pod;
  const operands = [...ownLabels(labels), [NAMESPACE_LABEL, namespace] as const].map(
    ([label, value]): Selector => ({ kind: 'equals', label, value }),
  );
  return { selector: { kind: 'and', operands } };
}

/** The same in words: `pods app=web of namespace shop`. */
export function describePeer(party: Party): string {
  if (!isWorkload(party)) return formatCidr(hostCidr(party.address));
  const { labels, namespace } = party.pod;
  const own = ownLabels(labels).map(([key, value]) => `${key}=${value}`);
  return `pods ${[...own, `of namespace ${namespace}`].join(' ')}`;
}
