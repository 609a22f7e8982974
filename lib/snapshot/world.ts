import type { Problem, Reading, SourceFile } from '../model/problem';
import type { OutsideEndpoint, World } from '../model/world';
import { assembleWorld } from './assemble';
import { newReport } from './at';
import { readObjects } from './documents';
import { noObjects, type Objects } from './kinds';
import { readObject } from './objects';
import { placeWorld, type Told } from './place';
import { readTemplates } from './template';
import type { Parameter } from './template-parameter';

/** What a world is read from. */
export interface Snapshot {
  readonly manifests: readonly SourceFile[];
  /** CloudFormation templates of the VPC around the cluster; without any there is no VPC. */
  readonly templates?: readonly SourceFile[];
  /** Values for the templates' parameters. */
  readonly parameters?: readonly Parameter[];
  /** Whom the lab knows outside the cluster, beside the internet itself. */
  readonly outside?: readonly OutsideEndpoint[];
}

/** Reads manifests and templates into the model under judgement: the whole of it, or every problem. */
export function readWorld(snapshot: Snapshot): Reading<World> {
  const { manifests, templates = [], parameters = [], outside = [] } = snapshot;
  const report = newReport();
  const objects = noObjects();
  for (const object of readObjects(manifests, report)) readObject(object, objects);

  const cloud = templates.length === 0 ? undefined : readTemplates(templates, parameters);
  const around = cloud?.kind === 'read' ? { outside, cloud: cloud.value } : { outside };
  const bare = assembleWorld(objects, around);
  const { problems, warnings, skipped } = report;
  const own: Reading<World> =
    problems.length > 0
      ? { kind: 'problems', problems }
      : { kind: 'read', value: bare, warnings, skipped };
  if (cloud === undefined) return own;
  if (cloud.kind === 'problems') return refused(own, cloud);
  const placed = placeWorld(bare, cloud.value, toldBy(objects));
  if (placed.kind === 'problems' || own.kind === 'problems') return refused(own, placed);
  return {
    kind: 'read',
    value: placed.value,
    warnings: [...warnings, ...cloud.warnings, ...placed.warnings],
    skipped: { ...skipped, ...cloud.skipped },
  };
}

/** All problems of several readings, one of which has some. */
function refused(...readings: readonly Reading<unknown>[]): Reading<World> {
  const problems = readings.flatMap((reading): readonly Problem[] =>
    reading.kind === 'problems' ? reading.problems : [],
  );
  return { kind: 'problems', problems };
}

/** What manifests say about where things stand in the VPC. */
const toldBy = ({ pods, nodes, services, eniConfigs }: Objects): Told => ({
  addresses: new Set([
    ...[...pods, ...nodes].flatMap(({ value }) => value.addresses),
    ...services.flatMap(({ value }) => value.balancerIps),
  ]),
  eniConfigs: Object.fromEntries(
    eniConfigs.map(({ value: { meta, ...config } }) => [meta.name, config]),
  ),
});
