import { stringify } from 'yaml';
import type { Lab, Step } from '../lab/format';
import { Failure, type SourceFile } from '../model/problem';
import { type ObjectInForce, objectsInForce } from './in-force';
import { stageTemplates } from './lab-world';
import { resourcesOf } from './template-patch';

/** What a step's solution changes, against the stage that the step begins at. */
export interface StageSolution {
  readonly stage: string;
  /** Objects that are new or changed, as YAML. */
  readonly objects: readonly ObjectInForce[];
  /** Objects that are gone, as `Kind namespace/name`. */
  readonly removed: readonly string[];
  /** Resources of the VPC that are new, changed or (`null`) gone, as one template; absent: none. */
  readonly template?: string;
}

/** What the solution of a step that ends at a stage changes; `undefined` for a step that is solved otherwise. */
export function solutionOf(lab: Lab<string>, step: Step): StageSolution | undefined {
  const { solution } = step;
  if (solution.kind !== 'stage') return undefined;
  const begin = stageBefore(lab, step);
  const before = objectsInForce(lab, { stage: begin, applied: [] });
  const after = objectsInForce(lab, { stage: solution.stage, applied: [] });
  const sameName = (one: ObjectInForce) => (other: ObjectInForce) => keyOf(one) === keyOf(other);
  const objects = after.filter((one) => before.find(sameName(one))?.yaml !== one.yaml);
  const removed = before
    .filter((one) => !after.some(sameName(one)))
    .map(({ kind, namespace, name }) => `${kind} ${namespace ?? ''}/${name}`);
  const template = templateChange(lab, begin, solution.stage);
  return { stage: solution.stage, objects, removed, ...(template && { template }) };
}

const keyOf = ({ apiVersion, kind, namespace, name }: ObjectInForce): string =>
  [apiVersion, kind, namespace, name].join(' ');

/** The stage that the nearest earlier step ends at; the lab's first, where none does. */
function stageBefore(lab: Lab<string>, step: Step): string {
  const earlier = lab.steps.slice(0, lab.steps.indexOf(step)).toReversed();
  const last = earlier.find(({ solution }) => solution.kind === 'stage')?.solution;
  return last?.kind === 'stage' ? last.stage : (lab.start ?? '');
}

function templateChange(lab: Lab<string>, from: string, to: string): string | undefined {
  const [before, after] = [from, to].map((stage) => resourcesOf(stageTemplates(lab, stage)));
  if (before === undefined || after === undefined) return undefined;
  const same = (id: string): boolean => JSON.stringify(before[id]) === JSON.stringify(after[id]);
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (id) => !same(id),
  );
  if (ids.length === 0) return undefined;
  return stringify({ Resources: Object.fromEntries(ids.map((id) => [id, after[id] ?? null])) });
}

/**
 * The files that solve one step and nothing else, to lie on top of what is in force.
 * @throws Failure `removes-objects` where the solution takes objects away, which files on top cannot
 */
export function solutionFiles(step: Step, solution: StageSolution): readonly SourceFile[] {
  if (solution.removed.length > 0) {
    throw new Failure(
      'removes-objects',
      `the solution of ${step.id} removes ${solution.removed.join(', ')}`,
      'lab solve enters the whole stage',
    );
  }
  const { objects, template } = solution;
  const text = objects.map(({ yaml }) => yaml).join('---\n');
  const path = `solution-${step.id}`;
  return [
    ...(text === '' ? [] : [{ path: `${path}.yaml`, text }]),
    ...(template === undefined ? [] : [{ path: `${path}.template.yaml`, text: template }]),
  ];
}
