import type { HelmChart } from 'aws-cdk-lib/aws-eks-v2';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ClusterStack } from '../cluster/cluster-stack';
import type { LabCluster } from '../cluster/lab-cluster';
import type { LabConfig } from '../config/config';
import { type AddonName, environmentOf } from '../config/environments';
import { ISTIO, KYVERNO } from '../config/versions';
import { Calico } from './calico';
import { install } from './chart';
import { GatewayApi } from './gateway-api';
import { LoadBalancerController } from './load-balancer-controller';

export interface AddonsStackProps extends StackProps {
  readonly config: LabConfig;
  readonly clusters: ClusterStack;
}

/**
 * What a lab needs on top of its cluster, one after the other, and nothing else. The whole stack
 * waits for the cluster's, so every chart finds nodes.
 */
export class AddonsStack extends Stack {
  constructor(scope: Construct, id: string, props: AddonsStackProps) {
    super(scope, id, props);
    this.addStackDependency(props.clusters);
    const { addons } = environmentOf(props.config.lab);
    for (const cluster of props.clusters.clusters) {
      const installed = addons.map((name) => this.add(name, cluster, props.config));
      for (const [index, addon] of installed.entries()) {
        const before = installed[index - 1];
        if (before !== undefined) addon.node.addDependency(before);
      }
    }
  }

  private add(name: AddonName, lab: LabCluster, config: LabConfig): Construct {
    const { cluster, network } = lab;
    const environment = environmentOf(config.lab);
    const id = `${lab.node.id}-${name}`;
    switch (name) {
      case 'calico': {
        const release = config.kubernetes.calico;
        if ('missing' in release) throw new Error(release.missing);
        return new Calico(this, id, { cluster, release, environment, ipv6: config.ipv6 });
      }
      case 'load-balancer-controller':
        return new LoadBalancerController(this, id, {
          cluster,
          vpc: network.lab.vpc,
          securityGroup: network.securityGroups.get('load-balancers'),
          size: config.size,
        });
      case 'gateway-api':
        return new GatewayApi(this, id, { cluster });
      case 'kyverno':
        return install(this, id, {
          cluster,
          ...KYVERNO,
          release: 'kyverno',
          namespace: 'kyverno',
          values: {},
        });
      case 'istio':
        return this.addIstio(id, lab);
    }
  }

  /** Definitions first, then the control plane: sidecars are injected, there is no gateway. */
  private addIstio(id: string, { cluster }: LabCluster): HelmChart {
    const { repository, version } = ISTIO;
    const namespace = 'istio-system';
    const common = { cluster, repository, version, namespace };
    const base = install(this, `${id}-base`, {
      ...common,
      chart: 'base',
      release: 'istio-base',
      values: {},
    });
    const istiod = install(this, id, {
      ...common,
      chart: 'istiod',
      release: 'istiod',
      values: {},
    });
    istiod.node.addDependency(base);
    return istiod;
  }
}
