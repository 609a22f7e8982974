import type { Problem } from '../../model/problem';
import type { Terminal } from './terminal';

/** Prints problems one block each: where, what, what to do. */
export function printProblems(terminal: Terminal, problems: readonly Problem[]): void {
  const { bad, quiet } = terminal.palette;
  for (const { file, document, path, problem, fix } of problems) {
    // Context comes from options: it has no file and no documents.
    const parts = file === 'context' ? [path] : [file, `document ${document + 1}`, path];
    const where = parts.filter((part) => part !== '').join(': ');
    terminal.err(`${bad('problem')} ${where}\n  ${problem}\n  ${quiet('fix:')} ${fix}`);
  }
  const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  terminal.err(`${count}; nothing was judged and nothing was started.`);
}
