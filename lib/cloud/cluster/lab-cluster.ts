import { createHash } from 'node:crypto';
import { KubectlV35Layer } from '@aws-cdk/lambda-layer-kubectl-v35';
import { KubectlV36Layer } from '@aws-cdk/lambda-layer-kubectl-v36';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import { AccountRootPrincipal, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { formatCidr } from '../../model/address';
import { controlPlaneLogGroup } from '../../model/lab-tags';
import { acceptManaged } from '../config/accepted';
import { addonVersionsOf } from '../config/addon-versions';
import { SERVICE_CIDR } from '../config/block-conflicts';
import type { Environment } from '../config/environments';
import { DEFAULT_KUBERNETES, type KubernetesRelease, releaseOf } from '../config/versions';
import type { LabNetwork } from '../network/lab-network';
import { ClusterAddons } from './addons';
import { settleFunctions } from './kubectl-functions';
import { NodeGroup, type NodeShape } from './node-group';

export interface LabClusterProps {
  readonly network: LabNetwork;
  /** Up to 100 letters, digits, `-` and `_`. */
  readonly clusterName: string;
  /** A version of `KUBERNETES_RELEASES`. @default DEFAULT_KUBERNETES */
  readonly kubernetes?: string;
  /** ARNs of IAM roles and users that administer the cluster. @default the Learner role alone */
  readonly administrators?: readonly string[];
  /** Blocks outside the VPC that may reach the API. @default none: the API has no public endpoint */
  readonly allowedCidrs?: readonly string[];
  /** The API answers every address. @default false */
  readonly publicApi?: boolean;
  /** Type and number of nodes. @default two t3.medium */
  readonly nodes?: NodeShape;
}

/** An EKS cluster with its nodes, ready for Calico: no part of it is left to a default. */
export class LabCluster extends Construct {
  public readonly cluster: eks.Cluster;
  public readonly network: LabNetwork;
  /** Who may do everything in the cluster: anybody in the account allowed to take this role. */
  public readonly learner: Role;

  constructor(scope: Construct, id: string, props: LabClusterProps) {
    super(scope, id);
    const { network, administrators = [] } = props;
    this.network = network;
    const { environment } = network;
    const release = releaseOf(props.kubernetes ?? DEFAULT_KUBERNETES);
    this.cluster = this.createCluster(props, release);
    this.learner = new Role(this, 'Learner', {
      description: 'Administrator of the lab cluster, for people of this account',
      assumedBy: new AccountRootPrincipal(),
    });
    this.cluster.grantClusterAdmin('LearnerAccess', this.learner.roleArn);
    // By name, so that another order of the same administrators changes nothing.
    for (const arn of administrators) this.cluster.grantClusterAdmin(`Admin-${hashOf(arn)}`, arn);

    const nodeSecurityGroup = network.securityGroups.get('nodes');
    const addons = new ClusterAddons(this, 'Addons', {
      cluster: this.cluster,
      environment,
      versions: addonVersionsOf(release.version),
      ipv6: network.lab.ipv6Block !== undefined,
      podSubnets: network.lab.subnets.pods,
      nodeSecurityGroup,
    });
    const { nodegroup } = new NodeGroup(this, 'Nodes', {
      cluster: this.cluster,
      subnets: network.lab.subnets.nodes,
      securityGroup: nodeSecurityGroup,
      shape: props.nodes ?? { instanceType: 't3.medium', count: 2 },
      manyPods: environment.prefixDelegation === 'on',
    });
    nodegroup.node.addDependency(...addons.beforeNodes);
    addons.addCoreDns(nodegroup);
  }

  private createCluster(props: LabClusterProps, release: KubernetesRelease): eks.Cluster {
    const { network, clusterName } = props;
    const { vpc, subnets } = network.lab;
    const cluster = new eks.Cluster(this, 'Cluster', {
      clusterName,
      version: eks.KubernetesVersion.of(release.version),
      vpc,
      vpcSubnets: [{ subnets: [...subnets['control-plane']] }],
      securityGroup: network.securityGroups.get('control-plane'),
      role: this.createRole(network.environment),
      endpointAccess: endpointAccess(props),
      ...(network.lab.ipv6Block !== undefined
        ? { ipFamily: eks.IpFamily.IP_V6 }
        : { serviceIpv4Cidr: formatCidr(SERVICE_CIDR) }),
      // The default is Auto Mode, where no other CNI or policy engine may run.
      defaultCapacityType: eks.DefaultCapacityType.NODEGROUP,
      defaultCapacity: 0,
      bootstrapSelfManagedAddons: false,
      bootstrapClusterCreatorAdminPermissions: false,
      clusterLogging: Object.values(eks.ClusterLoggingTypes),
      kubectlProviderOptions: {
        kubectlLayer: kubectlLayer(this, release),
        privateSubnets: [...subnets.nodes],
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    settleFunctions(cluster, subnets.nodes);
    const resource = cluster.node.defaultChild as eks.CfnCluster;
    // Never slide into extended support, at six times the price, without anybody asking.
    resource.upgradePolicy = { supportType: 'STANDARD' };
    resource.node.addDependency(this.createLogGroup(controlPlaneLogGroup(clusterName)));
    return cluster;
  }

  /** EKS makes this group itself where it is missing, and then keeps it for ever. */
  private createLogGroup(logGroupName: string): LogGroup {
    return new LogGroup(this, 'ControlPlaneLogs', {
      logGroupName,
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private createRole({ podSecurityGroups }: Environment): Role {
    const policies = [
      'AmazonEKSClusterPolicy',
      // Branch interfaces are made by the control plane's resource controller.
      ...(podSecurityGroups === 'on' ? ['AmazonEKSVPCResourceController'] : []),
    ];
    const role = new Role(this, 'ControlPlaneRole', {
      description: 'The control plane of EKS',
      assumedBy: new ServicePrincipal('eks.amazonaws.com'),
      managedPolicies: policies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
    });
    acceptManaged(role, policies, 'EKS documents these as what its control plane needs');
    return role;
  }
}

/** Eight digits that stand for a text in an id. */
const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8);

/** Without a block that is allowed, the API answers inside the VPC only. */
function endpointAccess({
  allowedCidrs = [],
  publicApi = false,
}: LabClusterProps): eks.EndpointAccess {
  if (publicApi) return eks.EndpointAccess.PUBLIC_AND_PRIVATE;
  return allowedCidrs.length === 0
    ? eks.EndpointAccess.PRIVATE
    : eks.EndpointAccess.PUBLIC_AND_PRIVATE.onlyFrom(...allowedCidrs);
}

function kubectlLayer(
  scope: Construct,
  { version, kubectlLayer }: KubernetesRelease,
): ILayerVersion {
  switch (kubectlLayer) {
    case '@aws-cdk/lambda-layer-kubectl-v35':
      return new KubectlV35Layer(scope, 'KubectlLayer');
    case '@aws-cdk/lambda-layer-kubectl-v36':
      return new KubectlV36Layer(scope, 'KubectlLayer');
    case 'none':
      throw new Error(
        `Kubernetes ${version} has no kubectl layer, and the configuration let it pass`,
      );
  }
}
