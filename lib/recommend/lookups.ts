import type { WorkloadCall } from './calls';
import type { SelectableWorkload } from './workloads';

/** Workloads of a namespace that ask the same DNS, and the selector that means them all. */
export interface SharedLookups {
  readonly podSelector: object;
  readonly calls: readonly WorkloadCall[];
}

/**
 * Lookups (calls to port 53) that two or more workloads of a namespace have in common: one policy
 * says them for all, where a selector can mean exactly those workloads.
 */
export function sharedLookups(
  own: readonly SelectableWorkload[],
  calls: readonly WorkloadCall[],
): readonly SharedLookups[] {
  const groups = new Map<string, { asking: SelectableWorkload[]; calls: WorkloadCall[] }>();
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

/** All of the namespace; or those that differ in the value of one label; or no selector means them. */
function selectorOf(
  some: readonly SelectableWorkload[],
  all: readonly SelectableWorkload[],
): object | undefined {
  if (some.length === all.length) return {};
  const keys = Object.keys(some[0]?.labels ?? {});
  const isAlike = some.every(
    ({ labels, alsoSelects }) =>
      alsoSelects.length === 0 &&
      Object.keys(labels).length === keys.length &&
      keys.every((key) => labels[key] !== undefined),
  );
  const differing = keys.filter((key) => new Set(some.map(({ labels }) => labels[key])).size > 1);
  const [key, ...more] = differing;
  if (!isAlike || key === undefined || more.length > 0) return undefined;
  const matchLabels = Object.fromEntries(
    Object.entries(some[0]?.labels ?? {}).filter(([one]) => one !== key),
  );
  const values = some.map(({ labels }) => labels[key] ?? '').sort();
  const matchExpressions = [{ key, operator: 'In', values }];
  return Object.keys(matchLabels).length === 0
    ? { matchExpressions }
    : { matchLabels, matchExpressions };
}
