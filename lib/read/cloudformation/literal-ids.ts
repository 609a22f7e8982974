import type { Problem } from '../../model/problem';
import { isRecord, type Raw, type RawMap, type Stack } from './document';
import type { Parameter } from './parameter';
import { resourceId } from './scope';

/** An id that EC2 gives: `subnet-031313879e7b1038f`. */
const LITERAL = /^[a-z]+-[0-9a-f]{8,17}$/;

/** Does a parameter say which resource an id of EC2 is? */
export const isLiteralId = ({ name }: Parameter): boolean => LITERAL.test(name);

/**
 * The stacks with the ids that parameters explain in place of literal ones: `subnet-0a1b2c3d=PrivateA`
 * says that a template's resource has that id. Tools write ids of deployed resources into the next
 * template (eksctl: subnets of node groups).
 */
export function withLiteralIds(
  stacks: readonly Stack[],
  given: readonly Parameter[],
): { readonly stacks: readonly Stack[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const known = new Map(
    given.filter(isLiteralId).flatMap((one): [string, string][] => {
      const found = resourcesCalled(stacks, one.value);
      const [first] = found;
      if (first !== undefined && found.length === 1) return [[one.name, first]];
      problems.push(unresolved(one, found.length));
      return [];
    }),
  );
  if (known.size === 0) return { stacks, problems };
  const told = stacks.map((stack) => ({ ...stack, resources: replaced(stack.resources, known) }));
  return { stacks: told, problems };
}

const replaced = (resources: RawMap, known: ReadonlyMap<string, string>): RawMap =>
  Object.fromEntries(Object.entries(resources).map(([key, one]) => [key, inside(one, known)]));

function inside(value: Raw, known: ReadonlyMap<string, string>): Raw {
  if (typeof value === 'string') return known.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => inside(one, known));
  return isRecord(value) ? replaced(value, known) : value;
}

/** Ids of the resources that a logical id means, with or without its stack before it. */
const resourcesCalled = (stacks: readonly Stack[], name: string): readonly string[] =>
  stacks.flatMap((stack) =>
    Object.keys(stack.resources)
      .filter((logical) => logical === name || resourceId(stack, logical) === name)
      .map((logical) => resourceId(stack, logical)),
  );

function unresolved({ name, value }: Parameter, count: number): Problem {
  const problem =
    count === 0
      ? `no template has a resource ${value}`
      : `${count} templates have a resource ${value}`;
  const fix = 'give the logical id of one resource, with its stack before it: stack.PrivateA';
  return { file: '--parameter', document: 0, path: name, problem, fix };
}
