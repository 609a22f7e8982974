import type { Enforcer } from '../../model/world';
import type { ManifestObject } from '../schema/documents';

/**
 * The enforcer of network policies that an object turns on, if it is one of those: Calico by any
 * object of its API, its operator's Installation or its DaemonSet; the VPC CNI by its ConfigMap
 * (amazon-vpc-cni-k8s: network policy) or the agent's flag in aws-node.
 */
export function enforcerOf({ apiVersion, kind, value }: ManifestObject): Enforcer | undefined {
  if (/^(crd\.)?projectcalico\.org\//.test(apiVersion)) return 'calico';
  const name = textAt(value, 'metadata', 'name');
  if (kind === 'Installation' && apiVersion.startsWith('operator.tigera.io/')) return 'calico';
  if (kind === 'DaemonSet' && name === 'calico-node') return 'calico';
  if (kind === 'ConfigMap' && name === 'amazon-vpc-cni') {
    const on = textAt(value, 'data', 'enable-network-policy-controller') === 'true';
    return on ? 'vpc-cni' : undefined;
  }
  if (kind !== 'DaemonSet' || name !== 'aws-node') return undefined;
  return JSON.stringify(value).includes('--enable-network-policy=true') ? 'vpc-cni' : undefined;
}

function textAt(value: object, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? Reflect.get(found, key)
        : undefined,
    value,
  );
}
