import { planStage, planWorld } from '../../lib/dataplane/plan';
import { probeOf } from '../../lib/dataplane/probes';
import { ip, offsetIp } from '../../lib/model/address';
import type { Flow } from '../../lib/model/flow';
import type { World } from '../../lib/model/world';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { node, pod, pods, policy, rule, to, world } from '../build/model';

const NODES = 2;
const PODS = 300;
const POLICIES = 1000;
const GROUPS = 100;
const ROUNDS = 5;

/**
 * What policies cost: a thousand compiled and loaded (target: 0.5 s, and a mesh of connections not
 * 20 % slower than without any), and switched for others.
 */
async function main(): Promise<void> {
  const sandbox = await openSandbox({ mode: 'tied' });
  try {
    const open = bare();
    const first = withPolicies(open, 0);
    const second = withPolicies(open, 1);
    await sandbox.run(planWorld(open));
    const flows = mesh(open);
    const compile = await measure(async () => void planStage(open, first));
    const load = await measure(
      async () => sandbox.run(planStage(open, first)),
      async () => sandbox.run(planStage(first, open)),
    );
    await sandbox.run(planStage(open, first));
    const change = await measure(
      async () => sandbox.run(planStage(first, second)),
      async () => sandbox.run(planStage(second, first)),
    );
    const [without, under] = await compare(sandbox, { open, first, flows });

    console.log(`dataplane: ${POLICIES} policies over ${PODS} pods on ${NODES} nodes`);
    console.log(`dataplane: compiled, median ${compile.toFixed(0)} ms`);
    console.log(`dataplane: compiled and loaded, median ${load.toFixed(0)} ms (target 500 ms)`);
    console.log(`dataplane: replaced by others, median ${change.toFixed(0)} ms`);
    console.log(
      `dataplane: ${flows.length} connections ${without.toFixed(0)} ms without, ${under.toFixed(0)} ms under policies: ratio ${(under / without).toFixed(2)} (target 1.20)`,
    );
  } finally {
    await sandbox.close();
  }
}

const bare = (): World =>
  world({
    nodes: Array.from({ length: NODES }, (_, i) => node(`n${i}`, `10.0.0.${10 + i}`)),
    pods: Array.from({ length: PODS }, (_, i) =>
      pod(`shop/web-${i}`, `n${i % NODES}`, offsetIp(ip('10.1.0.0'), i + 1), {
        labels: { app: `group-${i % GROUPS}` },
      }),
    ),
  });

/** Every policy admits everybody to its group: what is measured is looking, not waiting. */
const withPolicies = (ground: World, edition: number): World => ({
  ...ground,
  policies: Array.from({ length: POLICIES }, (_, i) => {
    const groups = [0, 1, 2, 3].map((n) =>
      pods('shop', `group-${(i + n * (7 + edition)) % GROUPS}`),
    );
    const last = i >= POLICIES - GROUPS;
    return policy(`shop/policy-${String(i).padStart(4, '0')}`, {
      subject: pods('shop', `group-${i % GROUPS}`).selector,
      ingress: [
        rule({ source: last ? 'any' : groups, traffic: [to('TCP', last ? 80 : 8000 + i)] }),
      ],
    });
  }),
});

function mesh({ pods: all }: World): readonly Flow[] {
  const some = all.slice(0, 120);
  const end = ({ namespace, name }: (typeof all)[number]) =>
    ({ kind: 'pod', namespace, name }) as const;
  return some.flatMap((from) =>
    some
      .filter((other) => other !== from)
      .map((other): Flow => ({ from: end(from), to: end(other), protocol: 'TCP', port: 80 })),
  );
}

async function probe(sandbox: Sandbox, in_: World, flows: readonly Flow[]): Promise<void> {
  const probes = flows.map((flow) => probeOf(in_, flow));
  const observed = await sandbox.probe(probes, { timeoutMs: 1000, trace: 'off' });
  const lost = observed.filter(({ outcome }) => outcome !== 'connected').length;
  if (lost > 0) throw new Error(`${lost} of ${flows.length} connections were lost`);
}

/** Medians without and with, taken in turn: what else runs on the machine slows both. */
async function compare(
  sandbox: Sandbox,
  { open, first, flows }: { open: World; first: World; flows: readonly Flow[] },
): Promise<readonly [number, number]> {
  const times: Record<'open' | 'first', number[]> = { open: [], first: [] };
  for (let round = 0; round < ROUNDS; round++) {
    await sandbox.run(planStage(first, open));
    times.open.push(await timed(() => probe(sandbox, open, flows)));
    await sandbox.run(planStage(open, first));
    times.first.push(await timed(() => probe(sandbox, first, flows)));
  }
  return [median(times.open), median(times.first)];
}

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Median of a few runs, in milliseconds; `undo` is not measured. */
async function measure(
  run: () => Promise<void>,
  undo: () => Promise<void> = async () => {},
): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await timed(run));
    await undo();
  }
  return median(times);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
