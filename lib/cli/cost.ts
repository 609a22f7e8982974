import type { Command } from 'commander';
import { parseAllDocuments } from 'yaml';
import { synthesizeStage } from '../../charts';
import { type BalancerDemand, balancersOf } from '../account/balancers';
import { type Cost, costOf } from '../account/cost';
import { compareText, costText } from '../account/cost-text';
import { cloudLabIds, isCloudLab } from '../cloud/environments';
import { Failure, type SourceFile } from '../model/problem';
import { findLab } from './catalogue';
import { EXIT, type ExitCode } from './exit';
import { synthesizeTemplates } from './synthesize';
import type { Terminal } from './terminal';

interface CostOptions {
  readonly size: string;
  readonly hours: string;
  readonly compare?: readonly string[];
  readonly all?: true;
  readonly json?: true;
}

/** `lab cost <id>`: what an hour, a session and a forgotten weekend of a lab cost on EKS. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('cost [id]')
    .description('what a lab costs on EKS, line by line, from the synthesized templates')
    .option('--size <size>', 'small or production', 'small')
    .option('--hours <hours>', 'length of a session', '8')
    .option('--compare <sizes...>', 'several sizes side by side')
    .option('--all', 'every lab that runs on EKS, in both sizes')
    .option('--json', 'print the value instead of the text')
    .action((id: string | undefined, options: CostOptions) => ended(cost(terminal, id, options)));
}

function cost(terminal: Terminal, id: string | undefined, options: CostOptions): ExitCode {
  const sizes = options.compare ?? (options.all ? ['small', 'production'] : [options.size]);
  const ids = options.all ? cloudLabIds : [cloudLab(id)];
  const rows = ids.flatMap((lab) =>
    sizes.map((size) => ({
      name: sizes.length === 1 ? lab : `${lab} ${size}`,
      cost: costOfLab(lab, size, options.hours),
    })),
  );
  const [first] = rows;
  if (options.json) terminal.out(JSON.stringify(rows));
  else if (rows.length === 1 && first !== undefined) terminal.out(costText(first.cost).join('\n'));
  else terminal.out(compareText(rows).join('\n'));
  if (!options.json)
    terminal.out(
      `\nNext: lab up ${ids[0] ?? ''} --target eks; on this machine, without --target, it costs nothing`,
    );
  return EXIT.right;
}

function cloudLab(id: string | undefined): string {
  if (id === undefined) {
    throw new Failure('no-lab', 'no lab was named', 'lab cost <id>, or lab cost --all');
  }
  const lab = findLab(id);
  if (isCloudLab(lab.id)) return lab.id;
  throw new Failure(
    'not-on-eks',
    `lab ${id} does not run on EKS and costs nothing`,
    `lab up ${id}`,
  );
}

/** The cost of one lab in one size: its stacks, and the load balancers its manifests ask for. */
export function costOfLab(lab: string, size: string, hours: string): Cost {
  return costOf(templatesAsData(synthesizeTemplates(lab, { size })), {
    sessionHours: sessionOf(hours),
    day: new Date().toISOString().slice(0, 10),
    balancers: balancersIn(lab),
  });
}

/** @throws Failure `bad-hours` where it is no length of a session. */
function sessionOf(text: string): number {
  const hours = Number(text);
  if (hours > 0) return hours;
  throw new Failure('bad-hours', `'${text}' is no number of hours`, 'use one such as 8');
}

/** Templates by stack name, parsed. */
export const templatesAsData = (templates: readonly SourceFile[]) =>
  templates.map(({ path, text }) => ({
    name: path.replace('.template.json', ''),
    body: JSON.parse(text) as unknown,
  }));

function balancersIn(id: string): readonly BalancerDemand[] {
  const lab = findLab(id);
  const last = lab.stages.at(-1);
  if (last === undefined) return [];
  const documents = parseAllDocuments(synthesizeStage(id, last.name, 'alone'));
  return balancersOf(documents.map((document) => document.toJS()));
}
