/** The package with the strict schemas of Kubernetes' own kinds, for every version the labs offer. */
export const KUBERNETES_VALIDATE = '1.37.0';

/** A published module that carries CustomResourceDefinitions, and the files of it that hold them. */
export interface Definitions {
  readonly module: string;
  readonly version: string;
  readonly files: readonly string[];
}

/**
 * Definitions as their own projects publish them, in the version nearest to what a lab's cluster
 * gets (lib/cloud/config/versions.ts) that a registry carries.
 */
export const DEFINITIONS: readonly Definitions[] = [
  {
    module: 'sigs.k8s.io/gateway-api',
    version: 'v1.6.3',
    files: [
      'config/crd/standard/gateway.networking.k8s.io_gateways.yaml',
      'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml',
      'config/crd/standard/gateway.networking.k8s.io_referencegrants.yaml',
    ],
  },
  {
    module: 'istio.io/api',
    version: 'v1.31.1',
    files: ['kubernetes/customresourcedefinitions.gen.yaml'],
  },
  {
    module: 'github.com/kyverno/kyverno',
    version: 'v1.18.2',
    files: ['config/crds/kyverno/kyverno.io_clusterpolicies.yaml'],
  },
  {
    module: 'github.com/aws/amazon-vpc-resource-controller-k8s',
    version: 'v1.8.2',
    files: ['config/crd/bases/vpcresources.k8s.aws_securitygrouppolicies.yaml'],
  },
  {
    // Calico v3.28.5: the only one published there. What came later is in calico.ts, by hand.
    module: 'github.com/projectcalico/calico',
    version: 'v1.11.0-cni-plugin.0.20250813170300-a0db560f0520',
    files: ['manifests/crds.yaml'],
  },
];
