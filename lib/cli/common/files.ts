import { statSync, writeFileSync } from 'node:fs';
import { Failure, type SourceFile } from '../../model/problem';
import type { GivenInput } from '../../read/inputs/sort';
import { filesBelow, unreadable } from './files-below';
import { inputBytes, isStandardInput } from './input-bytes';
import { inputText } from './input-text';

/** Files that may hold objects or templates, and those that say what a folder is instead. */
const CANDIDATE = /(\.(ya?ml|json|tf|tfstate)|^Kustomization)$/;
/** What CDK copies for a deployment (code of functions, archives): no template of the app. */
const CDK_ASSET = /(^|\/)asset\.[0-9a-f]{16,}/;

/**
 * What the paths given stand for: a file as it is, a folder with all its `.yaml`, `.yml` and `.json`
 * files (and those that name it a Terraform module or a kustomization) in the order of their names;
 * `-` is standard input.
 *
 * Throws a `Failure` that names every path that cannot be read.
 */
export function readGiven(paths: readonly string[]): readonly GivenInput[] {
  const missing: string[] = [];
  let cause: unknown;
  const given = paths.flatMap((path): readonly GivenInput[] => {
    if (isStandardInput(path)) return [{ path, form: 'pipe', files: [readSource(path)] }];
    try {
      return [statSync(path).isDirectory() ? folderAt(path) : fileAt(path)];
    } catch (error) {
      if (error instanceof Failure) throw error;
      missing.push(path);
      cause = error;
      return [];
    }
  });
  if (missing.length > 0) throw unreadable(missing, cause);
  return given;
}

const fileAt = (path: string): GivenInput => ({ path, form: 'file', files: [readSource(path)] });

function folderAt(path: string): GivenInput {
  const names = filesBelow(path, CANDIDATE).filter((name) => !CDK_ASSET.test(name));
  return { path, form: 'folder', files: names.map(readSource) };
}

/**
 * One file's text; `-` is standard input.
 * @throws Failure where it cannot be read, and where standard input holds nothing: the command
 *   before the pipe may have failed
 */
export function readSource(path: string): SourceFile {
  const text = inputText(path, bytesAt(path));
  if (!isStandardInput(path) || text.trim() !== '') return { path, text };
  const problem = 'standard input holds nothing';
  throw new Failure('no-input', problem, 'check the command before the pipe: it may have failed');
}

/**
 * Refuses standard input that is named more than once: it can be read once.
 * @throws Failure `read-twice`
 */
export function refuseSecondInput(paths: readonly string[]): void {
  if (paths.filter(isStandardInput).length < 2) return;
  const problem = 'standard input is named more than once, and can be read once';
  throw new Failure('read-twice', problem, 'give the other input as a file');
}

function bytesAt(path: string): Buffer {
  try {
    return inputBytes(path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unreadable([path], error);
  }
}

/** Writes a file that a person named; throws a `Failure` where that cannot be. */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new Failure('unwritable-file', `cannot write ${path}`, 'give a file that you may write', {
      cause,
    });
  }
}
