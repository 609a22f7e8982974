import { readdirSync, readFileSync } from 'node:fs';
import type { Command, Netns } from '../../lib/dataplane/commands/command';
import type { Probe } from '../../lib/dataplane/probe';
import { examine } from '../../lib/runtime/doctor/doctor';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { cluster, podIp, podsOn } from '../packets/runtime/wire';

/** What the local target costs: opening, pods, meshes of real connections, traces, teardown. */
async function main(): Promise<void> {
  await measure('lab doctor', 'target 500', 3, () => time(examine));
  await measure('open an empty sandbox', 'target 250', 7, async () => {
    const start = performance.now();
    const sandbox = await openSandbox({ mode: 'tied' });
    const ms = performance.now() - start;
    await sandbox.close();
    return ms;
  });
  await scale('300 pods', podsOn('node/a', 300), 'target 1500');
  await scale('1,000 pods over 4 nodes', cluster(4, 250), 'target 4000');
  await meshes();
  await growth();
}

async function scale(name: string, plan: readonly Command[], target: string): Promise<void> {
  const teardowns: number[] = [];
  await measure(`${name} up`, target, 3, () =>
    inSandbox(
      (sandbox) => time(() => sandbox.run(plan)),
      (ms) => teardowns.push(ms),
    ),
  );
  say(`${name} down`, `${median(teardowns).toFixed(0)} ms (median of 3, target 500)`);
}

async function meshes(): Promise<void> {
  await inSandbox(async (sandbox) => {
    await sandbox.run(podsOn('node/a', 300));
    await rate(sandbox, 'full mesh of 300 pods, TCP', mesh(300, 'TCP', 80), 'off');
    await rate(sandbox, 'full mesh of 100 pods, TCP', mesh(100, 'TCP', 80), 'off');
    await rate(sandbox, 'full mesh of 100 pods, UDP', mesh(100, 'UDP', 53), 'off');
    await load(
      sandbox,
      'node/a',
      'ct state established accept comment "back"\naccept comment "all"',
    );
    await rate(sandbox, 'the same by TCP, every packet traced', mesh(100, 'TCP', 80), 'on');
    await load(sandbox, 'node/a', 'drop comment "none"');
    await rate(sandbox, 'the same, every flow denied', mesh(100, 'TCP', 80), 'off');
    await rate(sandbox, 'twelve pods, every flow denied', mesh(12, 'TCP', 80), 'off');
  });
}

async function growth(): Promise<void> {
  const state = () => ({
    descriptors: readdirSync('/proc/self/fd').length,
    kernelMb: Number(/Slab:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) / 1024,
  });
  const cycle = () => inSandbox((sandbox) => sandbox.run(podsOn('node/a', 12)));
  await cycle();
  const before = state();
  const ms = await time(async () => {
    for (let i = 0; i < 50; i += 1) await cycle();
  });
  const after = state();
  const growth = `${after.descriptors - before.descriptors} descriptors, ${(after.kernelMb - before.kernelMb).toFixed(1)} MB of kernel memory`;
  say('50 times 12 pods up and down', `${(ms / 50).toFixed(0)} ms each; growth ${growth}`);
}

const mesh = (pods: number, protocol: 'TCP' | 'UDP', port: number): readonly Probe[] =>
  Array.from({ length: pods * pods }, (_, i) => ({
    netns: `pod/${1 + Math.floor(i / pods)}`,
    destination: podIp(1 + (i % pods)),
    protocol,
    port,
  }));

async function rate(
  sandbox: Sandbox,
  name: string,
  probes: readonly Probe[],
  trace: 'off' | 'on',
): Promise<void> {
  const start = performance.now();
  const seen = await sandbox.probe(probes, { timeoutMs: 200, trace });
  const ms = performance.now() - start;
  const connected = seen.filter(({ outcome }) => outcome === 'connected').length;
  const rules = seen.reduce((sum, observation) => sum + observation.trace.length, 0);
  const traced = trace === 'on' ? `, ${rules} rules told` : '';
  const perSecond = Math.round((probes.length / ms) * 1000);
  say(name, `${ms.toFixed(0)} ms, ${perSecond} probes/s, ${connected} connected${traced}`);
}

const load = (sandbox: Sandbox, netns: Netns, rules: string): Promise<void> => {
  const chain = `chain forward {\ntype filter hook forward priority 0; policy accept\n${rules}\n}`;
  const ruleset = `table inet bench\ndelete table inet bench\ntable inet bench {\n${chain}\n}\n`;
  return sandbox.run([{ kind: 'load-ruleset', netns, ruleset }]);
};

async function inSandbox<T>(
  use: (sandbox: Sandbox) => Promise<T>,
  onClosed: (ms: number) => void = () => undefined,
): Promise<T> {
  const sandbox = await openSandbox({ mode: 'tied' });
  const result = await use(sandbox);
  onClosed(await time(() => sandbox.close()));
  return result;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function measure(
  name: string,
  target: string,
  times: number,
  work: () => Promise<number>,
): Promise<void> {
  const results: number[] = [];
  for (let i = 0; i < times; i += 1) results.push(await work());
  say(name, `${median(results).toFixed(0)} ms (median of ${times}, ${target})`);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const say = (name: string, text: string) => console.log(`runtime: ${name}: ${text}`);

void main();
