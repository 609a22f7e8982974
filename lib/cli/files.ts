import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, type SourceFile } from '../model/problem';

const MANIFEST = /\.(ya?ml|json)$/;
const TEMPLATE = /\.template\.(ya?ml|json)$/;

/** Largest input in bytes that is read at all; a cluster's export is far below. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Every manifest or template below the paths given: a file as it is, a folder with all its `.yaml`,
 * `.yml` and `.json` files, in the order of their names; `-` is standard input.
 *
 * Throws a `Failure` that names every path that cannot be read.
 */
export const readSources = (paths: readonly string[]): readonly SourceFile[] =>
  readBelow(paths, MANIFEST);

/** The same for templates: of a folder such as `cdk.out` only its `.template.json` files. */
export const readTemplateFiles = (paths: readonly string[]): readonly SourceFile[] =>
  readBelow(paths, TEMPLATE);

function readBelow(paths: readonly string[], names: RegExp): readonly SourceFile[] {
  const missing: string[] = [];
  const files = paths.flatMap((path) => {
    if (path === '-') return ['-'];
    try {
      return statSync(path).isDirectory() ? filesBelow(path, names) : [path];
    } catch {
      missing.push(path);
      return [];
    }
  });
  if (missing.length > 0) throw unreadable(missing);
  return files.map(readSource);
}

/** One file's text; `-` is standard input. */
export function readSource(path: string): SourceFile {
  try {
    if (path !== '-' && statSync(path).size > MOST_BYTES) {
      throw new Failure('input-too-large', `${path} is larger than 256 MiB`, 'split the file');
    }
    return { path, text: readFileSync(path === '-' ? 0 : path, 'utf8') };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unreadable([path]);
  }
}

/** Writes a file that a person named; throws a `Failure` where that cannot be. */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new Failure('unwritable-file', `cannot write ${path}`, 'name a file that you may write', {
      cause,
    });
  }
}

const filesBelow = (folder: string, names: RegExp): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => names.test(name))
    .sort()
    .map((name) => join(folder, name));

const unreadable = (paths: readonly string[]): Failure =>
  new Failure(
    'unreadable-file',
    `cannot read ${paths.join(', ')}`,
    'name a file or a folder that exists and that you may read',
  );
