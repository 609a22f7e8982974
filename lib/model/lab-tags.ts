/**
 * How a lab is recognised in an AWS account: the tags every resource carries and the names that
 * follow from the lab's name there (`labName`). The stacks write them; teardown, status and expiry find the lab again
 * by nothing else, so a machine that knows only the account and the id can still clean up.
 */

/** Whose lab a resource belongs to: its name there, such as `k8s-5-network-policy`. */
export const LAB_TAG = 'eks-network-labs:lab';
/** Who brought it up: a name for people, never used to decide. */
export const OWNER_TAG = 'eks-network-labs:owner';
/** When everything billed by the hour may go: a UTC time in ISO 8601, `2026-11-21T18:00:00Z`. */
export const EXPIRES_TAG = 'eks-network-labs:expires';

/**
 * A lab's name in an account: its id and, if several people run one lab side by side, a
 * suffix that one of them chose: `zt-1-map-ana`. The functions of this file take that name.
 */
export const labName = (lab: string, as = ''): string => (as === '' ? lab : `${lab}-${as}`);

/** The stacks of a lab, in the order they are deployed; teardown goes the other way. */
export const STACK_PARTS = ['network', 'cluster', 'addons'] as const;
export type StackPart = (typeof STACK_PARTS)[number];

/** Name of one of the lab's CloudFormation stacks, `<lab>-network` and so on. */
export const stackName = (lab: string, part: StackPart): string => `${lab}-${part}`;

/**
 * The stack that ends a lab at its expiry. It stands before the others and survives them, costs
 * nothing by the hour, and holds the schedule of the same name.
 */
export const expiryStackName = (lab: string): string => `${lab}-expiry`;

/** Every stack name of a lab. */
export const stackNames = (lab: string): readonly string[] => [
  expiryStackName(lab),
  ...STACK_PARTS.map((part) => stackName(lab, part)),
];

/**
 * Whether a stack may be the lab's by its name: one of its own, or nested in one. CloudFormation names
 * a nested stack `<parent>-<logical id>-<random>`.
 */
export const isStackNameOf = (lab: string, name: string): boolean =>
  stackNames(lab).some(
    (own) =>
      name === own ||
      (name.startsWith(`${own}-`) && /^[A-Za-z0-9]+-[A-Z0-9]+$/.test(name.slice(own.length + 1))),
  );

/**
 * Name of the lab's EKS cluster: the lab's own. Controllers in the cluster tag what they make with
 * it (`kubernetes.io/cluster/<name>`, `elbv2.k8s.aws/cluster`), so teardown must know it even
 * when the cluster is gone. EKS takes letters, digits, `-` and `_`, at most 100.
 */
export const clusterName = (lab: string): string => lab;

/** Name of the second cluster, of a lab that has two. */
export const peerClusterName = (lab: string): string => `${clusterName(lab)}-peer`;

/** Every cluster name of a lab. */
export const clusterNames = (lab: string): readonly string[] => [
  clusterName(lab),
  peerClusterName(lab),
];

/** Log groups whose names start like this are the lab's own (flow logs and the like). */
export const logGroupPrefix = (lab: string): string => `/eks-network-labs/${lab}/`;

/**
 * The log group of what ends the lab. Under this prefix Step Functions writes without a line of its
 * own in the account's policy for log groups, which holds 5,120 characters and is never cleared: a
 * class or two, and no lab could be deployed any more (Step Functions user guide, `bp-cwl`).
 */
export const expiryLogGroup = (lab: string): string =>
  `/aws/vendedlogs/states/eks-network-labs/${lab}/expiry`;

/**
 * The log group EKS writes a cluster's control plane logs to, by the cluster's name; EKS makes it
 * again when it is missing.
 */
export const controlPlaneLogGroup = (cluster: string): string => `/aws/eks/${cluster}/cluster`;

/** IAM path of a lab's roles that policies refer to. IAM is global: the path has no region. */
export const rolePath = (lab: string): string => `/eks-network-labs/${lab}/`;
