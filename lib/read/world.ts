import type { CalicoMinor } from '../model/calico-release';
import type { PolicyMode } from '../model/policy-mode';
import type { Problem, Reading, SourceFile } from '../model/problem';
import type { OutsideEndpoint, World } from '../model/world';
import { assembleWorld } from './assemble';
import { awsNodeEnvironment, type CniEnvironment } from './cloudformation/aws-node';
import { policyModeOf } from './cloudformation/cni';
import type { Parameter } from './cloudformation/parameter';
import { type Cloud, readTemplates } from './cloudformation/templates';
import { remaining } from './keep-going';
import { noObjects, type Objects } from './kubernetes/kinds';
import { readObject } from './objects';
import { placeWorld, type Told } from './placement/place';
import { withPolicyMode } from './policies/strict-mode';
import { newReport, type Report } from './schema/at';
import { type ManifestObject, readObjects } from './schema/documents';

/** What a world is read from. */
export interface Snapshot {
  readonly manifests: readonly SourceFile[];
  /** CloudFormation templates of the VPC around the cluster; without any there is no VPC. */
  readonly templates?: readonly SourceFile[];
  /** Values for the templates' parameters. */
  readonly parameters?: readonly Parameter[];
  /** Whom the lab knows outside the cluster, beside the internet itself. */
  readonly outside?: readonly OutsideEndpoint[];
  /**
   * What an address is that the input does not give: `assigned`, where the one who reads will hand
   * out the same (a lab on this machine), or `unknown`, where a cluster hands them out.
   *
   * @default assigned
   */
  readonly addresses?: 'assigned' | 'unknown';
  /**
   * Objects with problems are left out, and verdicts that they may change are `unknown`. Problems of
   * templates are still refused.
   *
   * @default false
   */
  readonly keepGoing?: boolean;
  /** The release of Calico that enforces; `@default` the one that objects tell, else 3.32. */
  readonly calico?: CalicoMinor;
}

/** Reads manifests and templates into the model under judgement: the whole of it, or every problem. */
export function readWorld(snapshot: Snapshot): Reading<World> {
  const { manifests, templates = [], parameters = [], keepGoing = false } = snapshot;
  const report = newReport();
  const objects = readObjects(manifests, report);
  const cloud = templates.length === 0 ? undefined : readTemplates(templates, parameters);
  const question = { cloud, snapshot };
  return keepGoing
    ? readWithout([...objects], report, question)
    : readTogether(objects, report, question);
}

/** What surrounds the objects of a reading. */
interface Question {
  readonly cloud: Reading<Cloud> | undefined;
  readonly snapshot: Snapshot;
}

/** Reads the objects that can be read together; the others are left out, with what they touch. */
function readWithout(
  objects: readonly ManifestObject[],
  { problems, warnings }: Report,
  question: Question,
): Reading<World> {
  const read = (some: readonly ManifestObject[]): Reading<World> => {
    const report = { ...newReport(), warnings: [...warnings] };
    const own = some.map((object) => ({ ...object, at: { ...object.at, report } }));
    return readTogether(own, report, question);
  };
  const { cloud } = question;
  const left = remaining({ objects, problems, hasVpc: cloud !== undefined }, (some) => {
    const reading = read(some);
    return reading.kind === 'problems' ? reading.problems : [];
  });
  const reading = read(left?.objects ?? objects);
  if (reading.kind === 'problems') {
    return { kind: 'problems', problems: [...problems, ...reading.problems] };
  }
  const leftOut = left?.leftOut ?? [];
  if (leftOut.length === 0) return reading;
  return { ...reading, value: { ...reading.value, leftOut }, objects: objects.length };
}

function readTogether(
  found: Iterable<ManifestObject>,
  report: Report,
  { cloud, snapshot }: Question,
): Reading<World> {
  const { outside = [], addresses, calico } = snapshot;
  const objects = noObjects();
  let count = 0;
  let cni: CniEnvironment | undefined;
  for (const object of found) {
    readObject(object, objects);
    cni ??= awsNodeEnvironment(object.value);
    count += 1;
  }
  const marked = addresses === 'unknown';
  const isOwn = marked && outside.length === 0;
  const around = {
    outside,
    isOwn,
    marked,
    ...(calico && { calico }),
    ...(cloud?.kind === 'read' && { cloud: cloud.value }),
  };
  const mode = policyModeIn(cloud, cni);
  const bare = withPolicyMode(assembleWorld(objects, around), mode);
  const { problems, warnings, skipped } = report;
  const own: Reading<World> =
    problems.length > 0
      ? { kind: 'problems', problems }
      : { kind: 'read', value: bare, warnings, skipped, objects: count };
  if (cloud === undefined) return own;
  if (cloud.kind === 'problems') return refused(own, cloud);
  const placed = placeWorld(bare, cloud.value, { ...toldBy(objects), ...(cni && { cni }) });
  if (placed.kind === 'problems' || own.kind === 'problems') return refused(own, placed);
  return {
    kind: 'read',
    value: placed.value,
    warnings: [...warnings, ...cloud.warnings, ...placed.warnings],
    skipped: { ...skipped, ...cloud.skipped },
    objects: count,
  };
}

/** What manifests say of the VPC CNI wins over what templates say. */
function policyModeIn(cloud: Question['cloud'], cni: CniEnvironment | undefined): PolicyMode {
  if (cni !== undefined) return policyModeOf(cni.env);
  const clusters = cloud?.kind === 'read' ? cloud.value.clusters : [];
  return clusters.find((one) => one.cni.policyMode !== 'standard')?.cni.policyMode ?? 'standard';
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
