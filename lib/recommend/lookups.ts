import type { Call } from './calls';
import type { Workload } from './workloads';

/** Workloads of a namespace that ask the same DNS, and the selector that means them all. */
export interface SharedLookups {
  readonly podSelector: object;
  readonly calls: readonly Call[];
}

/**
 * Lookups (calls to port 53) that two or more workloads of a namespace have in common: one policy
 * says them for all, where a selector can mean exactly those workloads.
 */
export function sharedLookups(
  own: readonly Workload[],
  calls: readonly Call[],
): readonly SharedLookups[] {
  const groups = new Map<string, { asking: Workload[]; calls: Call[] }>();
  for (const workload of own) {
    const lookups = calls.filter(
      ({ from, port }) =>
        port === 53 && from.kind === 'workload' && from.workload.id === workload.id,
    );
    const asked = lookups.map(({ to, protocol }) => JSON.stringify([to, protocol])).sort();
    const group = groups.get(asked.join()) ?? { asking: [], calls: [] };
    group.asking.push(workload);
    group.calls.push(...lookups);
    groups.set(asked.join(), group);
  }
  return [...groups.values()].flatMap(({ asking, calls: lookups }) => {
    const podSelector = selectorOf(asking, own);
    const few = asking.length < 2 || lookups.length === 0;
    return few || podSelector === undefined ? [] : [{ podSelector, calls: lookups }];
  });
}

/** All of the namespace; or those with one of some values of one label; or no selector means them. */
function selectorOf(some: readonly Workload[], all: readonly Workload[]): object | undefined {
  if (some.length === all.length) return {};
  const labels = some.flatMap((workload) => Object.entries(workload.labels));
  const [key] = labels[0] ?? [];
  const isOneLabel = labels.length === some.length && labels.every(([other]) => other === key);
  if (!isOneLabel || some.some(({ alsoSelects }) => alsoSelects.length > 0)) return undefined;
  const values = labels.map(([, value]) => value).sort();
  return { matchExpressions: [{ key, operator: 'In', values }] };
}
