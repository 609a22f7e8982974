import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Problem, SourceFile } from '../../model/problem';

/** What a template says, before any function in it is resolved. */
export type Raw = string | number | boolean | null | readonly Raw[] | RawMap;

export interface RawMap {
  readonly [key: string]: Raw;
}

/** One template: a stack, named after its file as CDK names it (`Name.template.json`). */
export interface Stack {
  readonly name: string;
  readonly file: string;
  readonly parameters: RawMap;
  readonly mappings: RawMap;
  readonly conditions: RawMap;
  readonly resources: RawMap;
  readonly outputs: RawMap;
  readonly rules: RawMap;
  /** Names of the macros that rewrite the template before it is evaluated (`Transform`). */
  readonly transforms: readonly string[];
  /** Values that pseudo parameters were given (`AWS::Region`). */
  readonly pseudo: Readonly<Record<string, string>>;
}

/** CloudFormation accepts templates up to 1 MB; four times that is no template but a mistake. */
const MAX_CHARACTERS = 4_000_000;
/** Deepest nesting that is still read; CloudFormation's own limit for values is far lower. */
const MAX_DEPTH = 200;
/** Nodes that aliases may add, so that a small file cannot become a huge one. */
const MAX_NODES = 1_000_000;

/** Reads a text as a template, JSON or YAML with CloudFormation's short tags; or says why not. */
export function readStack(file: SourceFile): Stack | Problem {
  const wrong = (problem: string, fix: string, path = ''): Problem => {
    return { file: file.path, document: 0, path, problem, fix };
  };
  if (file.text.length > MAX_CHARACTERS) {
    const size = `${file.text.length} characters are no template`;
    return wrong(size, 'give a CloudFormation template; they hold at most 1 MB');
  }
  const parsed = parseTemplate(file.text);
  if ('problem' in parsed) return wrong(parsed.problem, parsed.fix);
  const root = parsed.value;
  if (!isRecord(root) || !isRecord(root.Resources)) {
    const fix = 'give a CloudFormation template, such as cdk.out/<stack>.template.json';
    return wrong(
      'the file has no Resources, so it is not a CloudFormation template',
      fix,
      'Resources',
    );
  }
  const strange = strangeId(root);
  if (strange !== undefined) {
    const [path, id] = strange;
    const shown = JSON.stringify(id.slice(0, 80));
    return wrong(`${shown} cannot be a logical id`, 'use letters and digits, at most 255', path);
  }
  const section = (key: string): RawMap => (isRecord(root[key]) ? root[key] : {});
  return {
    name: stackName(file.path),
    file: file.path,
    parameters: section('Parameters'),
    mappings: section('Mappings'),
    conditions: section('Conditions'),
    resources: section('Resources'),
    outputs: section('Outputs'),
    rules: section('Rules'),
    transforms: transformsOf(root.Transform),
    pseudo: {},
  };
}

/**
 * CloudFormation: logical ids are alphanumeric, at most 255 characters (template reference). One with an
 * underscore is read all the same, with a remark: other tools write such templates.
 */
const LOGICAL_ID = /^[A-Za-z0-9_]{1,255}$/;

/** The first name that CloudFormation would refuse, with its section. A function in place of one is left. */
function strangeId(root: RawMap): readonly [string, string] | undefined {
  for (const section of ['Parameters', 'Mappings', 'Conditions', 'Resources', 'Outputs']) {
    const names = isRecord(root[section]) ? Object.keys(root[section]) : [];
    const strange = names.find((name) => !LOGICAL_ID.test(name) && !name.startsWith('Fn::'));
    if (strange !== undefined) return [section, strange];
  }
  return undefined;
}

/** The resource whose name CloudFormation would refuse, though it is read. */
export const refusedId = ({ resources }: Stack): string | undefined =>
  Object.keys(resources).find((id) => id.includes('_'));

