import { likely } from '../model/nearest';
import type { Problem } from '../model/problem';
import { isRecord, type Stack } from './template-document';

/** A value for a template's parameter, as `aws cloudformation deploy --parameter-overrides` takes it. */
export interface Parameter {
  /** Of this stack alone; absent: of every stack that declares it. */
  readonly stack?: string;
  readonly name: string;
  readonly value: string;
}

/** Where a given value stands in a parameter's declaration; CloudFormation has no such field. */
export const GIVEN = 'Given';

/** The stacks with the values that their parameters were given, or why a value is nobody's. */
export function withParameters(
  stacks: readonly Stack[],
  given: readonly Parameter[],
): { readonly stacks: readonly Stack[]; readonly problems: readonly Problem[] } {
  const declares = (stack: Stack, { stack: only, name }: Parameter): boolean =>
    (only === undefined || only === stack.name) && Object.hasOwn(stack.parameters, name);
  const strange = given.filter((one) => !stacks.some((stack) => declares(stack, one)));
  const told = stacks.map((stack) => {
    const values = given.filter((one) => declares(stack, one));
    const parameters = values.map(({ name, value }) => {
      const declared = stack.parameters[name];
      return [name, { ...(isRecord(declared) ? declared : {}), [GIVEN]: value }] as const;
    });
    return { ...stack, parameters: { ...stack.parameters, ...Object.fromEntries(parameters) } };
  });
  return { stacks: told, problems: strange.map((one) => nobodys(one, stacks)) };
}

function nobodys({ stack, name }: Parameter, stacks: readonly Stack[]): Problem {
  const names = [...new Set(stacks.flatMap(({ parameters }) => Object.keys(parameters)))];
  const meant = likely(name, names);
  const fix =
    names.length === 0
      ? 'leave it out: the templates have no parameters'
      : `use ${meant ?? names.slice(0, 10).join(', ')}`;
  const whose = stack === undefined ? 'no template' : `no template of stack ${stack}`;
  return {
    ...{ file: '--parameter', document: 0, path: name },
    ...{ problem: `${whose} has a parameter ${name}`, fix },
  };
}
