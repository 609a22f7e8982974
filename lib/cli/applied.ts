import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SourceFile } from '../model/problem';
import { readSource } from './files';
import { stateFolder } from './state';

const folderOf = (lab: string): string => join(stateFolder(), 'applied', lab);

/** What the learner applied to a running lab, in the order of the files' names. */
export function appliedFiles(lab: string): readonly SourceFile[] {
  return namesIn(folderOf(lab)).map((name) => readSource(join(folderOf(lab), name)));
}

/** Keeps a manifest as applied; a file of the same name replaces the one before. */
export function keepApplied(lab: string, file: SourceFile): void {
  mkdirSync(folderOf(lab), { recursive: true, mode: 0o700 });
  writeFileSync(join(folderOf(lab), basename(file.path)), file.text);
}

/** Takes back one applied file, or all of them. */
export function dropApplied(lab: string, name?: string): void {
  const path = name === undefined ? folderOf(lab) : join(folderOf(lab), basename(name));
  rmSync(path, { recursive: true, force: true });
}

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
};
