import { signal } from '@preact/signals';
import type { SourceFile } from '../model/problem';
import type { BookSnapshot } from './engine/types';

/** How a file is read. */
export type OwnFileUse = 'manifest' | 'template' | 'records' | 'before';

/** A file that a person gave; it stays in this browser. */
export interface OwnFile extends SourceFile {
  readonly use: OwnFileUse;
}

/** The files that were given, in the order they came. */
export const ownFiles = signal<readonly OwnFile[]>([]);

/** Counts changes of the files: what was judged before is asked again. */
export const ownVersion = signal(0);

export function setOwnFiles(files: readonly OwnFile[]): void {
  ownFiles.value = files;
  ownVersion.value += 1;
}

/** Adds files; one of the same name and use takes the place of the former. */
export function addOwnFiles(files: readonly OwnFile[]): void {
  const key = ({ path, use }: OwnFile): string => `${use} ${path}`;
  const added = new Set(files.map(key));
  setOwnFiles([...ownFiles.value.filter((file) => !added.has(key(file))), ...files]);
}

/** What a file looks like; a person can say that it is something else. */
export function guessUse({ text }: SourceFile): OwnFileUse {
  const head = text.slice(0, 20_000);
  if (/AWSTemplateFormatVersion/.test(head) || /["']?Type["']?\s*:\s*["']?AWS::/.test(head))
    return 'template';
  if (
    /^\s*\{"?/.test(head) &&
    /"(source_name|src|verdict|from)"/.test(head) &&
    !/"kind"/.test(head)
  )
    return 'records';
  if (/^version account-id /.test(head) || /^\d+ \d{12} eni-/m.test(head)) return 'records';
  return 'manifest';
}

const filesOf = (use: OwnFileUse): readonly SourceFile[] =>
  ownFiles.value.filter((file) => file.use === use).map(({ path, text }) => ({ path, text }));

/** What is judged: manifests and templates; addresses that they do not give are not known. */
export const ownSnapshot = (): BookSnapshot => ({
  manifests: filesOf('manifest'),
  templates: filesOf('template'),
  addresses: 'unknown',
});

/** The version that is compared with, around the same templates. */
export const beforeSnapshot = (): BookSnapshot => ({
  manifests: filesOf('before'),
  templates: filesOf('template'),
  addresses: 'unknown',
});

export const ownRecords = (): readonly SourceFile[] => filesOf('records');

/** The whole state as a text, which another person drops on the same page. */
export const stateText = (): string =>
  JSON.stringify({ labBook: 1, files: ownFiles.value }, undefined, 1);

/** Reads what `stateText` wrote; `undefined` where it is something else. */
export function readState(text: string): readonly OwnFile[] | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('labBook' in value)) return undefined;
    const files: unknown = 'files' in value ? value.files : undefined;
    return Array.isArray(files) && files.every(isOwnFile) ? files : undefined;
  } catch {
    return undefined;
  }
}

const USES: readonly OwnFileUse[] = ['manifest', 'template', 'records', 'before'];

const isOwnFile = (value: unknown): value is OwnFile =>
  typeof value === 'object' &&
  value !== null &&
  'path' in value &&
  typeof value.path === 'string' &&
  'text' in value &&
  typeof value.text === 'string' &&
  'use' in value &&
  USES.some((use) => use === value.use);
