import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/**
 * Every pod of a namespace may query the cluster's DNS, and no other server on port 53.
 *
 * Both selectors stand in one peer, so both must hold; as two peers they would open every pod of
 * kube-system, or every `k8s-app: kube-dns` of this namespace. TCP is there because an answer that
 * does not fit a UDP packet is asked again over TCP (RFC 7766).
 *
 * @param podLabels which pods; a policy isolates the pods it selects. @default every pod
 */
export const allowDns = (namespace: string, podLabels: Readonly<Record<string, string>> = {}) =>
  class AllowDns extends Chart {
    constructor(scope: Construct, id: string) {
      super(scope, id);
      new k8s.KubeNetworkPolicy(this, 'allow-dns', {
        metadata: { name: 'allow-dns', namespace },
        spec: {
          podSelector: Object.keys(podLabels).length === 0 ? {} : { matchLabels: { ...podLabels } },
          policyTypes: ['Egress'],
          egress: [
            {
              to: [
                {
                  namespaceSelector: {
                    matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
                  },
                  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
                },
              ],
              ports: [
                { protocol: 'UDP', port: k8s.IntOrString.fromNumber(53) },
                { protocol: 'TCP', port: k8s.IntOrString.fromNumber(53) },
              ],
            },
          ],
        },
      });
    }
  };
