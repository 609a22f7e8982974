/** Calls under way at once: enough to be quick, few enough not to be throttled at once by EC2. */
const LANES = 8;

/** Runs a task for every item, a few at a time; after the first error no other is begun. */
export async function inParallel<T, R>(
  items: readonly T[],
  task: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results.set(index, await task(item));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, items.length) }, lane));
  return items.flatMap((_, index) => (results.has(index) ? [results.get(index) as R] : []));
}
