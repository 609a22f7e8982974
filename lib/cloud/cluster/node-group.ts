import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acceptManaged } from '../config/accepted';
import type { Size } from '../config/config';
import type { Environment } from '../config/environments';

export interface NodeGroupProps {
  readonly cluster: eks.Cluster;
  readonly subnets: readonly ec2.ISubnet[];
  readonly securityGroup: ec2.ISecurityGroup;
  readonly shape: NodeShape;
  /** Nodes take addresses by prefixes, so kubelet may run 110 pods instead of one for each address. */
  readonly manyPods: boolean;
}

/** Type and number of a cluster's nodes. */
export interface NodeShape {
  /** An x86 type, such as `m6i.large`; a lab with security groups for pods needs one with branch interfaces. */
  readonly instanceType: string;
  /** How many run; one more may, while nodes are replaced. */
  readonly count: number;
}

/**
 * The machines pods run on: Amazon Linux 2023, in private subnets, in a security group of ours
 * instead of the one EKS makes.
 */
export class NodeGroup extends Construct {
  public readonly nodegroup: eks.Nodegroup;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { cluster, subnets, shape } = props;
    const template = this.createTemplate(props);
    this.nodegroup = new eks.Nodegroup(this, 'Group', {
      cluster,
      amiType: eks.NodegroupAmiType.AL2023_X86_64_STANDARD,
      instanceTypes: [new ec2.InstanceType(shape.instanceType)],
      subnets: { subnets: [...subnets] },
      minSize: shape.count,
      desiredSize: shape.count,
      maxSize: shape.count + 1,
      nodeRole: this.createRole(),
      launchTemplateSpec: {
        id: template.launchTemplateId ?? '',
        version: template.latestVersionNumber,
      },
    });
  }

  private createTemplate({ securityGroup, manyPods }: NodeGroupProps): ec2.LaunchTemplate {
    const template = new ec2.LaunchTemplate(this, 'Template', {
      securityGroup,
      requireImdsv2: true,
      // One hop: a pod's packet to the metadata address dies on the way, its node's does not.
      httpPutResponseHopLimit: 1,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: ec2.BlockDeviceVolume.ebs(20, {
            volumeType: ec2.EbsDeviceVolumeType.GP3,
            encrypted: true,
          }),
        },
      ],
      userData: manyPods ? morePods() : undefined,
    });
    Tags.of(template).add('Name', this.node.path.replaceAll('/', '-'));
    return template;
  }

  /** VPC CNI has a role of its own (Pod Identity), so this one cannot touch interfaces. */
  private createRole(): Role {
    const role = new Role(this, 'Role', {
      description: 'Nodes: join the cluster, pull images, be reached by Session Manager',
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: NODE_POLICIES.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
    });
    acceptManaged(role, NODE_POLICIES, 'AWS keeps these in step with what kubelet and EKS call');
    return role;
  }
}

const NODE_POLICIES = [
  'AmazonEKSWorkerNodePolicy',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonSSMManagedInstanceCore',
];

/**
 * What a node is. A t3 is cheap but has no branch interfaces (EKS user guide, security groups for
 * pods), a mesh's sidecars need memory, and production is what one would pay for.
 */
export function instanceType(size: Size, { podSecurityGroups, addons }: Environment): string {
  if (size === 'production' || podSecurityGroups === 'on') return 'm6i.large';
  return addons.includes('istio') ? 't3.large' : 't3.medium';
}

/**
 * With prefixes a node has room for more pods than kubelet's count of addresses says; 110 is what
 * AWS recommends for up to 30 vCPUs (EKS user guide, choosing an instance type). EKS merges this
 * part with its own user data.
 */
function morePods(): ec2.UserData {
  const config = [
    'apiVersion: node.eks.aws/v1alpha1',
    'kind: NodeConfig',
    'spec:',
    '  kubelet:',
    '    config:',
    '      maxPods: 110',
  ].join('\n');
  const userData = new ec2.MultipartUserData();
  userData.addPart(
    ec2.MultipartBody.fromRawBody({ contentType: 'application/node.eks.aws', body: config }),
  );
  return userData;
}
