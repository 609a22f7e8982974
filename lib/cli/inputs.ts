import type { Command } from 'commander';
import type { Flow } from '../model/flow';
import { Failure, type Problem, type Reading } from '../model/problem';
import type { World } from '../model/world';
import { readFlows } from '../snapshot/flows';
import type { Parameter } from '../snapshot/template-parameter';
import { readWorld, type Snapshot } from '../snapshot/world';
import { readSource, readSources, readTemplateFiles } from './files';
import { InputProblems } from './problems';
import type { Terminal } from './terminal';

/** Options of every command that judges a person's own files. */
export interface InputOptions {
  readonly manifests?: readonly string[];
  readonly template?: readonly string[];
  readonly parameter?: readonly string[];
  readonly json?: true;
}

/** Adds the options that name a person's own files; either alone will do. */
export const inputOptions = (command: Command, manifests: string): Command =>
  command
    .option('--manifests <path...>', manifests)
    .option('--template <path...>', 'synthesized CloudFormation templates: the VPC around them')
    .option('--parameter <name=value...>', "the templates' parameters, as [stack:]Name=value");

/** What the first of them is for, where a running lab answers without it. */
export const INSTEAD_OF_A_LAB = 'your own manifests instead of a running lab';

/** The value of a reading; throws every problem of it together. */
export function read<T>(reading: Reading<T>, terminal: Terminal): T {
  if (reading.kind === 'problems') throw new InputProblems(reading.problems);
  for (const warning of reading.warnings) terminal.err(remark(warning));
  const skipped = Object.entries(reading.skipped).map(([kind, count]) => `${count} ${kind}`);
  if (skipped.length > 0) terminal.err(`skipped, not about the network: ${skipped.join(', ')}`);
  return reading.value;
}

/** The files that the options name; `undefined` where they name none. */
export function sourcesOf({
  manifests,
  template,
  parameter = [],
}: InputOptions): Snapshot | undefined {
  if (manifests === undefined && template === undefined) return undefined;
  const parameters = parameter.map(readParameter);
  return {
    manifests: readSources(manifests ?? []),
    templates: readTemplateFiles(template ?? []),
    parameters,
  };
}

function readParameter(text: string): Parameter {
  const [, stack, name, value] = /^(?:([^:=]+):)?([A-Za-z0-9]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    const problem = `'${text}' gives no parameter a value`;
    throw new Failure('bad-parameter', problem, 'write Name=value, or Stack:Name=value');
  }
  return { ...(stack === undefined ? {} : { stack }), name, value };
}

/** The world in the files that the options name; `undefined` where they name none. */
export function ownWorld(options: InputOptions, terminal: Terminal): World | undefined {
  const sources = sourcesOf(options);
  return sources === undefined ? undefined : read(readWorld(sources), terminal);
}

/** The same where files must be named; throws a `Failure` where none are. */
export function worldOf(options: InputOptions, terminal: Terminal): World {
  const world = ownWorld(options, terminal);
  if (world !== undefined) return world;
  throw new Failure(
    'no-input',
    'nothing says what to judge',
    'name manifests (--manifests), CloudFormation templates (--template), or both',
  );
}

/** The flows that the options name. */
export const flowsOf = (path: string, world: World, terminal: Terminal): readonly Flow[] =>
  read(readFlows(readSource(path), world), terminal);

const remark = ({ file, path, problem, fix }: Problem): string =>
  `warning ${[file, path].filter((part) => part !== '').join(': ')}: ${problem}; ${fix}`;
