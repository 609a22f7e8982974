import type { Command } from 'commander';
import { shownStage } from '../../lab/fault';
import { proveStage } from '../../proof/stage';
import { discrepancyText } from '../../report/comparison';
import { diffText } from '../../report/diff';
import { stageLine } from '../../report/stage';
import { drawnLab } from '../../session/drawn';
import { refuseInExam } from '../../session/exam';
import { withLocalSession } from '../../session/local/open';
import { findLabId, findRemote } from '../../session/open/find';
import type { RunningLab } from '../../session/types';
import { EXIT, type ExitCode } from '../common/exit';
import { jsonOption, labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface StageOptions {
  readonly lab?: string;
  readonly json?: true;
  readonly clear?: true;
}

/** `lab stage <name>`: moves to a policy stage, shows the flows that change, and proves them. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(labOption(program.command('stage [name]')))
    .description(
      'moves to a policy stage, shows which flows change, and proves it; lists them without a name',
    )
    .option('--clear', 'removes what you applied; without it, your files stay on top')
    .action(async (name: string | undefined, options: StageOptions) =>
      ended(
        name === undefined
          ? await listStages(terminal, options)
          : await stage(terminal, name, options),
      ),
    );
}

/** The stages of the lab that is up, without those of drawn faults. */
async function listStages(terminal: Terminal, options: StageOptions): Promise<ExitCode> {
  const lab = drawnLab(await findLabId(options));
  const stages = lab.stages.filter(({ name }) => shownStage(lab, name) === name);
  if (options.json)
    terminal.out(JSON.stringify(stages.map(({ name, about }) => ({ name, about }))));
  else for (const { name, about } of stages) terminal.out(`  ${name.padEnd(20)} ${about}`);
  return EXIT.right;
}

async function stage(terminal: Terminal, name: string, options: StageOptions): Promise<ExitCode> {
  const remote = await findRemote(options);
  if (remote === undefined) return stageHere(terminal, name, options);
  await loadRemote().enterRemoteStage(remote, name);
  terminal.out(`stage ${name}: applied, and rolled out\n\nNext: lab check`);
  return EXIT.right;
}

/** What lies on top of the stage, or lay there. */
function onTop(
  applied: RunningLab['applied'],
  name: string,
  { clear }: StageOptions,
): readonly string[] {
  if (applied.length === 0) return [];
  const files = applied.map(({ path }) => path).join(', ');
  return clear
    ? [`removed: ${files}`]
    : [`still on top: ${files} (lab stage ${name} --clear removes them)`];
}

/** The clients of AWS and Kubernetes are loaded by labs that need them. */
const loadRemote = () =>
  require('../../session/remote/cluster') as typeof import('../../session/remote/cluster');

const stageHere = (terminal: Terminal, name: string, options: StageOptions): Promise<ExitCode> =>
  withLocalSession(options.lab, async (session) => {
    const { lab, running } = session;
    refuseInExam(lab.id, 'lab stage');
    const { changes, proof } = await proveStage(session, name, options.clear ? [] : undefined);
    if (options.json) {
      terminal.out(JSON.stringify({ stage: name, changes, differing: proof.differing }));
    } else {
      terminal.out(diffText(changes, terminal.palette));
      terminal.out(`\n${stageLine(name, proof)}`);
      for (const one of proof.differing) terminal.out(discrepancyText(one));
      for (const line of onTop(running.applied, name, options)) terminal.out(line);
      terminal.out('\nNext: lab matrix, lab check');
    }
    return proof.differing.length === 0 ? EXIT.right : EXIT.differs;
  });
