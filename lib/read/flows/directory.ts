import type { World } from '../../model/world';

/** Something with a namespace and a name. */
export interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Names of a world, each as `ns/name` and as `name`, with who is meant. */
export interface Directory {
  readonly pods: ReadonlyMap<string, readonly Named[]>;
  /** Workloads by their bare name (`web`, not `Deployment/web`), each with its first pod. */
  readonly workloads: ReadonlyMap<string, readonly Named[]>;
  readonly services: ReadonlyMap<string, readonly Named[]>;
  readonly nodes: ReadonlySet<string>;
}

const known = new WeakMap<World, Directory>();

/** The directory of a world, made once: a file of flows asks it for every line. */
export function directoryOf(world: World): Directory {
  const made = known.get(world) ?? makeDirectory(world);
  known.set(world, made);
  return made;
}

export const fullName = ({ namespace, name }: Named): string => `${namespace}/${name}`;

function makeDirectory({ pods, services, nodes }: World): Directory {
  const workloads = new Map<string, { readonly called: string; readonly pod: Named }>();
  for (const pod of pods) {
    const key = `${pod.namespace}/${pod.workload}`;
    const called = pod.workload.slice(pod.workload.indexOf('/') + 1);
    if (!workloads.has(key)) workloads.set(key, { called, pod });
  }
  return {
    pods: byName(pods.map((pod) => ({ called: pod.name, pod }))),
    workloads: byName([...workloads.values()]),
    services: byName(services.map((service) => ({ called: service.name, pod: service }))),
    nodes: new Set(nodes.map(({ name }) => name)),
  };
}

function byName(
  entries: readonly { readonly called: string; readonly pod: Named }[],
): ReadonlyMap<string, readonly Named[]> {
  const names = new Map<string, Named[]>();
  for (const { called, pod } of entries) {
    const named = { namespace: pod.namespace, name: pod.name };
    for (const key of [called, `${pod.namespace}/${called}`]) {
      const others = names.get(key);
      if (others === undefined) names.set(key, [named]);
      else others.push(named);
    }
  }
  return names;
}
