import type { Problem } from '../model/problem';
import type { Terminal } from './terminal';

/** An input that was wrong: every problem of it. `bin` prints them all and exits 2. */
export class InputProblems extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(`${problems.length} problem${problems.length === 1 ? '' : 's'} in the input`);
    this.name = 'InputProblems';
  }
}

/** Prints problems one block each: where, what, what to do. */
export function printProblems(terminal: Terminal, problems: readonly Problem[]): void {
  const { bad, quiet } = terminal.palette;
  for (const { file, document, path, problem, fix } of problems) {
    // Context is what options say: there is no file, and nothing to count in it.
    const parts = file === 'context' ? [path] : [file, `document ${document + 1}`, path];
    const where = parts.filter((part) => part !== '').join(': ');
    terminal.err(`${bad('problem')} ${where}\n  ${problem}\n  ${quiet('fix:')} ${fix}`);
  }
  const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  terminal.err(`${count}; nothing was judged and nothing was started.`);
}
