import type { Flow } from '../model/flow';
import type { Problem, Reading } from '../model/problem';
import type { World } from '../model/world';
import { readFlows } from '../snapshot/flows';
import { readWorld } from '../snapshot/world';
import { readSource, readSources, readTemplateFiles } from './files';
import { InputProblems } from './problems';
import type { Terminal } from './terminal';

/** Options of every command that judges a person's own files. */
export interface InputOptions {
  readonly manifests: readonly string[];
  readonly template?: readonly string[];
  readonly flows?: string;
  readonly json?: true;
}

/** The value of a reading; throws every problem of it together. */
export function read<T>(reading: Reading<T>, terminal: Terminal): T {
  if (reading.kind === 'problems') throw new InputProblems(reading.problems);
  for (const warning of reading.warnings) terminal.err(remark(warning));
  const skipped = Object.entries(reading.skipped).map(([kind, count]) => `${count} ${kind}`);
  if (skipped.length > 0) terminal.err(`skipped, not about the network: ${skipped.join(', ')}`);
  return reading.value;
}

/** Reads the manifests and templates that the options name. */
export function worldOf(options: InputOptions, terminal: Terminal): World {
  const manifests = readSources(options.manifests);
  const templates = readTemplateFiles(options.template ?? []);
  return read(readWorld({ manifests, templates }), terminal);
}

/** The flows that the options name. */
export const flowsOf = (path: string, world: World, terminal: Terminal): readonly Flow[] =>
  read(readFlows(readSource(path), world), terminal);

const remark = ({ file, path, problem, fix }: Problem): string =>
  `warning ${[file, path].filter((part) => part !== '').join(': ')}: ${problem}; ${fix}`;
