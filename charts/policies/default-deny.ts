import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** Every pod of a namespace is isolated in both directions; nothing is allowed yet. */
export const defaultDeny = (namespace: string) =>
  class DefaultDeny extends Chart {
    constructor(scope: Construct, id: string) {
      super(scope, id);
      new k8s.KubeNetworkPolicy(this, 'default-deny', {
        metadata: { name: 'default-deny', namespace },
        spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      });
    }
  };
