import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Construct } from 'constructs';
import { install } from './chart';
import type { Environment } from './environments';
import type { CalicoRelease } from './versions';

export interface CalicoProps {
  readonly cluster: ICluster;
  readonly release: CalicoRelease;
  readonly environment: Environment;
}

const REPOSITORY = 'https://docs.tigera.io/calico/charts';

/**
 * Calico for policy only: VPC CNI connects the pods, Calico decides what they may say (Calico docs,
 * "Install on EKS with Amazon VPC CNI"). Goldmane collects flows and Whisker shows them.
 */
export class Calico extends Construct {
  constructor(scope: Construct, id: string, props: CalicoProps) {
    super(scope, id);
    const { cluster, release, environment } = props;
    const operator = install(this, 'Operator', {
      cluster,
      chart: 'tigera-operator',
      repository: REPOSITORY,
      version: release.version,
      release: 'calico',
      namespace: 'tigera-operator',
      values: operatorValues(environment),
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

/** Calico's nftables rules need kube-proxy's to be nftables too; otherwise both stay with iptables. */
const operatorValues = ({ kubeProxy }: Environment): Readonly<Record<string, unknown>> => ({
  installation: {
    enabled: true,
    kubernetesProvider: 'EKS',
    cni: { type: 'AmazonVPC' },
    calicoNetwork: {
      bgp: 'Disabled',
      ...(kubeProxy === 'nftables' ? { linuxDataplane: 'Nftables' } : {}),
    },
  },
  apiServer: { enabled: true },
  goldmane: { enabled: true },
  whisker: { enabled: true },
});
