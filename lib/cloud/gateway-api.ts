import { type ICluster, KubernetesManifest } from 'aws-cdk-lib/aws-eks-v2';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface GatewayApiProps {
  readonly cluster: ICluster;
}

/**
 * The Gateway API and a gateway that speaks it. Its definitions are too large for a manifest in a
 * template and have no chart of their own, but Calico's operator, already there, brings them along
 * with Envoy Gateway once it is asked to (Calico docs, Ingress Gateway); the class is called
 * `tigera-gateway-class`.
 */
export class GatewayApi extends Construct {
  constructor(scope: Construct, id: string, props: GatewayApiProps) {
    super(scope, id);
    new KubernetesManifest(this, 'Resource', {
      cluster: props.cluster,
      manifest: [
        {
          apiVersion: 'operator.tigera.io/v1',
          kind: 'GatewayAPI',
          metadata: { name: 'default' },
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
