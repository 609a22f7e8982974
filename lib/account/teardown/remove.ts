import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteClusterCommand,
  DeleteFargateProfileCommand,
  DeleteNodegroupCommand,
} from '@aws-sdk/client-eks';
import { DeleteLoadBalancerCommand as DeleteClassicCommand } from '@aws-sdk/client-elastic-load-balancing';
import {
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../aws';
import type { Leftover, LeftoverKind } from '../inventory/leftover';
import { isGone } from '../refusals';
import { EC2_REMOVERS } from './remove-ec2';

/** Starts the removal of one resource; what is gone already counts as removed. */
export async function removeLeftover(aws: Aws, item: Leftover): Promise<void> {
  try {
    await REMOVERS[item.kind](aws, item);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

export type Remover = (aws: Aws, item: Leftover) => Promise<unknown>;

const REMOVERS: Readonly<Record<LeftoverKind, Remover>> = {
  ...EC2_REMOVERS,
  stack: ({ cloudFormation }, { id }) =>
    cloudFormation.send(new DeleteStackCommand({ StackName: id })),
  'load-balancer': ({ elbv2 }, { id }) =>
    elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: id })),
  'classic-load-balancer': ({ elb }, { id }) =>
    elb.send(new DeleteClassicCommand({ LoadBalancerName: id })),
  'target-group': ({ elbv2 }, { id }) =>
    elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn: id })),
  'node-group': ({ eks }, { id }) => {
    const [clusterName, nodegroupName] = id.split('/');
    return eks.send(new DeleteNodegroupCommand({ clusterName, nodegroupName }));
  },
  'fargate-profile': ({ eks }, { id }) => {
    const [clusterName, fargateProfileName] = id.split('/');
    return eks.send(new DeleteFargateProfileCommand({ clusterName, fargateProfileName }));
  },
  cluster: ({ eks }, { id }) => eks.send(new DeleteClusterCommand({ name: id })),
  'log-group': ({ logs }, { id }) => logs.send(new DeleteLogGroupCommand({ logGroupName: id })),
  // No stage ever asks for it: what has no remover is reported.
  other: async (_, { id }) => {
    throw new Error(`nothing here removes ${id}`);
  },
};
