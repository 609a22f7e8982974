import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/**
 * Two paths and no more: frontend to backend, backend to db.
 *
 * A connection needs the caller's egress and the called one's ingress: under a default deny each
 * path is opened at both ends, one policy for each workload.
 */
export class AppPaths extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new k8s.KubeNetworkPolicy(this, 'frontend', {
      metadata: { name: 'frontend', namespace: 'shop' },
      spec: {
        podSelector: { matchLabels: { app: 'frontend' } },
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ podSelector: { matchLabels: { app: 'backend' } } }],
            ports: [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(8080) }],
          },
        ],
      },
    });
    new k8s.KubeNetworkPolicy(this, 'backend', {
      metadata: { name: 'backend', namespace: 'shop' },
      spec: {
        podSelector: { matchLabels: { app: 'backend' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { app: 'frontend' } } }],
            ports: [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(8080) }],
          },
        ],
        egress: [
          {
            to: [{ podSelector: { matchLabels: { app: 'db' } } }],
            ports: [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(5432) }],
          },
        ],
      },
    });
    new k8s.KubeNetworkPolicy(this, 'db', {
      metadata: { name: 'db', namespace: 'shop' },
      spec: {
        podSelector: { matchLabels: { app: 'db' } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { app: 'backend' } } }],
            ports: [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(5432) }],
          },
        ],
      },
    });
  }
}
