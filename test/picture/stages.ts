import type { World } from '../../lib/model/world';
import type { MapStage } from '../../lib/picture/ends';
import { createEngine } from '../../lib/reach/engine';
import { everyFlow } from '../../lib/reach/questions/diff';
import { isolationsOf } from '../../lib/reach/questions/isolation';
import { worldOf } from '../build/world-of';

const AS_WRITTEN = { staged: 'as-written' } as const;

/** A world with what the engine says about it. */
export const stageOf = (world: World): MapStage => ({
  world,
  matrix: createEngine(world, AS_WRITTEN).matrix(everyFlow(world)),
  isolation: isolationsOf(world, AS_WRITTEN),
});

export const stageFrom = (objects: readonly object[]): MapStage => stageOf(worldOf([...objects]));
