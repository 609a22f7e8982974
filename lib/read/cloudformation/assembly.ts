import type { Problem } from '../../model/problem';
import { isRecord, type Raw, type RawMap, type Stack } from './document';
import { expandLoops, hasLoop } from './loop';
import { PROCESSED, resolve } from './resolve';
import { checkRules } from './rules';
import { type Assembly, assemblyOf, type Place, report } from './scope';

/**
 * Puts templates together as CloudFormation takes them: loops written out, assertions checked, and
 * what macros would change reported.
 */
export function assemble(written: readonly Stack[], problems: Problem[]): Assembly {
  const before = assemblyOf(written, problems);
  for (const stack of written) checkTransforms(stack, before);
  const assembly = assemblyOf(
    written.map((stack) => expanded(stack, before)),
    problems,
  );
  for (const stack of assembly.stacks) {
    checkNulls(stack, assembly);
    checkRules(stack, assembly);
  }
  return assembly;
}

const EXTENSIONS = 'AWS::LanguageExtensions';

/** Macros that leave resources of other types as they are (CloudFormation: transform reference). */
const HARMLESS: ReadonlySet<string> = new Set([
  EXTENSIONS,
  'AWS::Serverless-2016-10-31',
  'AWS::SecretsManager-2020-07-23',
  'AWS::SecretsManager-2024-09-16',
  'AWS::CodeDeployBlueGreen',
  'AWS::ServiceCatalog',
]);

/** A macro may rewrite whatever it gets: what it makes is known only after it ran. */
function checkTransforms(stack: Stack, assembly: Assembly): void {
  const at = (path: string): Place => ({ scope: { stack, assembly }, path, depth: 0 });
  for (const name of stack.transforms.filter((one) => !HARMLESS.has(one))) {
    report(at('Transform'), `the macro ${name} may rewrite the template`, PROCESSED);
  }
  if (Object.hasOwn(stack.resources, 'Fn::Transform')) {
    const problem = 'Fn::Transform adds resources that are not in the file';
    report(at('Resources.Fn::Transform'), problem, PROCESSED);
  }
}

/** A stack with its loops written out. */
function expanded(stack: Stack, assembly: Assembly): Stack {
  const sections = ['conditions', 'resources', 'outputs'] as const;
  if (!sections.some((section) => hasLoop(stack[section]))) return stack;
  const place: Place = { scope: { stack, assembly }, path: '', depth: 0 };
  if (!stack.transforms.includes(EXTENSIONS)) {
    const at = { ...place, path: 'Transform' };
    report(
      at,
      'Fn::ForEach needs a transform that the template does not name',
      `add ${EXTENSIONS}`,
    );
    return stack;
  }
  const written = (raw: RawMap, path: string): RawMap => {
    const made = expandLoops(raw, { place: { ...place, path }, resolve }) as RawMap;
    for (const name of Object.keys(made).filter((one) => !/^[A-Za-z0-9]{1,255}$/.test(one))) {
      const problem = `a loop makes ${JSON.stringify(name.slice(0, 80))}, which cannot be a logical id`;
      report({ ...place, path }, problem, 'write &{…}, which keeps letters and digits alone');
    }
    return made;
  };
  return {
    ...stack,
    conditions: written(stack.conditions, 'Conditions'),
    resources: written(stack.resources, 'Resources'),
    outputs: written(stack.outputs, 'Outputs'),
  };
}

/** CloudFormation: "'null' values are not allowed in templates". */
function checkNulls(stack: Stack, assembly: Assembly): void {
  const find = (raw: Raw, path: string): string | undefined => {
    if (raw === null) return path;
    if (Array.isArray(raw)) return first(raw.map((one, i) => [`${path}[${i}]`, one] as const));
    return isRecord(raw)
      ? first(Object.entries(raw).map(([key, one]) => [`${path}.${key}`, one] as const))
      : undefined;
  };
  const first = (entries: readonly (readonly [string, Raw])[]): string | undefined => {
    for (const [path, raw] of entries) {
      const found = find(raw, path);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const [name, raw] of Object.entries(stack.resources)) {
    const properties = isRecord(raw) ? raw.Properties : undefined;
    if (properties === undefined) continue;
    const path = find(properties, `Resources.${name}.Properties`);
    if (path === undefined) continue;
    const place: Place = { scope: { stack, assembly }, path, depth: 0 };
    report(place, 'null is not allowed in a template', 'remove the property, or give it a value');
  }
}
