import type { Verdict } from '../../model/explanation';
import { formatEnd } from '../../model/flow';
import { type Matrix, verdictAt } from '../../model/matrix';
import { isWorkload } from '../ends/party';
import type { Party, PartyDirectory } from '../ends/types';

/**
 * Flows that no policy has a say in, wherever their ends' classes say otherwise: a pod to its own
 * address, and a node (or what shares its address) to its own pods.
 */
export function exceptions(
  matrix: Matrix,
  directory: PartyDirectory,
): ReadonlyMap<number, Verdict> {
  const result = new Map<number, Verdict>();
  const partyOf = (end: Parameters<PartyDirectory['parties']>[0]): Party | undefined =>
    directory.parties(end)?.[0];
  // Classes that say where their members stand have asked for that already.
  const { vpcs, hostEndpoints } = directory.world;
  const standsApart = vpcs.length > 0 || hostEndpoints.length > 0;
  const byPod = new Map<string, number[]>();
  const byNode = new Map<string, number[]>();
  matrix.targets.forEach(({ to }, target) => {
    const party = partyOf(to);
    if (to.kind !== 'pod' || party === undefined || !isWorkload(party)) return;
    push(byPod, formatEnd(to), target);
    if (!standsApart) push(byNode, party.node, target);
  });
  matrix.sources.forEach(({ from }, source) => {
    const party = partyOf(from);
    if (party === undefined) return;
    const own = isWorkload(party) ? byPod.get(formatEnd(from)) : byNode.get(party.node ?? '');
    for (const target of own ?? []) {
      if (verdictAt(matrix, source, target) !== 'allowed')
        result.set(source * matrix.targets.length + target, 'allowed');
    }
  });
  return result;
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
