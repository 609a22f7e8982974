import type { Terminal } from './terminal';

/** Characters that are printed together, about. */
const PIECE = 512 * 1024;

/**
 * Prints lines as they are made, in pieces, so that an answer of any length needs little memory.
 * Between pieces the process sees whether its reader is gone (`| head`). No line at all prints an
 * empty one.
 */
export async function printLines(terminal: Terminal, lines: Iterable<string>): Promise<void> {
  let piece: string[] = [];
  let size = 0;
  let isAny = false;
  for (const line of lines) {
    piece.push(line);
    size += line.length;
    if (size < PIECE) continue;
    terminal.out(piece.join('\n'));
    await new Promise(setImmediate);
    isAny = true;
    piece = [];
    size = 0;
  }
  if (piece.length > 0 || !isAny) terminal.out(piece.join('\n'));
}
