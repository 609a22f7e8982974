import { signal } from '@preact/signals';
import type { BookCatalogue, LabData, SearchWords } from './book-data';
import { loadScript } from './scripts';

/** Loads the data of one lab: a script, because a page from a folder may not fetch. */
export async function loadLab(id: string): Promise<LabData> {
  await loadScript(`data/${id}.js`);
  const found = given().labs[id];
  if (found === undefined) throw new Error(`data/${id}.js does not hold the lab ${id}`);
  return found;
}

export const catalogue = (): BookCatalogue => {
  const found = given().catalogue;
  if (found === undefined) throw new Error('catalogue.js was not loaded');
  return found;
};

/** Tasks and questions of the labs; empty until `loadSearch` has loaded them. */
export const searchWords = signal<SearchWords>({});

/** Loads what a search looks in beside the cards, once it is needed. */
export async function loadSearch(): Promise<void> {
  await loadScript('search.js');
  searchWords.value = given().search ?? {};
}

/** What the scripts of data have left. */
interface GivenData {
  catalogue?: BookCatalogue;
  search?: SearchWords;
  readonly labs: Record<string, LabData>;
}

const given = (): GivenData => {
  const scope = globalThis as { labBookData?: GivenData };
  scope.labBookData ??= { labs: {} };
  return scope.labBookData;
};
