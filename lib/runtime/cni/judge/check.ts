import type { PluginVerdict } from '../../../model/plugin-capability';
import type { PluginBench } from './bench';
import { ended, isVerdict, readAdd, refusalProblem, right, stateOf, wrong } from './look';
import type { PluginTrial } from './trial';

/** Kinds of damage that CHECK must find. */
const DAMAGES: readonly {
  readonly what: string;
  readonly lines: readonly (readonly string[])[];
}[] = [
  { what: 'the address is gone', lines: [['addr', 'flush', 'dev', 'eth0', 'scope', 'global']] },
  {
    what: 'the address is another one',
    lines: [
      ['addr', 'flush', 'dev', 'eth0', 'scope', 'global'],
      ['addr', 'add', '192.0.2.77/32', 'dev', 'eth0'],
      // A flush of the address takes the route too; with it, only the address is wrong.
      ['route', 'replace', 'default', 'dev', 'eth0'],
    ],
  },
  { what: 'the default route is gone', lines: [['route', 'del', 'default']] },
  { what: 'the interface is gone', lines: [['link', 'del', 'eth0']] },
  { what: 'the interface is down', lines: [['link', 'set', 'eth0', 'down']] },
];

/** CHECK succeeds on a whole pod, finds each kind of damage, and repairs nothing. */
export const tryCheck: PluginTrial = async (bench) => {
  for (const damage of DAMAGES) {
    const found = tryDamage(bench, damage);
    if (found !== undefined) return found;
  }
  return right(`it finds ${DAMAGES.length} kinds of damage`);
};

function tryDamage(
  bench: PluginBench,
  { what, lines }: (typeof DAMAGES)[number],
): PluginVerdict | undefined {
  const pod = bench.pod();
  const answer = readAdd(bench.call({ command: 'ADD', pod, config: bench.config() }), pod);
  if (isVerdict(answer)) return answer;
  const config = bench.config({ prevResult: answer.raw });
  const whole = bench.call({ command: 'CHECK', pod, config });
  if (whole.code !== 0)
    return wrong(ended('CHECK of a whole pod', whole), 'it must succeed', 'section CHECK');
  for (const line of lines) bench.run('ip', '-n', pod, ...line);
  const damaged = stateOf(bench, pod);
  const problem = refusalProblem(
    `CHECK where ${what}`,
    bench.call({ command: 'CHECK', pod, config }),
  );
  if (problem !== undefined) return problem;
  const after = stateOf(bench, pod);
  return JSON.stringify(after) === JSON.stringify(damaged)
    ? undefined
    : wrong('the pod is repaired after CHECK', 'CHECK reports and changes nothing', 'CHECK');
}
