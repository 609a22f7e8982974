import type { Command } from 'commander';
import { findLab } from '../../session/catalogue';
import { forgetProgress } from '../../session/learner';
import { EXIT, type ExitCode } from '../common/exit';
import type { Terminal } from '../common/terminal';

/** `lab reset <id>`: forgets what was done in a lab, so that it begins anew. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('reset <id>')
    .description("forgets a lab's progress")
    .action((id: string) => {
      const lab = findLab(id);
      forgetProgress(lab.id);
      terminal.out(`${lab.id} begins anew.\n\nNext: lab up ${lab.id}`);
      ended(EXIT.right);
    });
}
