import { netnsOf } from '../dataplane/names';
import { Failure } from '../model/problem';
import type { Endpoint } from '../model/world';
import { parseEnd } from '../snapshot/ends';
import { isAt } from './checks/context';
import type { Session } from './session';

/**
 * The network namespace of what a person named.
 * @throws Failure where nothing has that name, or it is no pod, node or outsider.
 */
export function namespaceOf(name: string, { local }: Pick<Session, 'local'>): string {
  const world = local.world();
  const end = parseEnd(name, world);
  if ('problem' in end) throw new Failure('unknown-end', end.problem, end.fix);
  const all: readonly Endpoint[] = [...world.pods, ...world.nodes, ...world.outside];
  const found = all.find((endpoint) => isAt(endpoint, end));
  if (found !== undefined) return netnsOf(found);
  throw new Failure('no-namespace', `${name} has no network namespace`, 'name a pod or a node');
}
