import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** A NetworkPolicy whose name and namespace are said by hand; its spec is the API's own. */
export const networkPolicy = (
  scope: Construct,
  path: `${string}/${string}`,
  spec: k8s.NetworkPolicySpec,
): k8s.KubeNetworkPolicy => {
  const [namespace, name] = path.split('/');
  return new k8s.KubeNetworkPolicy(scope, `policy-${namespace}-${name}`, {
    metadata: { name, namespace },
    spec,
  });
};

/** Pods of the policy's own namespace with the label `app`. */
export const app = (name: string): k8s.NetworkPolicyPeer => ({
  podSelector: { matchLabels: { app: name } },
});

/** Pods with the label `app` in another namespace: both must hold. */
export const appIn = (namespace: string, name: string): k8s.NetworkPolicyPeer => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  podSelector: { matchLabels: { app: name } },
});
