import type { LeftOut } from '../model/left-out';
import type { Problem } from '../model/problem';
import { type At, MAX_PROBLEMS } from './schema/at';
import type { ManifestObject } from './schema/documents';
import { filterOf, objectName, touchedEnds } from './touched-ends';

/** Objects that can be read together, and those that had to be left out for that. */
export interface Remaining {
  readonly objects: readonly ManifestObject[];
  readonly leftOut: readonly LeftOut[];
}

/** What reading finds wrong with some objects. */
export type ProblemsOf = (objects: readonly ManifestObject[]) => readonly Problem[];

interface Given {
  readonly objects: readonly ManifestObject[];
  /** Problems of documents that are no objects. */
  readonly problems: readonly Problem[];
  /** Whether templates put a VPC around the objects. */
  readonly hasVpc: boolean;
}

/**
 * Leaves out objects until the others have no problem. What is wrong with a document as a whole may
 * hide any object: it touches every answer. `undefined` where problems are left that belong to no
 * object, or where there are so many that not all were found.
 */
export function remaining(given: Given, problemsOf: ProblemsOf): Remaining | undefined {
  const whole = given.problems.map(wholeDocument);
  if (whole.length >= MAX_PROBLEMS) return undefined;
  let { objects } = given;
  const leftOut: LeftOut[] = [...whole];
  for (;;) {
    const problems = problemsOf(objects);
    if (problems.length === 0) return { objects, leftOut };
    if (problems.length >= MAX_PROBLEMS) return undefined;
    const bad = new Map<ManifestObject, Problem>();
    for (const problem of problems) {
      const object = ownerOf(problem, objects);
      if (object === undefined) return undefined;
      if (!bad.has(object)) bad.set(object, problem);
    }
    for (const [object, problem] of bad) {
      leftOut.push(leftOutObject(object, problem, { hasVpc: given.hasVpc, all: given.objects }));
    }
    objects = objects.filter((object) => !bad.has(object));
  }
}

/** The object in which a problem lies: the innermost one around its path. */
function ownerOf(problem: Problem, objects: readonly ManifestObject[]): ManifestObject | undefined {
  const around = objects.filter(({ at }) => holds(at, problem));
  return around.reduce<ManifestObject | undefined>(
    (found, one) =>
      found === undefined || one.at.path.length > found.at.path.length ? one : found,
    undefined,
  );
}

const holds = ({ file, document, path }: At, problem: Problem): boolean =>
  file === problem.file &&
  document === problem.document &&
  (path === '' || problem.path === path || problem.path.startsWith(`${path}.`));

interface Around {
  readonly hasVpc: boolean;
  readonly all: readonly ManifestObject[];
}

function leftOutObject(object: ManifestObject, problem: Problem, around: Around): LeftOut {
  const { file, document } = object.at;
  const name = objectName(object);
  const twins =
    name !== undefined &&
    around.all.some((other) => other !== object && objectName(other) === name);
  return {
    object: name ?? `${object.kind} in document ${document + 1} of ${file}`,
    file,
    problem: `${problem.path}: ${problem.problem}`,
    filter: filterOf(object),
    touches: touchedEnds(object, { hasVpc: around.hasVpc, twins }),
  };
}

const wholeDocument = ({ file, document, path, problem }: Problem): LeftOut => ({
  object: `document ${document + 1} of ${file}`,
  file,
  problem: path === '' ? problem : `${path}: ${problem}`,
  filter: 'network-policy',
  touches: [{ kind: 'everything' }],
});
