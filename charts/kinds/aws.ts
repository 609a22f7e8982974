import { kind } from './kind';

// Kinds of the VPC CNI (aws/amazon-vpc-resource-controller-k8s, aws/amazon-vpc-cni-k8s).

/** Pods that get a branch interface of their own, with these security groups (at most five). */
export const SecurityGroupPolicy = kind<{
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly serviceAccountSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly securityGroups: { readonly groupIds: readonly string[] };
}>('vpcresources.k8s.aws/v1beta1', 'SecurityGroupPolicy');

/** Subnet and security groups of the pods' addresses in one zone (custom networking). */
export const ENIConfig = kind<{
  readonly subnet: string;
  readonly securityGroups?: readonly string[];
}>('crd.k8s.amazonaws.com/v1alpha1', 'ENIConfig');
