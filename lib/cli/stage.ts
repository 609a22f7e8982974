import type { Command } from 'commander';
import { diff } from '../reach/diff';
import { createEngine } from '../reach/engine';
import { discrepancyText } from '../report/comparison';
import { diffText } from '../report/diff';
import { drawnLab } from './drawn';
import { EXIT, type ExitCode } from './exit';
import { datapathAt, stageWorld } from './lab-world';
import { record } from './learner';
import { type Proof, prove } from './proof';
import { remoteNamed } from './remote-named';
import { noteOf, type RunningLab } from './running';
import { inSession, type Session } from './session';
import type { Terminal } from './terminal';

interface StageOptions {
  readonly lab?: string;
  readonly json?: true;
}

/** `lab stage <name>`: moves to a policy stage, shows the flows that change, and proves them. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('stage <name>')
    .description('moves to a policy stage, shows which flows change, and proves it')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--json', 'print the value instead of the text')
    .action(async (name: string, options: StageOptions) =>
      ended(await stage(terminal, name, options)),
    );
}

async function stage(terminal: Terminal, name: string, options: StageOptions): Promise<ExitCode> {
  const remote = await remoteNamed(options.lab);
  if (remote === undefined) return stageHere(terminal, name, options);
  const { clusterOfRemote, moveRemote } =
    require('./remote/session') as typeof import('./remote/session');
  const { expectAnswer } = require('./remote/reach') as typeof import('./remote/reach');
  const cluster = await clusterOfRemote(remote);
  await expectAnswer(cluster, remote);
  await moveRemote(cluster, { lab: drawnLab(remote.lab), remote, stage: name });
  terminal.out(`stage ${name}: applied, and rolled out\n\nNext: lab check`);
  return EXIT.right;
}

const stageHere = (terminal: Terminal, name: string, options: StageOptions): Promise<ExitCode> =>
  inSession(options.lab, async (session) => {
    const before = session.local.world();
    const proof = await enterStage(session, name);
    const after = session.local.world();
    const changes = diff(
      { world: before, engine: createEngine(before, { staged: 'as-written' }) },
      { world: after, engine: proof.engine },
    );
    if (options.json) {
      terminal.out(JSON.stringify({ stage: name, changes, differing: proof.differing }));
    } else {
      terminal.out(diffText(changes, terminal.palette));
      terminal.out(`\n${proofLine(name, proof)}`);
      for (const one of proof.differing) terminal.out(discrepancyText(one));
      terminal.out('\nNext: lab matrix, lab check');
    }
    return proof.differing.length === 0 ? EXIT.right : EXIT.differs;
  });

/**
 * Moves a running lab to a stage of its own and proves the whole matrix there. What the learner
 * applied stays, unless said otherwise.
 */
export async function enterStage(
  { lab, running, local }: Session,
  name: string,
  applied: RunningLab['applied'] = running.applied,
): Promise<Proof> {
  const note = noteOf({ ...running, stage: name, applied });
  const world = stageWorld(lab, name, { applied });
  await local.moveTo(world, { datapath: datapathAt(lab, name), note });
  record(lab.id, { kind: 'stage-entered', stage: name });
  return prove(local);
}

/** A proof in one line. */
export const proofLine = (name: string, { flows, differing, millis }: Proof): string =>
  `stage ${name}: ${flows} flows tried in ${Math.round(millis)} ms, ${flows - differing.length} as predicted, ${differing.length} differ`;
