import type { PluginBench } from './bench';
import {
  ended,
  hostDevices,
  isVerdict,
  readAdd,
  refusalProblem,
  right,
  stateOf,
  wrong,
} from './look';
import type { PluginTrial } from './trial';

/** More than a /29 has. */
const TOO_MANY = 8;

/** DEL takes everything away, succeeds when repeated and without a namespace, and gives the address back. */
export const tryDelete: PluginTrial = async (bench) => {
  const before = hostDevices(bench);
  const pod = bench.pod();
  const config = bench.config();
  const answer = readAdd(bench.call({ command: 'ADD', pod, config }), pod);
  if (isVerdict(answer)) return answer;
  const del = bench.call({ command: 'DEL', pod, config: { ...config, prevResult: answer.raw } });
  if (del.code !== 0) return wrong(ended('DEL', del), 'it must succeed', 'section DEL');
  if (stateOf(bench, pod) !== undefined)
    return wrong('eth0 is still there after DEL', 'delete the pair', `ip -n ${pod} link`);
  for (const [what, call] of [
    ['the second DEL', { command: 'DEL', pod, config }],
    ['DEL without a namespace', { command: 'DEL', pod, netns: '', config }],
    ['DEL of a pod that never was', { command: 'DEL', pod: 'never-was', netns: '', config }],
  ] as const) {
    const again = bench.call(call);
    if (again.code !== 0)
      return wrong(
        ended(what, again),
        'DEL succeeds when there is nothing left to delete: runtimes repeat it',
        'section DEL',
      );
  }
  const turns = giveBack(bench);
  if (turns !== undefined) return turns;
  const left = hostDevices(bench).filter(
    (device) => !before.includes(device) && !/^(br|cni|bridge)/.test(device),
  );
  return left.length === 0
    ? right('everything is gone, and the address is free again')
    : wrong(`the host has ${left.join(', ')} left`, 'the host’s end stays behind', 'ip link');
};

/** A /29 is filled, its end is an error, and after each DEL there is room again; also without a namespace. */
function giveBack(bench: PluginBench) {
  const config = bench.config();
  const pods: string[] = [];
  let full = false;
  while (!full && pods.length < TOO_MANY) {
    const pod = bench.pod();
    const end = bench.call({ command: 'ADD', pod, config });
    full = end.code !== 0;
    if (!full) pods.push(pod);
    else {
      const problem = refusalProblem('ADD in a full subnet', end);
      if (problem !== undefined) return problem;
    }
  }
  if (!full)
    return wrong(`${pods.length} pods got an address of a /29`, 'it has six', 'key subnet');
  const [one = '', two = ''] = pods;
  bench.call({ command: 'DEL', pod: one, config });
  bench.crash(two);
  bench.call({ command: 'DEL', pod: two, netns: '', config });
  for (const what of ['DEL', 'DEL without a namespace']) {
    const pod = bench.pod();
    const end = bench.call({ command: 'ADD', pod, config });
    if (end.code !== 0)
      return wrong(ended(`ADD after ${what}`, end), `${what} did not free the address`, 'dataDir');
    pods.push(pod);
  }
  for (const pod of pods) bench.call({ command: 'DEL', pod, config });
  return undefined;
}
