import { basename } from 'node:path';
import type { Command } from 'commander';
import { shownStage } from '../../lab/fault';
import { lint } from '../../lint/lint';
import type { Finding } from '../../model/finding';
import type { World } from '../../model/world';
import { proveManifests } from '../../proof/stage';
import { discrepancyText } from '../../report/comparison';
import { diffText } from '../../report/diff';
import { stageLine } from '../../report/stage';
import { withLocalSession } from '../../session/local/open';
import { EXIT, type ExitCode } from '../common/exit';
import { readSource } from '../common/files';
import { labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface ApplyOptions {
  readonly lab?: string;
  readonly remove?: true;
}

/** `lab apply <file>`: puts a manifest of the learner's own on top of the stage, or removes it. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  labOption(program.command('apply <file>'))
    .description('puts your own manifests on top of the stage, and shows which flows change')
    .option('--remove', 'removes the file instead')
    .action(async (file: string, options: ApplyOptions) =>
      ended(await apply(terminal, file, options)),
    );
}

/** Objects about HTTP that their controller would not accept, or not as a whole. */
const unserved = (world: World): readonly Finding[] =>
  lint(world).filter(({ code }) => code === 'http-not-served');

const apply = (terminal: Terminal, path: string, options: ApplyOptions): Promise<ExitCode> =>
  withLocalSession(options.lab, async (session) => {
    const { lab, running } = session;
    const name = basename(path);
    const others = running.applied.filter((file) => file.path !== name);
    const mine = options.remove ? [] : [{ path: name, text: readSource(path).text }];
    const { changes, proof } = await proveManifests(session, [...others, ...mine]);
    terminal.out(diffText(changes, terminal.palette));
    terminal.out(`\n${stageLine(shownStage(lab, running.stage), proof)}`);
    for (const one of proof.differing) terminal.out(discrepancyText(one));
    for (const { object, why } of unserved(session.local.world()))
      terminal.err(`${object}: ${why}`);
    terminal.out('\nNext: lab check');
    return proof.differing.length === 0 ? EXIT.right : EXIT.differs;
  });
