import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../model/problem';

/**
 * Every file below a folder whose name matches, in the order of the names. Links are followed, and each
 * file and folder is taken once, so links that lead back end the walk.
 *
 * @throws Failure `unreadable-file` for what cannot be opened, and for a match that is a pipe, socket or device
 */
export function filesBelow(folder: string, names: RegExp): readonly string[] {
  const found: string[] = [];
  const folders = new Set<string>();
  const walk = (at: string): void => {
    const real = realpathSync(at);
    if (folders.has(real)) return;
    folders.add(real);
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      const kind = kindOf(entry, path);
      if (kind === 'folder') walk(path);
      else if (names.test(entry.name)) found.push(regular(path, kind));
    }
  };
  walk(folder);
  return onceEach(found.sort());
}

type Kind = 'file' | 'folder' | 'no target' | 'no regular file';

function kindOf(entry: Dirent, path: string): Kind {
  const stats = entry.isSymbolicLink() ? statOf(path) : entry;
  if (stats === undefined) return 'no target';
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : 'no regular file';
}

/** What a link leads to; nothing where it leads nowhere or in a circle. */
function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw unreadable([folder], cause);
  }
}

function regular(path: string, kind: Exclude<Kind, 'folder'>): string {
  if (kind === 'file') return path;
  const what =
    kind === 'no target' ? 'a link to a file that does not exist' : 'a pipe, socket or device';
  const problem = `cannot read ${path}: it is ${what}`;
  throw new Failure(
    'unreadable-file',
    problem,
    'remove it from the folder, or name the files one by one',
  );
}

function onceEach(paths: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const real = realpathSync(path);
    if (seen.has(real)) return false;
    seen.add(real);
    return true;
  });
}

/** The failure for paths that cannot be read, with the system's reason. */
export function unreadable(paths: readonly string[], cause?: unknown): Failure {
  const reason = reasonOf(cause);
  return new Failure(
    'unreadable-file',
    `cannot read ${paths.join(', ')}${reason === '' ? '' : `: ${reason}`}`,
    'give a file or folder that exists and that you may read',
    { cause },
  );
}

/** `EACCES: permission denied`, without the call and the path that Node adds. */
function reasonOf(cause: unknown): string {
  const { code, message } = (cause ?? {}) as NodeJS.ErrnoException;
  return code === undefined ? '' : message.replace(/, [a-z]+( '.*)?$/s, '');
}
