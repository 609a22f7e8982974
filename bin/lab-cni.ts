import { writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { runAlone } from '../lib/runtime/cni/alone';
import { undoOf } from '../lib/runtime/cni/spec/ended';

/** The CNI plugin where no lab is named: it keeps its addresses on disk and lays cables itself. */
export function alone(stdin: string): void {
  const { exitCode, stdout } = runAlone(process.env, stdin, hostname());
  process.exitCode = exitCode;
  if (isPrinted(stdout)) return;
  // A runtime that never reads the result never calls DEL for it.
  process.exitCode = 1;
  const undo = exitCode === 0 ? undoOf(process.env) : undefined;
  if (undo !== undefined) runAlone(undo, stdin, hostname());
}

/** Writes to standard output at once; false where it is closed or full. */
function isPrinted(text: string): boolean {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
    }
  }
  return true;
}
