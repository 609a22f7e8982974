import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import { CfnAddon, type CfnAddonProps, KubernetesManifest } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import { acceptManaged, acceptWildcards } from '../config/accepted';
import type { AddonVersions, EksAddon } from '../config/addon-versions';
import type { Environment } from '../config/environments';
import { podRole } from './pod-role';

export interface ClusterAddonsProps {
  readonly cluster: eks.Cluster;
  readonly environment: Environment;
  /** The add-ons' versions, which follow from the cluster's. */
  readonly versions: AddonVersions;
  readonly ipv6: boolean;
  /** Subnets that pods get addresses in, where they are not the nodes' own. */
  readonly podSubnets: readonly ec2.ISubnet[];
  readonly nodeSecurityGroup: ec2.ISecurityGroup;
}

/**
 * The cluster's own network: VPC CNI, kube-proxy and the Pod Identity agent, all in place before
 * the first node, and CoreDNS after it.
 *
 * The EKS construct for add-ons says nothing of conflicts or identities, hence `CfnAddon`.
 */
export class ClusterAddons extends Construct {
  /** What must be there before nodes are. */
  public readonly beforeNodes: readonly IDependable[];

  private readonly cluster: eks.Cluster;
  private readonly versions: AddonVersions;

  constructor(scope: Construct, id: string, props: ClusterAddonsProps) {
    super(scope, id);
    this.cluster = props.cluster;
    this.versions = props.versions;
    const agent = this.addon('PodIdentityAgent', 'eks-pod-identity-agent');
    const cni = this.addVpcCni(props);
    const proxy = this.addon('KubeProxy', 'kube-proxy', {
      configurationValues: JSON.stringify(kubeProxySettings(props.environment)),
    });
    const eniConfigs = this.addEniConfigs(props);
    eniConfigs?.node.addDependency(cni);
    this.beforeNodes = [agent, cni, proxy, ...(eniConfigs === undefined ? [] : [eniConfigs])];
  }

  /** CoreDNS is a Deployment: without nodes EKS reports it degraded, and a deployment waits. */
  public addCoreDns(after: IDependable): void {
    this.addon('CoreDns', 'coredns').node.addDependency(after);
  }

  private addVpcCni({ environment, ipv6 }: ClusterAddonsProps): CfnAddon {
    const role = podRole(this, 'VpcCniRole', {
      description: 'VPC CNI: interfaces and addresses of nodes',
      ...(ipv6
        ? { inlinePolicies: { ipv6: ipv6Policy() } }
        : { managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonEKS_CNI_Policy')] }),
    });
    acceptManaged(role, ['AmazonEKS_CNI_Policy'], 'AWS keeps it in step with what VPC CNI calls');
    acceptWildcards(
      role,
      ['*', 'arn:<AWS::Partition>:ec2:*:*:network-interface/*'],
      'VPC CNI looks at instances and interfaces that exist only later',
    );
    return this.addon('VpcCni', 'vpc-cni', {
      configurationValues: JSON.stringify(vpcCniSettings({ environment, ipv6 })),
      podIdentityAssociations: [{ serviceAccount: 'aws-node', roleArn: role.roleArn }],
    });
  }

  /** One ENIConfig a zone, named like the zone, so that a node finds its own by its label. */
  private addEniConfigs(props: ClusterAddonsProps): KubernetesManifest | undefined {
    const { environment, podSubnets, nodeSecurityGroup } = props;
    if (environment.podAddresses === 'node-subnets') return undefined;
    return new KubernetesManifest(this, 'EniConfigs', {
      cluster: this.cluster,
      manifest: podSubnets.map(({ subnetId, availabilityZone }) => ({
        apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
        kind: 'ENIConfig',
        metadata: { name: availabilityZone },
        spec: { subnet: subnetId, securityGroups: [nodeSecurityGroup.securityGroupId] },
      })),
      // Gone with the cluster; asking a dying one to delete them could only fail.
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private addon(id: string, name: EksAddon, props: Partial<CfnAddonProps> = {}): CfnAddon {
    return new CfnAddon(this, id, {
      clusterName: this.cluster.clusterName,
      addonName: name,
      addonVersion: this.versions[name].version,
      resolveConflicts: 'OVERWRITE',
      ...props,
    });
  }
}

type CniProps = Pick<ClusterAddonsProps, 'environment' | 'ipv6'>;

/**
 * How VPC CNI works in this lab. Its own network policy stays off because Calico enforces (one
 * owner of a pod's filters), and pods carry their address as an annotation, since kubelet publishes
 * it late and Calico would program late (Calico docs, EKS).
 */
export function vpcCniSettings({ environment, ipv6 }: CniProps): object {
  const { prefixDelegation, podAddresses, podSecurityGroups } = environment;
  const prefixes = prefixDelegation === 'on' || ipv6;
  return {
    enableNetworkPolicy: 'false',
    env: {
      ANNOTATE_POD_IP: 'true',
      // Calico enforces nothing on IPv6 pods that have an IPv4 address for egress too (Calico docs, EKS).
      ...(ipv6 ? { ENABLE_V4_EGRESS: 'false' } : {}),
      ...(prefixes ? { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' } : {}),
      ...(podAddresses === 'pod-subnets'
        ? {
            AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
            ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
          }
        : {}),
      ...(podSecurityGroups === 'on'
        ? { ENABLE_POD_ENI: 'true', POD_SECURITY_GROUP_ENFORCING_MODE: 'strict' }
        : {}),
    },
    // Kubelet's TCP probes reach a pod on a branch interface only without early demultiplexing.
    ...(podSecurityGroups === 'on' ? { init: { env: { DISABLE_TCP_EARLY_DEMUX: 'true' } } } : {}),
  };
}

const kubeProxySettings = ({ kubeProxy }: Environment): object =>
  kubeProxy === 'ipvs' ? { mode: 'ipvs', ipvs: { scheduler: 'rr' } } : { mode: kubeProxy };

/** The managed policy speaks of IPv4 only (VPC CNI, IPv6 mode). */
const ipv6Policy = (): PolicyDocument =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({
        actions: [
          'ec2:AssignIpv6Addresses',
          'ec2:DescribeInstances',
          'ec2:DescribeTags',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeInstanceTypes',
        ],
        resources: ['*'],
      }),
      new PolicyStatement({
        actions: ['ec2:CreateTags'],
        resources: [`arn:${Aws.PARTITION}:ec2:*:*:network-interface/*`],
      }),
    ],
  });