/** `Transform` names one macro, a list of them, or `{ Name, Parameters }` (CloudFormation: Transform section). */
function transformsOf(raw: Raw | undefined): readonly string[] {
  if (raw === undefined || raw === null) return [];
  if (Array.isArray(raw)) return raw.flatMap(transformsOf);
  if (isRecord(raw)) return transformsOf(raw.Name ?? 'a macro without a name');
  return [String(raw)];
}

export const isRecord = (value: unknown): value is RawMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const stackName = (path: string): string =>
  (path.split('/').at(-1) ?? path).replace(/(\.template)?\.(json|ya?ml|template)$/, '');

/** The value of a template's text, or why it has none. */
export type ParsedTemplate =
  | { readonly value: Raw }
  | { readonly problem: string; readonly fix: string };

/** Reads JSON, or YAML with CloudFormation's short forms (`!Ref`, `!GetAtt`), as the functions they stand for. */
export function parseTemplate(text: string): ParsedTemplate {
  try {
    const value = text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text);
    return tooDeep(value, MAX_DEPTH) ? NESTED : { value };
  } catch (error) {
    // The YAML parser recurses: a file nested tens of thousands deep ends its stack.
    if (error instanceof RangeError) return NESTED;
    if (!(error instanceof Error)) throw error;
    const [line = ''] = error.message.split('\n');
    return { problem: `the file cannot be parsed: ${line}`, fix: 'write valid JSON or YAML' };
  }
}

const NESTED = {
  problem: `the file is nested more than ${MAX_DEPTH} deep`,
  fix: 'give a CloudFormation template',
};

const tooDeep = (value: Raw, depth: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth === 0 || Object.values(value).some((child) => tooDeep(child as Raw, depth - 1)));

function parseYaml(text: string): Raw {
  // Plain schema with aliases left alone: tags and aliases are resolved below, with a limit.
  const document = parseDocument(text, { logLevel: 'silent', version: '1.1', merge: true });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  const budget = { nodes: MAX_NODES };
  const plain = (node: unknown): Raw => {
    budget.nodes -= 1;
    if (budget.nodes < 0) throw new Error('its aliases multiply beyond a million values');
    if (isAlias(node)) return plain(node.resolve(document));
    if (isSeq(node)) return tagged(node.tag, node.items.map(plain));
    if (isMap(node)) {
      const entries = node.items.map((pair) => [keyOf(pair.key), plain(pair.value)] as const);
      return tagged(node.tag, merged(entries));
    }
    return tagged(isScalar(node) ? node.tag : undefined, scalarOf(node));
  };
  return plain(document.contents);
}

/** A map with what `<<` brings into it; its own keys win (YAML 1.1, merge key language-independent type). */
function merged(entries: readonly (readonly [string, Raw])[]): RawMap {
  const brought = entries.filter(([key]) => key === '<<').flatMap(([, value]) => value);
  const others = brought.filter(isRecord).toReversed();
  const own = Object.fromEntries(entries.filter(([key]) => key !== '<<'));
  return others.length === 0 ? own : Object.assign({}, ...others, own);
}

const keyOf = (key: unknown): string => String(isScalar(key) ? (key.source ?? key.value) : key);

/** A scalar's value; what YAML 1.1 reads as a date, a sexagesimal or `Yes` stays the text it was. */
function scalarOf(node: unknown): Raw {
  if (!isScalar(node)) return null;
  const { value, source } = node;
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'boolean')
    return /^(true|false)$/i.test(source ?? '') ? value : (source ?? value);
  const plainNumber = typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(source ?? '');
  return plainNumber ? value : (source ?? String(value));
}

/** `!Ref x` is `{Ref: x}`, `!GetAtt a.b` is `{Fn::GetAtt: [a, b]}`, `!Any x` is `{Fn::Any: x}`. */
function tagged(tag: string | undefined, value: Raw): Raw {
  if (tag === undefined || !/^![A-Za-z]/.test(tag)) return value;
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  return { [`Fn::${name}`]: value };
}
