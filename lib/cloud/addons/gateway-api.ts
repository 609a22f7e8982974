import { type ICluster, KubernetesManifest, KubernetesObjectValue } from 'aws-cdk-lib/aws-eks-v2';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface GatewayApiProps {
  readonly cluster: ICluster;
}

/** Name of the class whose Gateways become application load balancers; the labs' manifests ask for it. */
export const GATEWAY_CLASS = 'alb';

/**
 * The Gateway API, and the class that the AWS Load Balancer Controller answers to. The API's
 * definitions are too large for a manifest in a template and have no chart of their own, but
 * Calico's operator, already there, brings them along once it is asked for its own gateway (Calico
 * docs, Ingress Gateway). What needs them depends on them: the controller looks for them when it
 * starts, and never again.
 */
export class GatewayApi extends Construct {
  constructor(scope: Construct, id: string, props: GatewayApiProps) {
    super(scope, id);
    const { cluster } = props;
    const request = this.apply('Request', cluster, {
      apiVersion: 'operator.tigera.io/v1',
      kind: 'GatewayAPI',
      metadata: { name: 'default' },
    });
    const definitions = new KubernetesObjectValue(this, 'Definitions', {
      cluster,
      objectType: 'customresourcedefinition',
      objectName: 'httproutes.gateway.networking.k8s.io',
      jsonPath: '.status.acceptedNames.kind',
      timeout: Duration.minutes(10),
    });
    definitions.node.addDependency(request);
    const gatewayClass = this.apply('Class', cluster, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: GATEWAY_CLASS },
      spec: { controllerName: 'gateway.k8s.aws/alb' },
    });
    gatewayClass.node.addDependency(definitions);
  }

  private apply(id: string, cluster: ICluster, manifest: object): KubernetesManifest {
    return new KubernetesManifest(this, id, {
      cluster,
      manifest: [manifest as Record<string, unknown>],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
