import { basename } from 'node:path';
import type { Command } from 'commander';
import { shownStage } from '../lab/fault';
import { diff } from '../reach/diff';
import { createEngine } from '../reach/engine';
import { discrepancyText } from '../report/comparison';
import { diffText } from '../report/diff';
import { EXIT, type ExitCode } from './exit';
import { readSource } from './files';
import { stageWorld } from './lab-world';
import { prove } from './proof';
import { noteOf } from './running';
import { inSession } from './session';
import { proofLine } from './stage';
import type { Terminal } from './terminal';

interface ApplyOptions {
  readonly lab?: string;
  readonly remove?: true;
}

/** `lab apply <file>`: puts a manifest of the learner's own on top of the stage, or takes it back. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('apply <file>')
    .description('puts your own manifests on top of the stage, and shows which flows change')
    .option('--remove', 'takes the file back instead')
    .option('--lab <id>', 'which running lab, where several are up')
    .action(async (file: string, options: ApplyOptions) =>
      ended(await apply(terminal, file, options)),
    );
}

const apply = (terminal: Terminal, path: string, options: ApplyOptions): Promise<ExitCode> =>
  inSession(options.lab, async ({ lab, running, local }) => {
    const before = local.world();
    const name = basename(path);
    const others = running.applied.filter((file) => file.path !== name);
    const mine = options.remove ? [] : [{ path: name, text: readSource(path).text }];
    const applied = [...others, ...mine];
    // The new world is read before anything moves: a broken file changes nothing.
    const after = stageWorld(lab, running.stage, { applied });
    await local.moveTo(after, { note: noteOf({ ...running, applied }) });
    const proof = await prove(local);
    const old = { world: before, engine: createEngine(before, { staged: 'as-written' }) };
    terminal.out(diffText(diff(old, { world: after, engine: proof.engine }), terminal.palette));
    terminal.out(`\n${proofLine(shownStage(lab, running.stage), proof)}`);
    for (const one of proof.differing) terminal.out(discrepancyText(one));
    terminal.out('\nNext: lab check');
    return proof.differing.length === 0 ? EXIT.right : EXIT.differs;
  });
