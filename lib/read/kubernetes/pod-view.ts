import {
  type Labels,
  matches,
  matchesWhereKnown,
  NAMESPACE_PREFIX,
  SERVICE_ACCOUNT_PREFIX,
} from '../../model/selector';
import { unknownId } from '../../model/unknown-id';
import type { Namespace } from '../../model/world';
import { toSelector } from '../policies/label-selector';
import type { Metadata } from '../schema/metadata';
import type { Found, Objects } from './kinds';
import { namespaceView, type PendingPod, serviceAccountView } from './pods';

/** The labels of a pod as policies see them. */
export function labelViews(
  { serviceAccounts }: Objects,
  namespaces: readonly Namespace[],
): (pod: PendingPod) => Labels {
  const ofNamespace = new Map(
    namespaces.map(({ name, labels }) => [name, namespaceView(name, labels)]),
  );
  const accountLabels = accountLabelsOf(serviceAccounts);
  return (pod) => ({
    ...withoutPretence(pod.labels),
    ...ofNamespace.get(pod.namespace),
    ...serviceAccountView(pod.serviceAccount, accountLabels(pod)),
  });
}

/**
 * A pod cannot pretend labels of its namespace or service account: Calico strips what stands under
 * its prefixes from the pod itself (libcalico-go: backend/k8s/conversion/workload_endpoint.go).
 */
const withoutPretence = (labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries(labels).filter(
      ([key]) => !key.startsWith(NAMESPACE_PREFIX) && !key.startsWith(SERVICE_ACCOUNT_PREFIX),
    ),
  );

function accountLabelsOf(accounts: readonly Found<Metadata>[]): (pod: PendingPod) => Labels {
  const labels = new Map(
    accounts.map(({ value }) => [`${value.namespace}/${value.name}`, value.labels]),
  );
  return ({ namespace, serviceAccount }) => labels.get(`${namespace}/${serviceAccount}`) ?? {};
}

/** Prefixes of labels that a pod may have beyond those of its view: its Namespace or ServiceAccount is not given. */
export function openLabels(
  { serviceAccounts }: Objects,
  namespaces: readonly Namespace[],
  marked: boolean,
): (pod: PendingPod) => readonly string[] {
  const open = new Set(namespaces.flatMap((one) => (one.assumedLabels ? [one.name] : [])));
  const accounts = new Set(serviceAccounts.map(({ value }) => `${value.namespace}/${value.name}`));
  return ({ namespace, serviceAccount }) => [
    ...(open.has(namespace) ? [NAMESPACE_PREFIX] : []),
    ...(marked && !accounts.has(`${namespace}/${serviceAccount}`) ? [SERVICE_ACCOUNT_PREFIX] : []),
  ];
}

/**
 * Security groups of a pod's own interface: of every SecurityGroupPolicy that selects it. Where a policy asks for
 * labels of a ServiceAccount that the input lacks, the groups are not known.
 */
export function ownGroups(
  { groupPolicies, serviceAccounts }: Objects,
  marked: boolean,
): (pod: PendingPod) => readonly string[] {
  const accounts = new Map(
    serviceAccounts.map(({ value }) => [`${value.namespace}/${value.name}`, value.labels]),
  );
  const policies = groupPolicies.map(({ value }) => ({
    ...value,
    pods: value.podSelector && toSelector(value.podSelector),
    accounts: value.serviceAccountSelector && toSelector(value.serviceAccountSelector),
  }));
  type Ready = (typeof policies)[number];
  const selects = (policy: Ready, pod: PendingPod): boolean | undefined => {
    if (policy.pods !== undefined) return matches(policy.pods, pod.labels);
    if (policy.accounts === undefined) return false;
    const given = accounts.get(`${pod.namespace}/${pod.serviceAccount}`);
    const open = given === undefined && marked ? [ANY_LABEL] : [];
    return matchesWhereKnown(policy.accounts, given ?? {}, open);
  };
  return (pod) => {
    const own = policies.filter(({ namespace }) => namespace === pod.namespace);
    const doubtful = own.find((policy) => selects(policy, pod) === undefined);
    if (doubtful !== undefined) {
      const account = `ServiceAccount ${pod.namespace}/${pod.serviceAccount}`;
      return [
        unknownId(
          `the groups of pods of ${account}, whose labels the input does not give (SecurityGroupPolicy ${doubtful.namespace}/${doubtful.name} may select it)`,
        ),
      ];
    }
    const groups = own.filter((policy) => selects(policy, pod)).flatMap((policy) => policy.groups);
    return [...new Set(groups)];
  };
}

/** The prefix of every label. */
const ANY_LABEL = '';
