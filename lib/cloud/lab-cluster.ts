import { KubectlV35Layer } from '@aws-cdk/lambda-layer-kubectl-v35';
import { KubectlV36Layer } from '@aws-cdk/lambda-layer-kubectl-v36';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import { AccountRootPrincipal, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { formatCidr } from '../model/address';
import { acceptManaged } from './accepted';
import { SERVICE_CIDR } from './block-conflicts';
import { ClusterAddons } from './cluster-addons';
import type { LabConfig } from './config';
import { type Environment, environmentOf } from './environments';
import { settleFunctions } from './kubectl-functions';
import type { LabNetwork } from './lab-network';
import { NodeGroup } from './node-group';
import type { KubernetesRelease } from './versions';

export interface LabClusterProps {
  readonly config: LabConfig;
  readonly network: LabNetwork;
  readonly clusterName: string;
  readonly logGroupName: string;
}

/** An EKS cluster with its nodes, ready for Calico: no part of it is left to a default. */
export class LabCluster extends Construct {
  public readonly cluster: eks.Cluster;
  public readonly network: LabNetwork;
  /** Who may do everything in the cluster: anybody in the account allowed to take this role. */
  public readonly learner: Role;

  constructor(scope: Construct, id: string, props: LabClusterProps) {
    super(scope, id);
    const { config, network } = props;
    this.network = network;
    const environment = environmentOf(config.lab);
    this.cluster = this.createCluster(props, environment);
    this.learner = new Role(this, 'Learner', {
      description: 'Administrator of the lab cluster, for people of this account',
      assumedBy: new AccountRootPrincipal(),
    });
    this.cluster.grantClusterAdmin('LearnerAccess', this.learner.roleArn);

    const nodeSecurityGroup = network.securityGroups.get('nodes');
    const addons = new ClusterAddons(this, 'Addons', {
      cluster: this.cluster,
      environment,
      ipv6: config.ipv6,
      podSubnets: network.lab.subnets.pods,
      nodeSecurityGroup,
    });
    const { nodegroup } = new NodeGroup(this, 'Nodes', {
      cluster: this.cluster,
      subnets: network.lab.subnets.nodes,
      securityGroup: nodeSecurityGroup,
      environment,
      size: config.size,
    });
    nodegroup.node.addDependency(...addons.beforeNodes);
    addons.addCoreDns(nodegroup);
  }

  private createCluster(props: LabClusterProps, environment: Environment): eks.Cluster {
    const { config, network, clusterName } = props;
    const { vpc, subnets } = network.lab;
    const cluster = new eks.Cluster(this, 'Cluster', {
      clusterName,
      version: eks.KubernetesVersion.of(config.kubernetes.version),
      vpc,
      vpcSubnets: [{ subnets: [...subnets['control-plane']] }],
      securityGroup: network.securityGroups.get('control-plane'),
      role: this.createRole(environment),
      endpointAccess: endpointAccess(config),
      ...(config.ipv6
        ? { ipFamily: eks.IpFamily.IP_V6 }
        : { serviceIpv4Cidr: formatCidr(SERVICE_CIDR) }),
      // The default is Auto Mode, where no other CNI or policy engine may run.
      defaultCapacityType: eks.DefaultCapacityType.NODEGROUP,
      defaultCapacity: 0,
      bootstrapSelfManagedAddons: false,
      bootstrapClusterCreatorAdminPermissions: false,
      clusterLogging: Object.values(eks.ClusterLoggingTypes),
      kubectlProviderOptions: {
        kubectlLayer: kubectlLayer(this, config.kubernetes),
        privateSubnets: [...subnets.nodes],
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    settleFunctions(cluster, subnets.nodes);
    const resource = cluster.node.defaultChild as eks.CfnCluster;
    // Never slide into extended support, at six times the price, without anybody asking.
    resource.upgradePolicy = { supportType: 'STANDARD' };
    resource.node.addDependency(this.createLogGroup(props.logGroupName));
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

/** Nobody outside reaches an API for which nobody was named. */
function endpointAccess({ allowedCidrs }: LabConfig): eks.EndpointAccess {
  return allowedCidrs.length === 0
    ? eks.EndpointAccess.PRIVATE
    : eks.EndpointAccess.PUBLIC_AND_PRIVATE.onlyFrom(...allowedCidrs.map(formatCidr));
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
