import { likely } from '../../model/nearest';
import type { Problem } from '../../model/problem';
import { isRecord, type Stack } from './document';

/** A value for a template's parameter, as `aws cloudformation deploy --parameter-overrides` takes it. */
export interface Parameter {
  /** Of this stack alone; absent: of every stack that declares it. */
  readonly stack?: string;
  /** Of a declared parameter, or a pseudo parameter (`AWS::Region`). */
  readonly name: string;
  readonly value: string;
}

/** Where a given value stands in a parameter's declaration; CloudFormation has no such field. */
export const GIVEN = 'Given';

/** Pseudo parameters whose value may be given (CloudFormation: pseudo parameters reference). */
export const PSEUDO_PARAMETERS: readonly string[] = [
  'AWS::AccountId',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
];

/** Is a parameter of this type a list, its value text with commas? */
export const isListType = (type: string): boolean =>
  type === 'CommaDelimitedList' ||
  /^List</.test(type) ||
  /<(CommaDelimitedList|List<.*)>$/.test(type);

/** The items of a list parameter's value. */
export const itemsOf = (value: string): readonly string[] =>
  value.split(',').map((item) => item.trim());

/** The stacks with the values that their parameters were given, or why a value is of no parameter. */
export function withParameters(
  stacks: readonly Stack[],
  given: readonly Parameter[],
): { readonly stacks: readonly Stack[]; readonly problems: readonly Problem[] } {
  const declares = (stack: Stack, { stack: only, name }: Parameter): boolean =>
    (only === undefined || only === stack.name) &&
    (Object.hasOwn(stack.parameters, name) || PSEUDO_PARAMETERS.includes(name));
  const strange = given.filter((one) => !stacks.some((stack) => declares(stack, one)));
  const told = stacks.map((stack) => {
    const values = given.filter((one) => declares(stack, one));
    const isPseudo = ({ name }: Parameter): boolean => PSEUDO_PARAMETERS.includes(name);
    const parameters = values
      .filter((one) => !isPseudo(one))
      .map(({ name, value }) => {
        const declared = stack.parameters[name];
        return [name, { ...(isRecord(declared) ? declared : {}), [GIVEN]: value }] as const;
      });
    const pseudo = values.filter(isPseudo).map(({ name, value }) => [name, value] as const);
    return {
      ...stack,
      parameters: { ...stack.parameters, ...Object.fromEntries(parameters) },
      pseudo: { ...stack.pseudo, ...Object.fromEntries(pseudo) },
    };
  });
  return { stacks: told, problems: strange.map((one) => undeclared(one, stacks)) };
}

function undeclared({ stack, name }: Parameter, stacks: readonly Stack[]): Problem {
  const declared = stacks.flatMap(({ parameters }) => Object.keys(parameters));
  const names = [...new Set([...declared, ...(name.startsWith('AWS::') ? PSEUDO_PARAMETERS : [])])];
  const meant = likely(name, names);
  const fix =
    names.length === 0
      ? 'leave it out: the templates have no parameters'
      : `use ${meant ?? names.slice(0, 10).join(', ')}`;
  const whose = stack === undefined ? 'no template' : `no template of stack ${stack}`;
  return {
    file: '--parameter',
    document: 0,
    path: name,
    problem: `${whose} has a parameter ${name}`,
    fix,
  };
}
