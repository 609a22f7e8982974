import { ended, isVerdict, reaches, readAdd, right, wrong } from './look';
import type { PluginTrial } from './trial';

const TOO_MANY = 8;

/** GC frees what is not among the valid attachments, and leaves the valid ones as they are. */
export const tryCollect: PluginTrial = async (bench) => {
  const config = bench.config();
  const pods: { readonly pod: string; readonly address: string }[] = [];
  for (let full = false; !full && pods.length < TOO_MANY; ) {
    const pod = bench.pod();
    const end = bench.call({ command: 'ADD', pod, config });
    full = end.code !== 0;
    if (full) break;
    const answer = readAdd(end, pod);
    if (isVerdict(answer)) return answer;
    pods.push({ pod, address: answer.address.split('/')[0] ?? '' });
  }
  const [kept, ...crashed] = pods;
  if (kept === undefined || crashed.length === 0)
    return wrong('ADD failed', 'GC is tried after some ADDs', 'lab check add');
  for (const { pod } of crashed) bench.crash(pod);
  const valid = [{ containerID: kept.pod, ifname: 'eth0' }];
  const collected = bench.call({
    command: 'GC',
    config: bench.config({ 'cni.dev/valid-attachments': valid, 'cni.dev/attachments': valid }),
  });
  if (collected.code !== 0) return wrong(ended('GC', collected), 'it must succeed', 'section GC');
  if (!reaches(bench, undefined, kept.address))
    return wrong('the valid pod is not reached after GC', 'GC leaves valid ones alone', 'GC');
  const taken = new Set([kept.address]);
  for (const _ of crashed) {
    const pod = bench.pod();
    const end = bench.call({ command: 'ADD', pod, config });
    const answer = end.code === 0 ? readAdd(end, pod) : undefined;
    if (answer === undefined || isVerdict(answer))
      return wrong(
        ended('ADD after GC', end),
        'addresses of crashed pods are still taken',
        'key cni.dev/valid-attachments',
      );
    taken.add(answer.address.split('/')[0] ?? '');
  }
  return taken.size === crashed.length + 1
    ? right(`${crashed.length} addresses were free again, the valid one stayed`)
    : wrong('an address of a valid pod was given again', 'GC freed too much', 'GC');
};
