import type { Direction } from '../model/flow';
import type { Isolation } from '../model/isolation';
import { createBoxOf, type MapDetail, type MapStage, namespaceId, workloadId } from './ends';
import { type BoxPair, pairsOf } from './pairs';

/** A border that policies close, for all pods inside. */
export interface BoxWall {
  readonly direction: Direction;
  readonly kind: 'solid' | 'hollow';
  readonly by: readonly string[];
}

/** What a pair of boxes is drawn as; `undefined` verdicts follow from the walls and are not drawn. */
export type DrawnState = 'allows' | 'denies' | 'no-route' | 'unknown' | 'some';

/** A pair that is drawn because a rule decides it, not a default. */
export interface DrawnPair {
  readonly pair: BoxPair;
  readonly state: DrawnState;
}

/** The decisions of one stage. */
export interface StageDecisions {
  /** By box id. */
  readonly walls: ReadonlyMap<string, readonly BoxWall[]>;
  readonly pairs: readonly BoxPair[];
  readonly drawn: readonly DrawnPair[];
}

/**
 * What a map draws of a stage. A flow between open boxes is allowed and one into a wall is denied
 * without a line; where a wall lets more than half of its pairs through, it is hollow and the lines
 * are what it denies. So a reader who knows the walls and the lines knows every verdict.
 */
export function decisionsOf(stage: MapStage, detail: MapDetail): StageDecisions {
  const pairs = pairsOf(stage.matrix, createBoxOf([stage.world], detail));
  const closed = closedBorders(stage.isolation, detail);
  const walls = new Map(
    [...closed].map(([id, borders]) => [
      id,
      borders.map(({ direction, by }): BoxWall => {
        const own = pairs.filter((pair) => (direction === 'egress' ? pair.from : pair.to) === id);
        return { direction, by, kind: letsMostThrough(own) ? 'hollow' : 'solid' };
      }),
    ]),
  );
  const wallsOf = (pair: BoxPair): readonly BoxWall[] => [
    ...(walls.get(pair.from) ?? []).filter(({ direction }) => direction === 'egress'),
    ...(walls.get(pair.to) ?? []).filter(({ direction }) => direction === 'ingress'),
  ];
  const drawn = pairs.flatMap((pair): DrawnPair[] => {
    const state = stateOf(pair, wallsOf(pair));
    return state === undefined ? [] : [{ pair, state }];
  });
  return { walls, pairs, drawn };
}

const letsMostThrough = (pairs: readonly BoxPair[]): boolean =>
  pairs.length > 1 &&
  pairs.filter(({ counts, flows }) => counts.allowed === flows).length * 2 > pairs.length;

/** Borders that policies close for every pod inside; a partly closed box has none. */
function closedBorders(
  isolation: readonly Isolation[],
  detail: MapDetail,
): ReadonlyMap<string, readonly Pick<BoxWall, 'direction' | 'by'>[]> {
  const groups = new Map<string, Isolation[]>();
  for (const one of isolation) {
    const id = detail === 'namespaces' ? namespaceId(one.namespace) : workloadId(one);
    const key = `${id}\n${one.direction}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const result = new Map<string, Pick<BoxWall, 'direction' | 'by'>[]>();
  for (const [key, members] of groups) {
    const [first] = members;
    if (first === undefined || members.some(({ kind }) => kind !== 'isolated')) continue;
    const [id = ''] = key.split('\n');
    const by = [...new Set(members.flatMap((one) => one.by))];
    result.set(id, [...(result.get(id) ?? []), { direction: first.direction, by }]);
  }
  return result;
}

function stateOf(pair: BoxPair, walls: readonly BoxWall[]): DrawnState | undefined {
  const { counts, flows } = pair;
  if (counts.unknown > 0) return 'unknown';
  const isRuledOut = walls.some(({ kind }) => kind === 'solid');
  if (counts.allowed === flows) return isRuledOut ? 'allows' : undefined;
  if (counts.allowed > 0) return 'some';
  if (isRuledOut) return undefined;
  return counts['no-route'] > 0 ? 'no-route' : 'denies';
}
