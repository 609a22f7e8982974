import { uniqueBy } from '../model/unique';
import { isGone } from './refusals';

/** Every item of every page. */
export async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

/** What any of the filters finds, each thing once: EC2 itself only knows AND between filters. */
export async function either<Filters, Item extends { readonly id: string }>(
  filters: readonly Filters[],
  search: (filters: Filters) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const found = await Promise.all(filters.map(search));
  return uniqueBy(found.flat(), (item) => item.id);
}

/** The answer, or nothing where the thing asked about is gone: lists may be a moment old. */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** A list in parts of at most `size`. */
export const chunks = <T>(items: readonly T[], size: number): readonly T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
