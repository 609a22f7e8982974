/** What a browser tells of its memory, in bytes; Chromium alone does. */
interface MeasuredMemory {
  readonly memory?: { readonly jsHeapSizeLimit?: number };
}

/**
 * In place of `node:v8` in the page (`lib/site/bundle.ts`). A browser that does not tell its limit is taken to have
 * 2 GiB, what a tab has at least in 64-bit browsers.
 */
export const getHeapStatistics = (): { readonly heap_size_limit: number } => ({
  heap_size_limit: (performance as MeasuredMemory).memory?.jsHeapSizeLimit ?? 2 ** 31,
});
