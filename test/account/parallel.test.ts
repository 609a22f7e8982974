import { inParallel } from '../../lib/account/parallel';

const later = () => new Promise((resolve) => setImmediate(resolve));

test('answers are in the order of the items, and at most eight are under way', async () => {
  let running = 0;
  let most = 0;
  const items = Array.from({ length: 30 }, (_, i) => i);
  const answers = await inParallel(items, async (item) => {
    most = Math.max(most, ++running);
    await later();
    running -= 1;
    return item * 2;
  });
  expect(answers).toEqual(items.map((item) => item * 2));
  expect(most).toBe(8);
});

test('after an error nothing else is begun', async () => {
  const begun: number[] = [];
  const items = Array.from({ length: 100 }, (_, i) => i);
  const task = async (item: number) => {
    begun.push(item);
    await later();
    if (item === 3) throw new Error('no');
  };
  await expect(inParallel(items, task)).rejects.toThrow('no');
  await later();
  await later();
  expect(begun.length).toBeLessThanOrEqual(16);
});
