import { lazy } from '../../model/lazy';
import type { Matrix } from '../../model/matrix';
import type { Problem, Reading, SourceFile } from '../../model/problem';
import type { World } from '../../model/world';
import { createEngine, type Engine } from '../../reach/engine';
import { everyFlow } from '../../reach/questions/diff';
import { readWorld } from '../../read/world';
import { createFileLocator } from './file-locator';
import { gridOf } from './grid';
import type { BookSnapshot, Grid, PlacedProblem } from './types';

/** A world with its engine and its matrix, each made when it is first asked for. */
export interface OpenWorld {
  readonly snapshot: BookSnapshot;
  readonly world: World;
  readonly reading: Extract<Reading<World>, { readonly kind: 'read' }>;
  readonly engine: () => Engine;
  readonly matrix: () => Matrix;
  readonly grid: () => Grid;
  /** Milliseconds that reading took. */
  readonly millis: number;
}

/** The worlds that pages asked for, by key. */
export interface Worlds {
  /** Reads files under a key; what was there before is replaced. */
  readonly open: (key: string, snapshot: BookSnapshot) => OpenWorld | readonly PlacedProblem[];
  /** @throws Error where the key was never opened: a mistake of the page. */
  readonly get: (key: string) => OpenWorld | readonly PlacedProblem[];
}

/** More worlds than that are not kept: the one that was asked longest ago goes. */
const MOST = 400;

export function createWorlds(): Worlds {
  const kept = new Map<string, OpenWorld | readonly PlacedProblem[]>();
  const keep = (key: string, value: OpenWorld | readonly PlacedProblem[]) => {
    kept.delete(key);
    kept.set(key, value);
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    return value;
  };
  return {
    open: (key, snapshot) => keep(key, openWorld(snapshot)),
    get: (key) => {
      const found = kept.get(key);
      if (found === undefined) throw new Error(`no world was opened as '${key}'`);
      return keep(key, found);
    },
  };
}

/** Is it what could not be read? */
export const isUnread = (
  opened: OpenWorld | readonly PlacedProblem[],
): opened is readonly PlacedProblem[] => Array.isArray(opened);

function openWorld(snapshot: BookSnapshot): OpenWorld | readonly PlacedProblem[] {
  const started = performance.now();
  const reading = readWorld(snapshot);
  if (reading.kind === 'problems') return placed(reading.problems, snapshot);
  const world = reading.value;
  const engine = lazy(() => createEngine(world, { staged: 'as-written' }));
  const matrix = lazy(() => engine().matrix(everyFlow(world)));
  return {
    snapshot,
    world,
    reading,
    engine,
    matrix,
    grid: lazy(() => gridOf(matrix(), world, snapshot.home)),
    millis: performance.now() - started,
  };
}

/** Problems with the lines they stand at. */
function placed(problems: readonly Problem[], snapshot: BookSnapshot): readonly PlacedProblem[] {
  const locators = locatorsOf([...snapshot.manifests, ...(snapshot.templates ?? [])]);
  return problems.map((problem) => {
    const line = locators(problem.file)?.path(problem.document, problem.path)?.line;
    return line === undefined ? problem : { ...problem, line };
  });
}

/** A locator for each file, made when it is first asked for. */
export function locatorsOf(files: readonly SourceFile[]) {
  const made = new Map(files.map((file) => [file.path, lazy(() => createFileLocator(file))]));
  return (path: string) => made.get(path)?.();
}
