import { Failure } from '../model/problem';
import { typeOf } from './headers';

/** Bytes of a file of the app by its path from the site's folder; `undefined` where there is none. */
export type SiteFiles = (path: string) => Promise<Uint8Array | undefined>;

/** A file as it is served. */
export interface ServedFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A path of the site: names between slashes, none of which begins with a dot. */
const PATH = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/**
 * The file that an address names. The page learns from its own text that it is live.
 * @throws Failure `no-file`
 */
export async function servedFile(address: string, files: SiteFiles): Promise<ServedFile> {
  const path = address === '/' ? 'index.html' : address.slice(1);
  const bytes = PATH.test(path) ? await files(path) : undefined;
  if (bytes === undefined) throw new Failure('no-file', `there is no file ${address}`, 'open /');
  return { type: typeOf(path), bytes: path === 'index.html' ? asLive(bytes) : bytes };
}

const PUBLISHED = '<meta name="lab-book" content="published">';
const LIVE = '<meta name="lab-book" content="live">';

function asLive(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  if (!text.includes(PUBLISHED)) throw new Error('index.html does not say that it is published');
  return new TextEncoder().encode(text.replace(PUBLISHED, LIVE));
}
