import { type LabData, snapshotOf } from './book-data';
import type { BookSnapshot, OpenedFiles } from './engine/types';
import { askEngine } from './engine-client';

/** Worlds that the engine was given, by key. */
const opened = new Map<string, Promise<OpenedFiles>>();

/** Gives the engine the files of a stage once, and answers their key. */
export async function openStage(data: LabData, stage: string): Promise<string> {
  const key = `${data.lab.id} ${stage}`;
  await openOnce(key, () => snapshotOf(data, stage));
  return key;
}

/** Gives the engine files once a key. */
export function openOnce(key: string, snapshot: () => BookSnapshot): Promise<OpenedFiles> {
  const known = opened.get(key);
  if (known !== undefined) return known;
  const asked = askEngine('open', { key, snapshot: snapshot() });
  opened.set(key, asked);
  return asked;
}

/** Gives the engine files under a key, whatever it had there. */
export function openAgain(key: string, snapshot: BookSnapshot): Promise<OpenedFiles> {
  opened.delete(key);
  return openOnce(key, () => snapshot);
}
