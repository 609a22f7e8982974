import type { KubernetesObject } from '@kubernetes/client-node';
import type { ControlPlane } from './control-plane';

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** The path of an object, by what the API server says of its kinds. */
export async function pathsOf({ ask }: ControlPlane): Promise<(of: KubernetesObject) => string> {
  const groups = (await ask('GET', '/apis')).body as {
    readonly groups: readonly { readonly versions: readonly { readonly groupVersion: string }[] }[];
  };
  const named = groups.groups.flatMap(({ versions }) => versions.map((each) => each.groupVersion));
  const roots = new Map<string, readonly Resource[]>();
  for (const version of ['v1', ...named]) {
    const { body } = await ask('GET', `${rootOf(version)}`);
    roots.set(version, (body as { readonly resources: readonly Resource[] }).resources);
  }
  return ({ apiVersion = '', kind, metadata }) => {
    const resource = roots
      .get(apiVersion)
      ?.find((each) => each.kind === kind && !each.name.includes('/'));
    if (resource === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
    const within = resource.namespaced ? `/namespaces/${metadata?.namespace ?? 'default'}` : '';
    return `${rootOf(apiVersion)}${within}/${resource.name}/${metadata?.name}`;
  };
}

const rootOf = (version: string): string => (version === 'v1' ? '/api/v1' : `/apis/${version}`);

function isKept(wanted: unknown, stored: unknown): boolean {
  if (stored === undefined) return isZero(wanted);
  return isTree(wanted) ? isTree(stored) : wanted === stored;
}

/**
 * Paths of what an object asks for and what is stored does not say; `[]` where all of it is kept.
 * Zero, false and empty lists are what Kubernetes means by leaving a field out.
 */
export function lost(wanted: unknown, stored: unknown, path = ''): readonly string[] {
  if (!isKept(wanted, stored))
    return [`${path}: ${JSON.stringify(wanted)} is ${JSON.stringify(stored)}`];
  if (!isTree(wanted) || !isTree(stored)) return [];
  if (Array.isArray(wanted) && Array.isArray(stored) && wanted.length !== stored.length) {
    return [`${path}: ${wanted.length} items are ${stored.length}`];
  }
  return Object.entries(wanted).flatMap(([key, value]) =>
    lost(value, stored[key], `${path}.${key}`),
  );
}

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isZero = (value: unknown): boolean =>
  value === 0 || value === false || (Array.isArray(value) && value.length === 0);
