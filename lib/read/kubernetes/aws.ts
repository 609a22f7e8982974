import { type LabelSelector, labelSelector } from '../policies/label-selector';
import { complain, inside } from '../schema/at';
import { type Metadata, resource } from '../schema/metadata';
import { checked, closedObject, list, mapped, type Shape, text } from '../schema/shape';

/** Pods that get a network interface of their own, with these security groups. */
export interface SecurityGroupPolicyObject {
  readonly namespace: string;
  readonly name: string;
  /** Pods by their own labels, or by their service account's: exactly one of the two. */
  readonly podSelector?: LabelSelector;
  readonly serviceAccountSelector?: LabelSelector;
  readonly groups: readonly string[];
}

/** EC2 takes at most five groups on an interface by default (vpcresources API: MaxItems). */
const MAX_GROUPS = 5;

const policySpec = checked(
  closedObject({
    required: {
      securityGroups: closedObject({ required: { groupIds: list(text(), MAX_GROUPS) } }),
    },
    optional: { podSelector: labelSelector, serviceAccountSelector: labelSelector },
  }),
  ({ podSelector, serviceAccountSelector, securityGroups }, at) => {
    if ((podSelector === undefined) === (serviceAccountSelector === undefined)) {
      complain(at, 'it must select pods in one way', 'give podSelector or serviceAccountSelector');
    }
    if (securityGroups.groupIds.length === 0) {
      const place = inside(inside(at, 'securityGroups'), 'groupIds');
      complain(place, 'the list is empty', 'name 1 to 5 security groups');
    }
  },
);

/** `vpcresources.k8s.aws/v1beta1` SecurityGroupPolicy (EKS user guide: security groups for pods). */
export const securityGroupPolicy: Shape<SecurityGroupPolicyObject> = mapped(
  resource(policySpec),
  ({ metadata: { name, namespace }, spec }) => ({
    namespace,
    name,
    groups: spec.securityGroups.groupIds,
    ...(spec.podSelector !== undefined && { podSelector: spec.podSelector }),
    ...(spec.serviceAccountSelector !== undefined && {
      serviceAccountSelector: spec.serviceAccountSelector,
    }),
  }),
);

/** Where the VPC CNI finds pods' addresses in one zone (custom networking). */
export interface EniConfigObject {
  readonly meta: Metadata;
  readonly subnet: string;
  readonly securityGroups: readonly string[];
}

const eniConfigSpec = closedObject({
  required: { subnet: text() },
  optional: { securityGroups: list(text(), MAX_GROUPS) },
});

/** `crd.k8s.amazonaws.com/v1alpha1` ENIConfig (amazon-vpc-cni-k8s: custom networking). */
export const eniConfig: Shape<EniConfigObject> = mapped(
  resource(eniConfigSpec),
  ({ metadata, spec }) => ({
    meta: metadata,
    subnet: spec.subnet,
    securityGroups: spec.securityGroups ?? [],
  }),
);
