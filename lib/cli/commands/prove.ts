import type { Command } from 'commander';
import { labs } from '../../../labs';
import type { Lab } from '../../lab/format';
import { Failure } from '../../model/problem';
import { type Acceptance, accept, questionsIn } from '../../proof/acceptance';
import { acceptMachines } from '../../proof/machines';
import type { TrialSample } from '../../proof/trial-sample';
import { findLab } from '../../session/catalogue';
import { lackingFor } from '../../session/needs';
import { EXIT, type ExitCode } from '../common/exit';
import { jsonOption } from '../common/options';
import { withSandbox } from '../common/sandbox';
import type { Terminal } from '../common/terminal';

/** `npm run labs:prove`: every lab that runs here, proven step by step and stage by stage. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(program.command('prove [ids...]'))
    .description('the acceptance run: checks fail before a solution and pass after it')
    .option('--sample <count>', 'wrong solutions tried at each step; all where absent')
    .option('--seed <text>', 'draws which ones; the same seed draws the same ones', '1')
    .action(async (ids: readonly string[], options: ProveOptions) =>
      ended(await proveAll(terminal, ids, options)),
    );
}

interface ProveOptions {
  readonly json?: true;
  readonly sample?: string;
  readonly seed: string;
}

/** @throws Failure `bad-sample` where the count is not a whole number from 0 */
function sampleOf({ sample, seed }: ProveOptions): TrialSample {
  if (sample === undefined) return { seed };
  if (/^\d+$/.test(sample)) return { count: Number(sample), seed };
  throw new Failure('bad-sample', `'${sample}' is not a count`, 'give a whole number: --sample 2');
}

async function proveAll(
  terminal: Terminal,
  ids: readonly string[],
  options: ProveOptions,
): Promise<ExitCode> {
  const { json } = options;
  const sample = sampleOf(options);
  const chosen = ids.length === 0 ? labs : ids.map(findLab);
  const all: Acceptance[] = [];
  const local = chosen.filter(({ targets }) => targets.includes('local'));
  const notRun = local.flatMap((lab) => {
    const lacking = lackingFor(lab);
    return lacking === undefined ? [] : [{ lab: lab.id, why: lacking.problem, fix: lacking.fix }];
  });
  for (const lab of local.filter(({ id }) => !notRun.some(({ lab: lacks }) => lacks === id))) {
    const acceptance = await withSandbox((sandbox) =>
      lab.environment.kind === 'linux'
        ? acceptMachines(lab, sandbox, sample)
        : accept(lab, sandbox, sample),
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
  const counts = `${found.steps} steps, ${found.checks} checks, ${questionsIn(lab)} questions, ${found.stages} stages, ${found.flows} flows, ${found.wrong} wrong solutions, ${found.alternatives} alternatives`;
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
  const total = (count: (one: Acceptance) => number): number =>
    all.reduce((sum, one) => sum + count(one), 0);
  const tried = `${total((one) => one.wrong)} wrong solutions and ${total((one) => one.alternatives)} alternatives tried`;
  const seconds = total((one) => one.seconds).toFixed(1);
  terminal.out(
    `\n${all.length - failed} labs proven, ${failed} failed, ${notRun.length} not run, ${absent.length} not local, ${tried}, ${seconds} s`,
  );
}
