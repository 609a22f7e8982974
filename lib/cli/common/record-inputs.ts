import { statSync } from 'node:fs';
import { Failure } from '../../model/problem';
import type { RecordInput } from '../../records/open/files';
import { filesBelow, unreadable } from './files-below';
import { isStandardInput } from './input-bytes';

/**
 * Files of records that the paths name: a folder with all its files in the order of their names, `-` is
 * standard input.
 * @throws Failure `unreadable-file`; `nothing-read` for a folder without files
 */
export const recordInputs = (paths: readonly string[]): readonly RecordInput[] =>
  paths.flatMap((path): readonly RecordInput[] => {
    if (isStandardInput(path)) return [{ path, stream: process.stdin }];
    const files = filesAt(path);
    if (files.length > 0) return files.map((file) => ({ path: file }));
    const fix = 'give a folder of flow logs, as aws s3 sync makes it, or one file';
    throw new Failure('nothing-read', `the folder ${path} has no files`, fix);
  });

function filesAt(path: string): readonly string[] {
  try {
    return statSync(path).isDirectory() ? filesBelow(path, /^[^.]/) : [path];
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw unreadable([path], cause);
  }
}
