import type { Command } from 'commander';
import { labs } from '../../labs';
import type { Lab } from '../lab/format';
import { type Acceptance, accept, questionsIn } from './acceptance';
import { findLab } from './catalogue';
import { EXIT, type ExitCode } from './exit';
import { acceptMachines } from './machines/acceptance';
import { lackingFor } from './needs';
import type { Terminal } from './terminal';
import { inSandbox } from './tied';

/** `npm run labs:prove`: every lab that runs here, proven step by step and stage by stage. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('prove [ids...]')
    .description('the acceptance run: checks fail before a solution and pass after it')
    .option('--json', 'print the value instead of the text')
    .action(async (ids: readonly string[], options: { readonly json?: true }) =>
      ended(await proveAll(terminal, ids, options)),
    );
}

async function proveAll(
  terminal: Terminal,
  ids: readonly string[],
  { json }: { readonly json?: true },
): Promise<ExitCode> {
  const chosen = ids.length === 0 ? labs : ids.map(findLab);
  const all: Acceptance[] = [];
  const local = chosen.filter(({ targets }) => targets.includes('local'));
  const notRun = local.flatMap((lab) => {
    const lacking = lackingFor(lab);
    return lacking === undefined ? [] : [{ lab: lab.id, why: lacking.problem, fix: lacking.fix }];
  });
  for (const lab of local.filter(({ id }) => !notRun.some(({ lab: lacks }) => lacks === id))) {
    const acceptance = await inSandbox((sandbox) =>
      lab.environment.kind === 'linux' ? acceptMachines(lab, sandbox) : accept(lab, sandbox),
    );
    all.push(acceptance);
    if (!json) terminal.out(line(terminal, lab, acceptance));
  }
  const absent = chosen.filter(({ targets }) => !targets.includes('local'));
  if (json)
    terminal.out(JSON.stringify({ proven: all, notRun, notLocal: absent.map(({ id }) => id) }));
  else summary(terminal, { all, notRun, absent });
  return all.every(({ failures }) => failures.length === 0) ? EXIT.right : EXIT.differs;
}

function line(terminal: Terminal, lab: Lab<string>, found: Acceptance): string {
  const { good, bad } = terminal.palette;
  const mark = found.failures.length === 0 ? good('proven') : bad('FAILED');
  const counts = `${found.steps} steps, ${found.checks} checks, ${questionsIn(lab)} questions, ${found.stages} stages, ${found.flows} flows`;
  const elsewhere = found.elsewhere === 0 ? '' : `, ${found.elsewhere} checks only on a cluster`;
  const text = `${mark}  ${found.lab.padEnd(22)} ${counts}${elsewhere}, ${found.seconds.toFixed(1)} s`;
  return [text, ...found.failures.map((failure) => `  ${found.lab} ${failure}`)].join('\n');
}

interface Proven {
  readonly all: readonly Acceptance[];
  /** Labs that this machine lacks a program for. */
  readonly notRun: readonly { readonly lab: string; readonly why: string; readonly fix: string }[];
  readonly absent: readonly Lab<string>[];
}

function summary(terminal: Terminal, { all, notRun, absent }: Proven): void {
  for (const { lab, why, fix } of notRun) terminal.out(`not run  ${lab}: ${why}: ${fix}`);
  for (const { id, localLimits } of absent) terminal.out(`not here ${id}: ${localLimits}`);
  const failed = all.filter(({ failures }) => failures.length > 0).length;
  const seconds = all.reduce((sum, one) => sum + one.seconds, 0).toFixed(1);
  terminal.out(
    `\n${all.length - failed} labs proven, ${failed} failed, ${notRun.length} not run, ${absent.length} not local, ${seconds} s`,
  );
}
