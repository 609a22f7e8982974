import {
  type Labels,
  matches,
  NAMESPACE_PREFIX,
  SERVICE_ACCOUNT_PREFIX,
} from '../../model/selector';
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

/** Security groups of a pod's own interface: of every SecurityGroupPolicy that selects it. */
export function ownGroups({
  groupPolicies,
  serviceAccounts,
}: Objects): (pod: PendingPod) => readonly string[] {
  const accountLabels = accountLabelsOf(serviceAccounts);
  const policies = groupPolicies.map(({ value }) => ({
    namespace: value.namespace,
    groups: value.groups,
    pods: value.podSelector && toSelector(value.podSelector),
    accounts: value.serviceAccountSelector && toSelector(value.serviceAccountSelector),
  }));
  return (pod) => {
    const groups = policies
      .filter(({ namespace }) => namespace === pod.namespace)
      .filter(({ pods, accounts }) =>
        pods === undefined
          ? accounts !== undefined && matches(accounts, accountLabels(pod))
          : matches(pods, pod.labels),
      )
      .flatMap((policy) => policy.groups);
    return [...new Set(groups)];
  };
}
