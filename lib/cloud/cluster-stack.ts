import { Annotations, Aspects, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { clusterName, controlPlaneLogGroup, peerClusterName } from '../model/lab-tags';
import { accept } from './accepted';
import type { LabConfig } from './config';
import { LabCluster } from './lab-cluster';
import type { NetworkStack } from './network-stack';
import { ShortLogs } from './short-logs';

export interface ClusterStackProps extends StackProps {
  readonly config: LabConfig;
  readonly network: NetworkStack;
}

/** The cluster of a lab; of a lab with two, both. */
export class ClusterStack extends Stack {
  public readonly clusters: readonly LabCluster[];

  constructor(scope: Construct, id: string, props: ClusterStackProps) {
    super(scope, id, props);
    const { config, network } = props;
    const name = clusterName(config.name);
    const peerName = peerClusterName(config.name);
    const first = new LabCluster(this, 'Lab', {
      config,
      network: network.network,
      clusterName: name,
      logGroupName: controlPlaneLogGroup(name),
    });
    const second =
      network.peer === undefined
        ? []
        : [
            new LabCluster(this, 'Peer', {
              config,
              network: network.peer,
              clusterName: peerName,
              logGroupName: controlPlaneLogGroup(peerName),
            }),
          ];
    this.clusters = [first, ...second];
    for (const cluster of this.clusters) this.output(cluster);
    Aspects.of(this).add(new ShortLogs());
    if (second.length > 0) {
      accept(this, 'CloudFormation-Validate::W9053', 'the library writes a condition a cluster');
    }
    if (config.allowedCidrs.length === 0) {
      Annotations.of(this).addInfo(
        'The Kubernetes API answers inside the VPC only: nobody outside was named. ' +
          'Add -c allowedCidrs=<your address>/32 to reach it from here.',
      );
    }
  }

  /** What a person types next. */
  private output({ cluster, learner, node }: LabCluster): void {
    new CfnOutput(this, `${node.id}Kubeconfig`, {
      description: 'Points kubectl at the cluster',
      value: [
        'aws eks update-kubeconfig',
        `--name ${cluster.clusterName}`,
        `--region ${this.region}`,
        `--role-arn ${learner.roleArn}`,
      ].join(' '),
    });
  }
}
