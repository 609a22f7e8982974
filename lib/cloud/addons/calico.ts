import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Construct } from 'constructs';
import type { Environment } from '../config/environments';
import type { CalicoRelease } from '../config/versions';
import { install } from './chart';

export interface CalicoProps {
  readonly cluster: ICluster;
  readonly release: CalicoRelease;
  readonly environment: Environment;
  /** The cluster's pods have IPv6 addresses. */
  readonly ipv6: boolean;
}

const REPOSITORY = 'https://docs.tigera.io/calico/charts';

/**
 * Calico for policy only: VPC CNI connects the pods, Calico decides what they may say (Calico docs,
 * "Install on EKS with Amazon VPC CNI"). Goldmane collects flows and Whisker shows them.
 */
export class Calico extends Construct {
  constructor(scope: Construct, id: string, props: CalicoProps) {
    super(scope, id);
    const { cluster, release, environment, ipv6 } = props;
    const operator = install(this, 'Operator', {
      cluster,
      chart: 'tigera-operator',
      repository: REPOSITORY,
      version: release.version,
      release: 'calico',
      namespace: 'tigera-operator',
      values: operatorValues(environment, ipv6),
    });
    if (release.crds === 'in-own-chart') {
      const crds = install(this, 'Crds', {
        cluster,
        chart: 'crd.projectcalico.org.v1',
        repository: REPOSITORY,
        version: release.version,
        release: 'calico-crds',
        namespace: 'tigera-operator',
        values: {},
      });
      operator.node.addDependency(crds);
    }
  }
}

/**
 * Calico's nftables rules need kube-proxy's to be nftables too; otherwise both stay with iptables.
 *
 * The operator turns Felix' rules for IPv6 on where IPv6 addresses are detected, which by itself it
 * does only for an IPv6 pool of Calico's own, and VPC CNI's addresses are none: without the method
 * named here, an IPv6 cluster accepts policies and enforces none (tigera/operator v1.40.15,
 * pkg/render/node.go; projectcalico/calico issue 9099).
 */
const operatorValues = (
  { kubeProxy }: Environment,
  ipv6: boolean,
): Readonly<Record<string, unknown>> => ({
  installation: {
    enabled: true,
    kubernetesProvider: 'EKS',
    cni: { type: 'AmazonVPC' },
    calicoNetwork: {
      bgp: 'Disabled',
      ...(ipv6 ? { nodeAddressAutodetectionV6: { kubernetes: 'NodeInternalIP' } } : {}),
      ...(kubeProxy === 'nftables' ? { linuxDataplane: 'Nftables' } : {}),
    },
  },
  apiServer: { enabled: true },
  goldmane: { enabled: true },
  whisker: { enabled: true },
});
