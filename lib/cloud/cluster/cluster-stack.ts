import { Annotations, Aspects, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { formatCidr } from '../../model/address';
import { clusterName, peerClusterName } from '../../model/lab-tags';
import { accept } from '../config/accepted';
import type { LabConfig } from '../config/config';
import { environmentOf } from '../config/environments';
import type { NetworkStack } from '../network/network-stack';
import { LabCluster } from './lab-cluster';
import { instanceType } from './node-group';
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
    const settings = settingsOf(config);
    const first = new LabCluster(this, 'Lab', {
      ...settings,
      network: network.network,
      clusterName: name,
    });
    const second =
      network.peer === undefined
        ? []
        : [
            new LabCluster(this, 'Peer', {
              ...settings,
              network: network.peer,
              clusterName: peerName,
            }),
          ];
    this.clusters = [first, ...second];
    for (const cluster of this.clusters) this.output(cluster, config);
    Aspects.of(this).add(new ShortLogs());
    if (second.length > 0) {
      accept(this, 'CloudFormation-Validate::W9053', 'the library writes a condition a cluster');
    }
    if (config.allowedCidrs.length === 0 && !config.publicApi) {
      Annotations.of(this).addInfo(
        'The Kubernetes API answers inside the VPC only. ' +
          'Add -c allowedCidrs=<your address>/32 to reach it from here.',
      );
    }
    if (config.admin.length === 0) {
      Annotations.of(this).addInfo(
        'Only the Learner role of this stack may enter the cluster. ' +
          'Add -c admin=<ARN of your IAM role or user>, as lab up does, to enter it as yourself.',
      );
    }
  }

  /** What a person types next. */
  private output({ cluster, learner, node }: LabCluster, { admin }: LabConfig): void {
    new CfnOutput(this, `${node.id}Kubeconfig`, {
      description: 'Points kubectl at the cluster',
      value: [
        'aws eks update-kubeconfig',
        `--name ${cluster.clusterName}`,
        `--region ${this.region}`,
        // Administrators enter as themselves; everyone else of the account takes the Learner role.
        ...(admin.length === 0 ? [`--role-arn ${learner.roleArn}`] : []),
      ].join(' '),
    });
  }
}

/** What of a configuration every cluster of a lab takes. */
const settingsOf = (config: LabConfig) => ({
  kubernetes: config.kubernetes.version,
  administrators: config.admin,
  allowedCidrs: config.allowedCidrs.map(formatCidr),
  publicApi: config.publicApi,
  nodes: {
    instanceType: instanceType(config.size, environmentOf(config.lab)),
    count: config.size === 'small' ? 2 : 3,
  },
});
