import type { KubernetesObject } from '@kubernetes/client-node';
import { Failure } from '../../model/problem';

/** Ids that only the account knows and manifests for EKS must have. */
export interface EksIds {
  /** Security groups by their logical ids in the lab's network stack. */
  readonly groups: ReadonlyMap<string, string>;
}

type Json = Readonly<Record<string, unknown>>;

/** Annotations that name a load balancer's security groups (AWS Load Balancer Controller). */
const NLB_GROUPS = 'service.beta.kubernetes.io/aws-load-balancer-security-groups';
const ALB_GROUPS = 'alb.ingress.kubernetes.io/security-groups';
const ALB_PORTS = 'alb.ingress.kubernetes.io/listen-ports';

/** Pods with this annotation are made anew where the groups for pods changed. */
const POD_GROUPS = 'eks-network-labs/security-group-policies';

/**
 * Objects of a stage as EKS must have them.
 *
 * - A load balancer carries the lab's own group, which admits the blocks of `allowedCidrs` and the
 *   VPC. Without it the controller makes one that admits every address.
 * - A SecurityGroupPolicy names groups by their ids. A pod gets its interface when it is made, so
 *   workloads of its namespace are rolled out again when its policies change (EKS user guide,
 *   security groups for pods).
 * - An Ingress has no certificate: the controller makes no load balancer for a host without one, so
 *   it listens for HTTP alone.
 *
 * @throws Failure `no-group` where the stack has no such group
 */
export function forEks(
  objects: readonly KubernetesObject[],
  ids: EksIds,
): readonly KubernetesObject[] {
  const policies = objects.filter(({ kind }) => kind === 'SecurityGroupPolicy');
  return objects.map((object) => {
    switch (object.kind) {
      case 'SecurityGroupPolicy':
        return withGroupIds(object, ids);
      case 'Service':
        return isBalanced(object)
          ? annotated(object, { [NLB_GROUPS]: balancerGroup(ids) })
          : object;
      case 'Ingress':
        return isAlb(object) ? overHttp(object, ids) : object;
      case 'Deployment':
        return withPolicies(object, policies);
      default:
        return object;
    }
  });
}

const specOf = (object: KubernetesObject): Json => asJson((object as { spec?: unknown }).spec);

const asJson = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};

const isBalanced = (object: KubernetesObject): boolean => specOf(object).type === 'LoadBalancer';

const isAlb = (object: KubernetesObject): boolean => specOf(object).ingressClassName === 'alb';

function annotated(object: KubernetesObject, more: Readonly<Record<string, string>>) {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata?.annotations, ...more } },
  };
}

function overHttp(object: KubernetesObject, ids: EksIds): KubernetesObject {
  const { tls: _, ...spec } = specOf(object);
  const changed = annotated(object, {
    [ALB_GROUPS]: balancerGroup(ids),
    [ALB_PORTS]: '[{"HTTP": 80}]',
  });
  return { ...changed, spec } as KubernetesObject;
}

function withGroupIds(object: KubernetesObject, ids: EksIds): KubernetesObject {
  const spec = specOf(object);
  const { groupIds = [] } = asJson(spec.securityGroups) as { groupIds?: readonly string[] };
  const known = groupIds.map((id) => (id.startsWith('sg-') ? id : groupId(id, ids)));
  return { ...object, spec: { ...spec, securityGroups: { groupIds: known } } } as KubernetesObject;
}

function withPolicies(
  object: KubernetesObject,
  policies: readonly KubernetesObject[],
): KubernetesObject {
  const own = policies
    .filter(({ metadata }) => metadata?.namespace === object.metadata?.namespace)
    .map((policy) => `${policy.metadata?.name}=${JSON.stringify(specOf(policy))}`);
  if (own.length === 0) return object;
  const spec = specOf(object);
  const template = asJson(spec.template);
  const metadata = asJson(template.metadata);
  const annotations = { ...asJson(metadata.annotations), [POD_GROUPS]: own.sort().join(' ') };
  return {
    ...object,
    spec: { ...spec, template: { ...template, metadata: { ...metadata, annotations } } },
  } as KubernetesObject;
}

/** The group that the lab's balancers carry; its logical id begins so in every lab. */
function balancerGroup({ groups }: EksIds): string {
  const found = [...groups].find(([id]) => id.startsWith('NetworkSecurityGroupsloadbalancers'));
  if (found !== undefined) return found[1];
  throw noGroup('for load balancers');
}

function groupId(logicalId: string, { groups }: EksIds): string {
  const found = groups.get(logicalId);
  if (found !== undefined) return found;
  throw noGroup(logicalId);
}

const noGroup = (name: string): Failure =>
  new Failure(
    'no-group',
    `the lab's network stack has no security group ${name}`,
    'lab up again: the stack is of another version of this project',
  );
