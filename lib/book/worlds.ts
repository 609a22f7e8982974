import { type LabData, snapshotOf } from './book-data';
import type { BookSnapshot, OpenedFiles } from './engine/types';
import { askEngine } from './engine-client';
import { look, upLab } from './live';

/** Worlds that the engine was given, by key. */
const opened = new Map<string, Promise<OpenedFiles>>();

/** Gives the engine the files of a stage once, and answers their key. */
export async function openStage(data: LabData, stage: string): Promise<string> {
  const key = `${data.lab.id} ${stage}`;
  await openOnce(key, async () => snapshotOf(data, stage));
  return key;
}

/** Names of the files that a learner has applied on top of a stage that is up here. */
export function appliedOn({ lab }: LabData, stage: string): readonly string[] {
  const up = upLab(lab.id);
  return up?.stage === stage ? up.applied : [];
}

/** The key of a stage as it stands: where it is up and files were applied on top, with those. */
export function standKey({ lab }: LabData, stage: string): string {
  const up = upLab(lab.id);
  const applied = up?.stage === stage ? up.appliedAs : '';
  return applied === '' ? `${lab.id} ${stage}` : `${lab.id} ${stage} with ${applied}`;
}

/** Gives the engine the files of a stage as it stands once, and answers their key. */
export async function openStand(data: LabData, stage: string): Promise<string> {
  const key = standKey(data, stage);
  if (appliedOn(data, stage).length === 0) return openStage(data, stage);
  await openOnce(key, async () => {
    const { inForce } = await look(data.lab.id, 'objects', { stage });
    return { ...snapshotOf(data, stage), ...inForce };
  });
  return key;
}

/** Gives the engine files once a key; where they could not be had, the next call tries again. */
export function openOnce(key: string, snapshot: () => Promise<BookSnapshot>): Promise<OpenedFiles> {
  const known = opened.get(key);
  if (known !== undefined) return known;
  const asked = snapshot().then((files) => askEngine('open', { key, snapshot: files }));
  opened.set(key, asked);
  asked.catch(() => opened.delete(key));
  return asked;
}

/** Gives the engine files under a key, whatever it had there. */
export function openAgain(key: string, snapshot: BookSnapshot): Promise<OpenedFiles> {
  opened.delete(key);
  return openOnce(key, async () => snapshot);
}
