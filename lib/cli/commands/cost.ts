import type { Command } from 'commander';
import { compareText, costText } from '../../account/cost/text';
import { cloudLabIds, isCloudLab } from '../../cloud/config/environments';
import { Failure } from '../../model/problem';
import { findLab } from '../../session/catalogue';
import { costOfLab } from '../../session/cost';
import { EXIT, type ExitCode } from '../common/exit';
import { compareSizesOption, hours, jsonOption, sizeOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface CostOptions {
  readonly size: string;
  readonly hours: number;
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
  jsonOption(program.command('cost [id]'))
    .description('what a lab costs on EKS, line by line, from the synthesized templates')
    .addOption(sizeOption('how large the lab is'))
    .option('--hours <hours>', 'length of a session', hours('bad-hours', Infinity), 8)
    .addOption(compareSizesOption())
    .option('--all', 'every lab that runs on EKS, in both sizes')
    .action((id: string | undefined, options: CostOptions) => ended(cost(terminal, id, options)));
}

function cost(terminal: Terminal, id: string | undefined, options: CostOptions): ExitCode {
  const sizes = options.compare ?? (options.all ? ['small', 'production'] : [options.size]);
  const ids = options.all ? cloudLabIds : [cloudLab(id)];
  const rows = ids.flatMap((lab) =>
    sizes.map((size) => ({
      name: sizes.length === 1 ? lab : `${lab} ${size}`,
      cost: costOfLab(lab, { size, hours: options.hours }),
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
    throw new Failure('no-lab', 'no lab was given', 'lab cost <id>, or lab cost --all');
  }
  const lab = findLab(id);
  if (isCloudLab(lab.id)) return lab.id;
  throw new Failure(
    'not-on-eks',
    `lab ${id} does not run on EKS and costs nothing`,
    `lab up ${id}`,
  );
}
