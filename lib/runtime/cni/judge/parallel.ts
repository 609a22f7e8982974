import { ended, isVerdict, readAdd, right, wrong } from './look';
import type { PluginTrial } from './trial';

const PODS = 20;

/** Twenty ADDs at the same moment: each succeeds, and no address is given twice. */
export const tryParallel: PluginTrial = async (bench) => {
  const config = bench.config();
  const pods = Array.from({ length: PODS }, () => bench.pod());
  const ends = await bench.callAll(pods.map((pod) => ({ command: 'ADD', pod, config })));
  const addresses: string[] = [];
  for (const [i, end] of ends.entries()) {
    const answer = readAdd(end, pods[i] ?? '');
    if (isVerdict(answer))
      return end.code === 0
        ? answer
        : wrong(ended('one of twenty ADDs', end), 'each must succeed', 'wait for a lock: flock(1)');
    addresses.push(answer.address);
  }
  const distinct = new Set(addresses).size;
  return distinct === PODS
    ? right(`${PODS} pods at once, ${distinct} addresses`)
    : wrong(
        `${PODS} pods at once got ${distinct} addresses`,
        'two calls read the same list before either wrote it',
        'hold a lock from reading to writing: flock(1)',
      );
};
