import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { labs } from '../../labs';
import { bundleBook, bytesOf, type SiteOutput } from './bundle';
import { catalogueData, labData, searchData } from './data';
import { ICON_SVG, INDEX_HTML } from './page';

/** Every file of the lab book, as `lab book --out` writes them and the live server serves them. */
export async function buildSite(): Promise<readonly SiteOutput[]> {
  const scripts = bundleBook();
  const data = [...TEXTS].map(([path, text]) => ({ path, bytes: bytesOf(text()) }));
  return [...(await scripts), ...data];
}

/** The files that are not bundled, by path: what makes each of them. */
const TEXTS: ReadonlyMap<string, () => string> = new Map<string, () => string>([
  ['index.html', () => INDEX_HTML],
  ['icon.svg', () => ICON_SVG],
  ['catalogue.js', () => script('catalogue', catalogueData())],
  ['search.js', () => script('search', searchData())],
  ...labs.map((lab): [string, () => string] => [
    `data/${lab.id}.js`,
    () => script(`labs[${JSON.stringify(lab.id)}]`, labData(lab)),
  ]),
]);

/**
 * The same files, each made when it is first asked for; `undefined` for any other path.
 * Scripts are bundled at once, since each page needs them.
 */
export function openSite(): (path: string) => Promise<Uint8Array | undefined> {
  const scripts = bundleBook();
  scripts.catch(() => undefined);
  const made = new Map<string, Uint8Array>();
  return async (path) => {
    const text = TEXTS.get(path);
    if (text === undefined) return (await scripts).find((file) => file.path === path)?.bytes;
    const bytes = made.get(path) ?? bytesOf(text());
    made.set(path, bytes);
    return bytes;
  };
}

/** Writes the site into a folder, which is made where it is missing; other files of it stay. */
export async function writeSite(folder: string): Promise<readonly SiteOutput[]> {
  const files = await buildSite();
  for (const { path, bytes } of files) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes);
  }
  return files;
}

/** A value as a script: a page from a folder may not fetch JSON. */
const script = (name: string, value: unknown): string =>
  `(globalThis.labBookData??={labs:{}}).${name}=${JSON.stringify(value)};\n`;
