import {
  clusterNames,
  controlPlaneLogGroup,
  expiryLogGroup,
  LAB_TAG,
  logGroupPrefix,
  stackNames,
} from '../model/lab-tags';
import type { Leftover } from './leftover';

/** Whose a resource is, and how we know. `foreign` stands in the lab's way or looks like it. */
export type Owner =
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
 * was made by its cluster, or lives in its VPC with nothing on it that names somebody else.
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
interface Place {
  readonly labVpcs: ReadonlySet<string>;
  readonly otherVpcs: ReadonlySet<string>;
  /** A cluster of this name is somebody else's, and so is what it made. */
  readonly clusterIsForeign: boolean;
}

function placeOf(seen: readonly Leftover[], lab: string): Place {
  const vpcs = seen.filter(({ kind }) => kind === 'vpc');
  const isLabs = ({ tags }: Leftover) => tags[LAB_TAG] === lab;
  const labVpcs = new Set(vpcs.filter(isLabs).map(({ id }) => id));
  return {
    labVpcs,
    otherVpcs: new Set(vpcs.filter((vpc) => !isLabs(vpc)).map(({ id }) => id)),
    clusterIsForeign: seen.some(
      (item) =>
        item.kind === 'cluster' &&
        clusterNames(lab).includes(item.id) &&
        !isLabs(item) &&
        !item.vpcs.some((vpc) => labVpcs.has(vpc)),
    ),
  };
}

function ownerOf(item: Leftover, lab: string, place: Place): Owner {
  const tagged = item.tags[LAB_TAG];
  if (tagged === lab) return { kind: 'ours', because: `tagged ${LAB_TAG}=${lab}` };
  const inside = item.vpcs.some((vpc) => place.labVpcs.has(vpc));
  const claim = tagged === undefined ? otherClaim(item, lab) : `tagged ${LAB_TAG}=${tagged}`;
  if (inside) {
    return claim === undefined
      ? { kind: 'ours', because: "in the lab's VPC" }
      : { kind: 'foreign', because: `in the lab's VPC, but ${claim}` };
  }
  return looksLike(item, lab) ? judgeLook(item, claim, place) : { kind: 'unrelated' };
}

/** It bears the lab's name without its tag: the cluster's own products do, and impostors do. */
function judgeLook(item: Leftover, claim: string | undefined, place: Place): Owner {
  if (claim !== undefined) return { kind: 'foreign', because: claim };
  if (item.kind === 'stack' || item.kind === 'cluster') {
    return { kind: 'foreign', because: `has the lab's name, but no tag ${LAB_TAG}` };
  }
  if (place.clusterIsForeign) {
    return { kind: 'foreign', because: "the cluster of this name is not the lab's" };
  }
  const elsewhere = item.vpcs.find((vpc) => place.otherVpcs.has(vpc));
  return elsewhere === undefined
    ? { kind: 'ours', because: "made by the lab's cluster" }
    : { kind: 'foreign', because: `in ${elsewhere}, which is not the lab's VPC` };
}

/** Who else a resource says it belongs to. */
function otherClaim({ tags }: Leftover, lab: string): string | undefined {
  const stack = tags['aws:cloudformation:stack-name'];
  if (stack !== undefined && !stackNames(lab).includes(stack)) return `made by stack ${stack}`;
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
 * CloudFormation names a function `<stack>-<logical id>-<random>`, both parts without a dash, and
 * Lambda its log group after it; so `a-network` never claims a function of a lab `a-network`.
 */
function isLogGroupOf(name: string, lab: string): boolean {
  const ofFunction = stackNames(lab).some((stack) => {
    const prefix = `/aws/lambda/${stack}-`;
    return name.startsWith(prefix) && /^[^-]+-[^-]+$/.test(name.slice(prefix.length));
  });
  return (
    ofFunction ||
    [expiryLogGroup(lab), ...clusterNames(lab).map(controlPlaneLogGroup)].includes(name) ||
    name.startsWith(logGroupPrefix(lab))
  );
}
