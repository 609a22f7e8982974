/** Calls under way at once: enough to be quick, few enough not to be throttled at once by EC2. */
const LANES = 8;

/** Runs a task for every item, a few at a time; the first error ends it. */
export async function inParallel<T, R>(
  items: readonly T[],
  task: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results.set(index, await task(item));
  };
  await Promise.all(Array.from({ length: Math.min(LANES, items.length) }, lane));
  return items.flatMap((_, index) => (results.has(index) ? [results.get(index) as R] : []));
}
