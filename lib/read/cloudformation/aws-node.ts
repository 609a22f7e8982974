import type { Unknown } from '../../model/vpc';

/** The environment of the VPC CNI's containers: what a variable is, or why that is not known. */
export interface CniEnvironment {
  /** Of the container `aws-node`. */
  readonly env: CniVariables;
  /** Of the container `aws-vpc-cni-init`. */
  readonly init: CniVariables;
}

export type CniVariables = Readonly<Record<string, string | Unknown>>;

/**
 * The environment of the VPC CNI where an object is its DaemonSet (`aws-node` in `kube-system`), as
 * `kubectl get daemonset -o yaml` or the Helm chart print it; `undefined` for every other object.
 */
export function awsNodeEnvironment(object: object): CniEnvironment | undefined {
  const name = at(object, 'metadata', 'name');
  const namespace = at(object, 'metadata', 'namespace') ?? 'kube-system';
  const isDaemon = at(object, 'kind') === 'DaemonSet' && name === 'aws-node';
  if (!isDaemon || namespace !== 'kube-system') return undefined;
  const spec = at(object, 'spec', 'template', 'spec') ?? {};
  return {
    env: variablesOf(spec, 'containers', 'aws-node'),
    init: variablesOf(spec, 'initContainers', 'aws-vpc-cni-init'),
  };
}

function variablesOf(spec: unknown, list: string, container: string): CniVariables {
  const containers = listAt(spec, list);
  const found = containers.find((one) => at(one, 'name') === container);
  // An environment from a ConfigMap may set any variable that the container does not set itself.
  const from = listAt(found, 'envFrom');
  const own = listAt(found, 'env').map((one) => [String(at(one, 'name')), textOf(one)] as const);
  const hidden: Unknown = { unknown: `envFrom of container ${container} of DaemonSet aws-node` };
  const unseen = from.length === 0 ? [] : DECIDING.map((key) => [key, hidden] as const);
  return Object.fromEntries([...unseen, ...own]);
}

/** Variables that verdicts may depend on. */
const DECIDING = [
  'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG',
  'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS',
  'AWS_VPC_K8S_CNI_EXTERNALSNAT',
  'ENABLE_POD_ENI',
  'NETWORK_POLICY_ENFORCING_MODE',
  'POD_SECURITY_GROUP_ENFORCING_MODE',
];

function textOf(variable: unknown): string | Unknown {
  const name = String(at(variable, 'name'));
  return at(variable, 'valueFrom') === undefined
    ? String(at(variable, 'value') ?? '')
    : { unknown: `${name} of DaemonSet aws-node, a valueFrom` };
}

function listAt(from: unknown, key: string): readonly unknown[] {
  const value = at(from, key);
  return Array.isArray(value) ? value : [];
}

const at = (from: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? Reflect.get(found, key)
        : undefined,
    from,
  );
