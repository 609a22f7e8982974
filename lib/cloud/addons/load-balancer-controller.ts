import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnPodIdentityAssociation, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Aws, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { podRole } from '../cluster/pod-role';
import { acceptWildcards } from '../config/accepted';
import type { Size } from '../config/config';
import { LOAD_BALANCER_CONTROLLER } from '../config/versions';
import { install } from './chart';

export interface LoadBalancerControllerProps {
  readonly cluster: ICluster;
  readonly vpc: IVpc;
  /** The group that load balancers call pods with; nodes let it in. */
  readonly securityGroup: ISecurityGroup;
  readonly size: Size;
}

const NAMESPACE = 'kube-system';
const SERVICE_ACCOUNT = 'aws-load-balancer-controller';

/**
 * Makes load balancers for Services, Ingresses and Gateways. Its credentials come by Pod Identity.
 * The group that balancers reach pods with (the backend group) is ours, so none stays behind when
 * the cluster is gone. Who may call a balancer (the frontend group) is said at each Service and
 * Ingress: the controller's own frontend group would admit every address.
 */
export class LoadBalancerController extends Construct {
  constructor(scope: Construct, id: string, props: LoadBalancerControllerProps) {
    super(scope, id);
    const { cluster, vpc, securityGroup, size } = props;
    const published = publishedPolicy(LOAD_BALANCER_CONTROLLER.version);
    const policy = new ManagedPolicy(this, 'Policy', {
      description: 'As published with the controller',
      document: PolicyDocument.fromJson(published),
    });
    acceptWildcards(
      policy,
      wildcardsOf(published),
      'as published with the controller, which narrows them by its own tags',
    );
    const role = podRole(this, 'Role', {
      description: 'The AWS Load Balancer Controller',
      managedPolicies: [policy],
    });
    const identity = new CfnPodIdentityAssociation(this, 'Identity', {
      clusterName: cluster.clusterName,
      namespace: NAMESPACE,
      serviceAccount: SERVICE_ACCOUNT,
      roleArn: role.roleArn,
    });
    const chart = install(this, 'Chart', {
      cluster,
      ...LOAD_BALANCER_CONTROLLER,
      release: SERVICE_ACCOUNT,
      namespace: NAMESPACE,
      values: {
        clusterName: cluster.clusterName,
        region: Stack.of(this).region,
        vpcId: vpc.vpcId,
        replicaCount: size === 'small' ? 1 : 2,
        serviceAccount: { create: true, name: SERVICE_ACCOUNT },
        backendSecurityGroup: securityGroup.securityGroupId,
      },
    });
    chart.node.addDependency(identity);
  }
}

interface PublishedPolicy {
  readonly Statement: readonly { readonly Resource: string | readonly string[] }[];
}

/** Resources with a wildcard, in the words of the rule that finds them. */
function wildcardsOf({ Statement }: PublishedPolicy): readonly string[] {
  const resources = Statement.flatMap(({ Resource }) => Resource);
  const written = resources.map((r) => r.replaceAll(Aws.PARTITION, '<AWS::Partition>'));
  return [...new Set(written.filter((resource) => resource.includes('*')))];
}

/** The policy of the controller's release, in the copy that the CDK library carries. */
function publishedPolicy(version: string): PublishedPolicy {
  const library = dirname(require.resolve('aws-cdk-lib/aws-eks-v2'));
  const file = join(library, 'lib', 'addons', `alb-iam_policy-v${version}.json`);
  return JSON.parse(readFileSync(file, 'utf8').replaceAll('arn:aws:', `arn:${Aws.PARTITION}:`));
}
