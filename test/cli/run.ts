import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../lib/cli/main';
import { PLAIN } from '../../lib/report/palette';

/** The program itself. */
export const CLI = join(__dirname, '../../bin/lab');

/** A person at a shell of their own: a folder, a state of their own, and `lab`. */
export interface Person {
  readonly folder: string;
  /** Types `lab ...`, waits, and tells what came of it. */
  readonly lab: (...args: readonly string[]) => Ran;
  /** The same command line, run in this process: the same answer, without starting Node again. */
  readonly here: (...args: readonly string[]) => Promise<Ran>;
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
        env,
        cwd: folder,
        encoding: 'utf8',
      });
      return { code: status, out: stdout, err: stderr };
    },
    here: (...args) => inFolder(folder, () => ranHere(args)),
    write: (name, text) => {
      writeFileSync(join(folder, name), text);
      return name;
    },
    leave: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function ranHere(args: readonly string[]): Promise<Ran> {
  const said = { out: '', err: '' };
  const code = await main(args, {
    out: (text) => {
      said.out += `${text}\n`;
    },
    err: (text) => {
      said.err += `${text}\n`;
    },
    palette: PLAIN,
    live: false,
    interactive: false,
  });
  return { code, ...said };
}

/** Does it where the person stands, with the state that is theirs. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const [before, state] = [process.cwd(), process.env.XDG_STATE_HOME];
  process.chdir(folder);
  process.env.XDG_STATE_HOME = folder;
  try {
    return await work();
  } finally {
    process.chdir(before);
    if (state === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = state;
  }
}

/** The JSON values of an answer, one a line. */
export const jsonLines = ({ out }: Ran): readonly unknown[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
