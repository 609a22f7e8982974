import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Annotations, type CfnCondition, Stack } from 'aws-cdk-lib/core';
import { accept, acceptManaged, acceptWildcards } from '../config/accepted';

/**
 * Puts the functions that run kubectl and helm beside the nodes. With a private endpoint the
 * library ignores the subnets asked for and takes the control plane's own, which have no way out:
 * no chart would ever arrive, and a /28 has no addresses to spare.
 */
export function settleFunctions(cluster: eks.Cluster, subnets: readonly ec2.ISubnet[]): void {
  const subnetIds = subnets.map(({ subnetId }) => subnetId);
  for (const construct of cluster.node.findAll()) {
    if (construct instanceof CfnFunction) {
      construct.addPropertyOverride('VpcConfig.SubnetIds', subnetIds);
    }
  }
  Annotations.of(cluster).acknowledgeWarning(
    '@aws-cdk/aws-eks:isolatedSubnetsForKubectlPrivateSubnets',
    'the functions were moved to the subnets of the nodes',
  );
  acceptFindings(cluster);
}

/** The library fixes these functions' roles and runtimes; they live as long as the lab. */
function acceptFindings(cluster: eks.Cluster): void {
  const provider = cluster.node.findChild('KubectlProvider');
  const handler = provider.node.findChild('Handler');
  const nameOf = (element: { readonly logicalId: string }): string =>
    Stack.of(cluster).resolve(element.logicalId);
  const ecrPublic = nameOf(handler.node.findChild('HasEcrPublic') as CfnCondition);
  const reason = 'the CDK library fixes it for the functions that run kubectl and helm';
  acceptManaged(
    provider,
    [
      'service-role/AWSLambdaBasicExecutionRole',
      'service-role/AWSLambdaVPCAccessExecutionRole',
      'AmazonEC2ContainerRegistryReadOnly',
    ],
    reason,
  );
  const published = 'AmazonElasticContainerRegistryPublicReadOnly';
  accept(
    provider,
    `AwsSolutions-IAM4[Policy::${JSON.stringify({
      'Fn::If': [
        ecrPublic,
        { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${published}`]] },
        { Ref: 'AWS::NoValue' },
      ],
    })}]`,
    reason,
  );
  const functionName = nameOf(handler.node.defaultChild as CfnFunction);
  acceptWildcards(provider, [`<${functionName}.Arn>:*`], reason);
  accept(handler, 'AwsSolutions-L1', reason);
}
