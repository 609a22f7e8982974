import { kind } from './kind';

// A kind of the VPC resource controller (aws/amazon-vpc-resource-controller-k8s). ENIConfigs are made
// by the vpc-cni add-on's own configuration (lib/cloud), so that they know their subnets.

/** Pods that get a branch interface of their own, with these security groups (at most five). */
export const SecurityGroupPolicy = kind<{
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly serviceAccountSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly securityGroups: { readonly groupIds: readonly string[] };
}>('vpcresources.k8s.aws/v1beta1', 'SecurityGroupPolicy');
