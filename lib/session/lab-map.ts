import { machineNetwork } from '../lab/cables';
import type { Lab } from '../lab/format';
import { Failure } from '../model/problem';
import type { World } from '../model/world';
import type { MapStage } from '../picture/ends';
import { layoutOf } from '../picture/layout';
import { machinesPictureOf } from '../picture/machines';
import { pictureOf } from '../picture/map';
import type { Picture } from '../picture/types';
import { createEngine } from '../reach/engine';
import { everyFlow } from '../reach/questions/diff';
import { isolationsOf } from '../reach/questions/isolation';
import { stageWorld } from './lab-world';

const AS_WRITTEN = { staged: 'as-written' } as const;

/** A world with everything that a map of it shows. */
export const mapStageOf = (world: World): MapStage => ({
  world,
  matrix: createEngine(world, AS_WRITTEN).matrix(everyFlow(world)),
  isolation: isolationsOf(world, AS_WRITTEN),
});

/** What of a lab is drawn. */
export interface LabMapOptions {
  /** @default the last stage */
  readonly stage?: string;
  /** A stage that it is compared with. @default none */
  readonly before?: string;
  /** Worlds of its stages. @default as the lab synthesizes them */
  readonly worldAt?: (stage: string) => World;
}

/**
 * The map of a lab: a stage of a cluster, laid out for all its stages; or the machines of a Linux lab with
 * the cables that its solutions lay.
 * @throws Failure `unknown-stage` where the lab has no such stage
 */
export function labMap(lab: Lab<string>, options: LabMapOptions = {}): Picture {
  if (lab.environment.kind === 'linux') return machinesPictureOf(machineNetwork(lab), lab.title);
  const { worldAt = (name: string): World => stageWorld(lab, name) } = options;
  const names = lab.stages.map(({ name }) => name);
  const stage = options.stage ?? names.at(-1) ?? '';
  const placeOf = (name: string): number => {
    const place = names.indexOf(name);
    if (place !== -1) return place;
    const problem = `lab ${lab.id} has no stage '${name}'`;
    throw new Failure('unknown-stage', problem, `use one of ${names.join(', ')}`);
  };
  const place = placeOf(stage);
  const old = options.before === undefined ? undefined : placeOf(options.before);
  const stages = names.map((name) => mapStageOf(worldAt(name)));
  const [now, before] = [stages[place], old === undefined ? undefined : stages[old]];
  if (now === undefined) throw new Error(`lab ${lab.id} has no stages`);
  const about = lab.stages[place]?.about.replaceAll('`', '') ?? '';
  const title = `${lab.title}. Stage ${stage}: ${about}`;
  const layout = layoutOf(stages);
  return pictureOf(now, before === undefined ? { layout, title } : { layout, title, before });
}
