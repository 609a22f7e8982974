import {
  clusterNames,
  controlPlaneLogGroup,
  expiryLogGroup,
  isStackNameOf,
  LAB_TAG,
  logGroupPrefix,
  stackNames,
} from '../../model/lab-tags';
import type { Leftover } from '../inventory/leftover';

/** Whose a resource is, and how we know. `foreign` stands in the lab's way or looks like it. */
export type Ownership =
  | { readonly kind: 'ours'; readonly because: string }
  | { readonly kind: 'foreign'; readonly because: string }
  | { readonly kind: 'unrelated' };

export interface Foreign {
  readonly item: Leftover;
  readonly because: string;
}

/** An account's resources, sorted by whose they are; what has nothing to do with the lab is gone. */
export interface Sorted {
  readonly ours: readonly Leftover[];
  readonly foreign: readonly Foreign[];
}

/**
 * Sorts everything seen in an account for one lab. Removed is only what carries the lab's tag, or
 * was made by its cluster, or lives in its VPC with no tag of another owner.
 */
export function sortByOwner(seen: readonly Leftover[], lab: string): Sorted {
  const place = placeOf(seen, lab);
  const owners = seen.map((item) => ({ item, owner: ownerOf(item, lab, place) }));
  return {
    ours: owners.flatMap(({ item, owner }) => (owner.kind === 'ours' ? [item] : [])),
    foreign: owners.flatMap(({ item, owner }) =>
      owner.kind === 'foreign' ? [{ item, because: owner.because }] : [],
    ),
  };
}

/** What must be known of the account before one resource can be judged. */
interface AccountContext {
  readonly labVpcs: ReadonlySet<string>;
  readonly otherVpcs: ReadonlySet<string>;
  /** A cluster of this name belongs to another owner, and so do the resources that it created. */
  readonly clusterIsForeign: boolean;
}

function placeOf(seen: readonly Leftover[], lab: string): AccountContext {
  const vpcs = seen.filter(({ kind }) => kind === 'vpc');
  const isLabs = (item: Leftover) =>
    item.tags[LAB_TAG] === lab && otherStack(item, lab) === undefined;
  const labVpcs = new Set(vpcs.filter(isLabs).map(({ id }) => id));
  const otherVpcs = new Set(vpcs.filter((vpc) => !isLabs(vpc)).map(({ id }) => id));
  return {
    labVpcs,
    otherVpcs,
    clusterIsForeign: seen.some(
      (item) =>
        item.kind === 'cluster' &&
        clusterNames(lab).includes(item.id) &&
        !item.vpcs.some((vpc) => labVpcs.has(vpc)) &&
        (!isLabs(item) || item.vpcs.some((vpc) => otherVpcs.has(vpc))),
    ),
  };
}

function ownerOf(item: Leftover, lab: string, place: AccountContext): Ownership {
  const tagged = item.tags[LAB_TAG];
  if (tagged === lab) return judgeTag(item, lab, place);
  const inside = item.vpcs.some((vpc) => place.labVpcs.has(vpc));
  const claim = tagged === undefined ? otherClaim(item, lab) : `tagged ${LAB_TAG}=${tagged}`;
  if (inside) {
    return claim === undefined
      ? { kind: 'ours', because: "in the lab's VPC" }
      : { kind: 'foreign', because: `in the lab's VPC, but ${claim}` };
  }
  return looksLike(item, lab) ? judgeLook(item, claim, place) : { kind: 'unrelated' };
}

/**
 * It carries the lab's tag. People copy tags, so the tag is no proof where something that people cannot
 * write says otherwise: the stack that made it, or the VPC in which it stands.
 */
function judgeTag(item: Leftover, lab: string, place: AccountContext): Ownership {
  const claim = otherStack(item, lab) ?? otherCluster(item, lab) ?? otherVpc(item, place);
  return claim === undefined
    ? { kind: 'ours', because: `tagged ${LAB_TAG}=${lab}` }
    : { kind: 'foreign', because: `tagged ${LAB_TAG}=${lab}, but ${claim}` };
}

