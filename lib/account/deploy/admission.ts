import { fine, type PreflightFinding, problem } from '../finding';
import { createResolver, list, record, resourcesOf, type Template, text } from '../template';

/** Who may enter a cluster, as one access entry of a template says. */
export interface AccessEntry {
  /** Logical id of the cluster with its stack, `lab-cluster/LabCluster1`. */
  readonly cluster: string;
  /** The principal's ARN, or `undefined` where only the deployment knows it (a role of the stack). */
  readonly principal: string | undefined;
  /** Names of the access policies that hold for the whole cluster, `AmazonEKSClusterAdminPolicy`. */
  readonly clusterWide: readonly string[];
}

/** The access policy that lets a principal do everything in a cluster (EKS user guide, access policies). */
export const CLUSTER_ADMIN = 'AmazonEKSClusterAdminPolicy';

/** Every access entry of these templates. */
export function accessEntries(templates: readonly Template[]): readonly AccessEntry[] {
  const resolver = createResolver(templates);
  return resourcesOf(templates)
    .filter(({ type }) => type === 'AWS::EKS::AccessEntry')
    .map((entry) => ({
      cluster: resolver.resource(entry.properties.ClusterName, entry)?.id ?? '',
      principal: text(resolver.literal(entry.properties.PrincipalArn, entry)),
      clusterWide: list(entry.properties.AccessPolicies).flatMap(clusterWidePolicy),
    }));
}

/** Ids of the clusters that do not admit a principal as administrator. */
export function closedTo(principal: string, templates: readonly Template[]): readonly string[] {
  const entries = accessEntries(templates);
  return resourcesOf(templates)
    .filter(({ type }) => type === 'AWS::EKS::Cluster')
    .map(({ id }) => id)
    .filter(
      (id) =>
        !entries.some(
          (entry) =>
            entry.cluster === id &&
            entry.principal === principal &&
            entry.clusterWide.includes(CLUSTER_ADMIN),
        ),
    );
}

/**
 * Whether the person who deploys may enter the cluster afterwards: the token is signed with the
 * caller's credentials, so the caller's role must have an access entry in every cluster.
 */
export function checkAdmission(
  principal: string,
  templates: readonly Template[],
): readonly PreflightFinding[] {
  const hasCluster = resourcesOf(templates).some(({ type }) => type === 'AWS::EKS::Cluster');
  if (!hasCluster) return [];
  const closed = closedTo(principal, templates);
  const what = 'access to the cluster';
  return closed.length === 0
    ? [fine(what, `${principal} is its administrator`)]
    : [
        problem(
          what,
          `${principal} has no access entry in ${closed.join(', ')}: every later command would get 401 Unauthorized`,
          `leave --admin out, or name yours too: --admin ${principal},<others>`,
        ),
      ];
}

/** The policy's ARN ends with its name, and its partition may be a reference. */
function clusterWidePolicy(association: unknown): readonly string[] {
  const { AccessScope, PolicyArn } = record(association);
  if (text(record(AccessScope).Type) !== 'cluster') return [];
  const name = /cluster-access-policy\/(\w+)/.exec(JSON.stringify(PolicyArn))?.[1];
  return name === undefined ? [] : [name];
}
