import fc from 'fast-check';
import { planStage, planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { type Flow, type FlowEnd, formatEnd } from '../../../lib/model/flow';
import { verdictOf } from '../../../lib/model/observation';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets } from '../kernel';
import { randomWorld } from './random-worlds';
import { inUniverse, probeIn } from './universe';

const SEED = Number(process.env.LAB_SEED ?? 20261121);
const WORLDS = Number(process.env.LAB_WORLDS ?? 32);
const SIDE_BY_SIDE = 16;

/** Every pair of ends, by every protocol, at ports that somebody names and ports that nobody does. */
function flowsOf(world: World): readonly Flow[] {
  const pods = world.pods.map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name }));
  const outside = world.outside.flatMap(({ addresses }) =>
    addresses.map((address): FlowEnd => ({ kind: 'ip', address })),
  );
  const nodes = world.nodes.map(({ name }): FlowEnd => ({ kind: 'node', name }));
  const services = world.services.map(
    ({ namespace, name }): FlowEnd => ({ kind: 'service', namespace, name }),
  );
  const senders = [...pods, ...outside, ...nodes];
  // Untracked policies see a node's call to a Service before its translation; the engine, after.
  const untracked = world.policies.some(({ hook }) => hook === 'untracked');
  const ask = (from: FlowEnd, to: FlowEnd): readonly Flow[] =>
    to.kind === 'service'
      ? [{ from, to, protocol: 'TCP', port: 8000 }]
      : [
          { from, to, protocol: 'TCP', port: 80 },
          { from, to, protocol: 'TCP', port: 81 },
          { from, to, protocol: 'UDP', port: 53 },
          { from, to, protocol: 'ICMP', port: undefined },
        ];
  return senders.flatMap((from) =>
    [...pods, ...outside, ...(from.kind === 'ip' ? [] : [...nodes, ...services])]
      .filter((to) => formatEnd(to) !== formatEnd(from))
      .filter((to) => !(untracked && to.kind === 'service' && isNode(world, from)))
      .flatMap((to) => ask(from, to)),
  );
}

/** A node, or a pod that is one as far as packets go. */
const isNode = (world: World, end: FlowEnd): boolean =>
  end.kind === 'node' ||
  (end.kind === 'pod' && world.pods.some((pod) => pod.hostNetwork && pod.name === end.name));

describePackets('whatever policies say, engine and packets agree', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
  });
  afterAll(() => sandbox.close());

  test(`${WORLDS} clusters of seed ${SEED}`, async () => {
    const worlds = fc.sample(randomWorld, { seed: SEED, numRuns: WORLDS });
    const standing = new Map<string, World>();
    const differences: string[] = [];
    const verdicts = new Map<string, number>();
    for (let start = 0; start < worlds.length; start += SIDE_BY_SIDE) {
      const batch = worlds.slice(start, start + SIDE_BY_SIDE);
      const asked = await Promise.all(
        batch.map(async (world, i) => {
          const universe = `u${i}`;
          const before = standing.get(universe);
          // Every other universe shows what promoting its staged policies would do.
          const options = { staged: i % 2 === 0 ? 'as-written' : 'as-enforced' } as const;
          const plan =
            before === undefined ? planWorld(world, options) : planStage(before, world, options);
          await sandbox.run(inUniverse(universe, plan));
          standing.set(universe, world);
          const engine = createEngine(world, options);
          return flowsOf(world).map((flow) => {
            const { verdict, by } = engine.explain(flow);
            const probe = probeIn(universe, probeOf(world, flow));
            return { number: start + i, flow, verdict, by, probe };
          });
        }),
      );
      const all = asked.flat();
      const observed = await sandbox.probe(
        all.map(({ probe }) => probe),
        { timeoutMs: 300, trace: 'off' },
      );
      all.forEach(({ number, flow, verdict, by }, i) => {
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
        const outcome = observed[i]?.outcome ?? 'unsupported';
        if (verdictOf(outcome) === verdict || verdict === 'unknown') return;
        const ends = `${formatEnd(flow.from)} -> ${formatEnd(flow.to)}`;
        const words = by.map(({ object, rule, direction }) => `${direction} ${object} ${rule}`);
        differences.push(
          `world ${number}: ${ends} ${flow.protocol}/${flow.port}: ${verdict} (${words.join('; ')}), observed ${outcome}`,
        );
      });
    }
    expect(differences).toEqual([]);
    // A sample in which everything passes, or nothing does, would prove little.
    expect(verdicts.get('allowed')).toBeGreaterThan(500);
    expect(verdicts.get('denied')).toBeGreaterThan(500);
  }, 120_000);
});
