import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The program itself. */
export const CLI = join(__dirname, '../../bin/lab');

/** A person at a shell of their own: a folder, a state of their own, and `lab`. */
export interface Person {
  readonly folder: string;
  /** Types `lab ...`, waits, and tells what came of it. */
  readonly lab: (...args: readonly string[]) => Ran;
  /** Writes a file into the folder; answers its name. */
  readonly write: (name: string, text: string) => string;
  readonly leave: () => void;
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Somebody new, with nothing up and nothing learned. */
export function newPerson(): Person {
  const folder = mkdtempSync(join(tmpdir(), 'lab-person-'));
  const { NODE_OPTIONS: _, ...rest } = process.env;
  const env = { ...rest, XDG_STATE_HOME: folder };
  return {
    folder,
    lab: (...args) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
        ...{ env, cwd: folder, encoding: 'utf8' },
      });
      return { code: status, out: stdout, err: stderr };
    },
    write: (name, text) => {
      writeFileSync(join(folder, name), text);
      return name;
    },
    leave: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The JSON values of an answer, one a line. */
export const jsonLines = ({ out }: Ran): readonly unknown[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