/** The VPC of another owner in which all of it stands. */
function otherVpc({ kind, vpcs }: Leftover, place: AccountContext): string | undefined {
  if (kind === 'vpc' || vpcs.some((vpc) => place.labVpcs.has(vpc))) return undefined;
  const other = vpcs.find((vpc) => place.otherVpcs.has(vpc));
  return other === undefined ? undefined : `in ${other}, which is not the lab's VPC`;
}

/** It bears the lab's name without its tag: the cluster's own products do, and impostors do. */
function judgeLook(item: Leftover, claim: string | undefined, place: AccountContext): Ownership {
  if (claim !== undefined) return { kind: 'foreign', because: claim };
  if (item.kind === 'stack' || item.kind === 'cluster') {
    return { kind: 'foreign', because: `has the lab's name, but no tag ${LAB_TAG}` };
  }
  if (place.clusterIsForeign) {
    return { kind: 'foreign', because: "the cluster of this name is not the lab's" };
  }
  const elsewhere = otherVpc(item, place);
  return elsewhere === undefined
    ? { kind: 'ours', because: "made by the lab's cluster" }
    : { kind: 'foreign', because: elsewhere };
}

/** Who else a resource says it belongs to. */
const otherClaim = (item: Leftover, lab: string): string | undefined =>
  otherStack(item, lab) ?? otherCluster(item, lab);

/** Only CloudFormation can write this tag: `aws:` is reserved (EC2 User Guide, "Tag restrictions"). */
function otherStack({ kind, name, tags }: Leftover, lab: string): string | undefined {
  const stack = kind === 'stack' ? name : tags['aws:cloudformation:stack-name'];
  if (stack === undefined || isStackNameOf(lab, stack)) return undefined;
  return kind === 'stack' ? "its name is not one of the lab's" : `made by stack ${stack}`;
}

function otherCluster({ tags }: Leftover, lab: string): string | undefined {
  const clusters = clustersOf(tags);
  return clusters.length === 0 || clusters.some((name) => clusterNames(lab).includes(name))
    ? undefined
    : `made by cluster ${clusters.join(', ')}`;
}

/**
 * Clusters that own a resource by its tags: the AWS Load Balancer Controller writes
 * `elbv2.k8s.aws/cluster`, the VPC CNI `cluster.k8s.amazonaws.com/name`, EKS and the EBS CSI driver
 * `kubernetes.io/cluster/<name>=owned` (`shared` marks a subnet that clusters may use).
 */
function clustersOf(tags: Leftover['tags']): readonly string[] {
  const prefix = 'kubernetes.io/cluster/';
  const named = ['elbv2.k8s.aws/cluster', 'cluster.k8s.amazonaws.com/name', 'eks:cluster-name'];
  return [
    ...named.flatMap((key) => tags[key] ?? []),
    ...Object.entries(tags).flatMap(([key, value]) =>
      key.startsWith(prefix) && value === 'owned' ? [key.slice(prefix.length)] : [],
    ),
  ];
}

function looksLike(item: Leftover, lab: string): boolean {
  if (item.kind === 'stack') return stackNames(lab).includes(item.name);
  if (item.kind === 'cluster') return clusterNames(lab).includes(item.id);
  if (item.kind === 'log-group') return isLogGroupOf(item.id, lab);
  return clustersOf(item.tags).some((name) => clusterNames(lab).includes(name));
}

/**
 * CloudFormation names a function `<stack>-<logical id>-<12 random characters>`, both parts without a
 * dash, and Lambda its log group after it; so `a-network` never claims a function of a lab `a-network`.
 */
function isLogGroupOf(name: string, lab: string): boolean {
  const rest = (prefix: string): string | undefined =>
    name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
  const ofFunction = stackNames(lab).some((stack) =>
    /^[A-Za-z0-9]+-[A-Za-z0-9]{12}$/.test(rest(`/aws/lambda/${stack}-`) ?? ''),
  );
  return (
    ofFunction ||
    [expiryLogGroup(lab), ...clusterNames(lab).map(controlPlaneLogGroup)].includes(name) ||
    /^flow-logs-[a-z0-9]+$/.test(rest(logGroupPrefix(lab)) ?? '')
  );
}
