import fc from 'fast-check';
import type { Explanation } from '../../lib/model/explanation';
import type { Flow, FlowEnd } from '../../lib/model/flow';
import type { World } from '../../lib/model/world';
import { createEngine, type Engine } from '../../lib/reach/engine';
import { answerLine, predictedAnswer } from '../../lib/report/answer';
import { createAnswerWriter } from '../../lib/report/answer-text';
import { namespace, networkPolicy, pod } from '../build/manifests';
import { vpcWorld } from '../build/production-vpc';
import { EVERY_KIND, randomCluster } from '../build/random-cluster';
import { worldOf } from '../build/world-of';

const engineOf = (world: World) => createEngine(world, { staged: 'as-enforced' });

/** Every end of a world, an address of each pod among them, to every other on ports of each kind. */
function everyFlow(world: World): readonly Flow[] {
  const pods = world.pods.map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name }));
  const nodes = world.nodes.map(({ name }): FlowEnd => ({ kind: 'node', name }));
  const addresses = world.pods.flatMap(({ addresses: own }) =>
    own.map((address): FlowEnd => ({ kind: 'ip', address })),
  );
  const services = world.services.map(
    ({ namespace, name }): FlowEnd => ({ kind: 'service', namespace, name }),
  );
  const callers: readonly FlowEnd[] = [...pods, ...nodes, ...addresses, { kind: 'internet' }];
  const aims = [
    { protocol: 'TCP', port: 80 },
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 'web' },
    { protocol: 'ICMP', port: undefined },
    { protocol: 'ICMP', port: undefined, icmp: { type: 13, code: 0 } },
  ] as const;
  return callers.flatMap((from) =>
    [...callers, ...services].flatMap((to) => aims.map((aim): Flow => ({ from, to, ...aim }))),
  );
}

const text = (all: Iterable<Explanation>): readonly string[] =>
  [...all].map((one) => JSON.stringify(one));

const untraced = (one: Explanation): Explanation => ({
  ...one,
  trace: { forward: [], return: [] },
});

/** What answers were read from; any will do. */
const READ = { files: 1, objects: 2, templates: 0, skipped: 0, notModelled: 0, leftOut: 0 };

/** The lines that `predict` prints are the answers as JSON, whether they share their words or not. */
function expectLines(engine: Engine, flows: readonly Flow[]): void {
  const named = flows.map((flow, i) => (i % 3 === 0 ? { ...flow, id: `"${i}"` } : flow));
  const line = answerLine(READ);
  for (const trace of [true, false]) {
    const write = createAnswerWriter(READ, trace);
    const expected = named.map((flow) => {
      const { trace: hops, ...bare } = predictedAnswer(engine.explain(flow));
      return line(trace ? { ...bare, trace: hops } : bare);
    });
    expect([...engine.wordAll(named, { trace })].map(write)).toEqual(expected);
  }
}

test('many flows are explained letter for letter as each by itself', () => {
  fc.assert(
    fc.property(randomCluster(EVERY_KIND), ({ objects, policies }) => {
      const world = worldOf([...objects, ...policies]);
      const engine = engineOf(world);
      const flows = everyFlow(world);
      const each = flows.map(engine.explain);
      expect(text(engine.explainAll(flows))).toEqual(text(each));
      expect(text(engine.explainAll(flows, { trace: false }))).toEqual(text(each.map(untraced)));
      expectLines(engine, flows);
    }),
    { numRuns: 12 },
  );
});

test('the same in a VPC', () => {
  const world = vpcWorld();
  const engine = engineOf(world);
  const flows = everyFlow(world);
  expect(flows.length).toBeGreaterThan(100);
  expect(text(engine.explainAll(flows))).toEqual(text(flows.map(engine.explain)));
});

/** More pods than one index holds, each with a policy of its own in its own namespace. */
test('the same where the ends need several indexes', () => {
  const count = 2600;
  const world = worldOf([
    namespace('n'),
    ...Array.from({ length: count }, (_, i) => pod(`n/p${i}`, { labels: { pod: `p${i}` } })),
    ...Array.from({ length: 5 }, (_, i) =>
      networkPolicy(`n/own-${i}`, {
        podSelector: { matchLabels: { pod: `p${i * 500}` } },
        ingress: [{ from: [{ podSelector: { matchLabels: { pod: `p${i * 500 + 1}` } } }] }],
      }),
    ),
  ]);
  const end = (i: number): FlowEnd => ({ kind: 'pod', namespace: 'n', name: `p${i % count}` });
  const flows = Array.from(
    { length: 3 * count },
    (_, i): Flow => ({ from: end(i * 7 + 1), to: end(i * 500), protocol: 'TCP', port: 80 }),
  );
  const engine = engineOf(world);
  expect(text(engine.explainAll(flows))).toEqual(text(flows.map(engine.explain)));
  expectLines(engine, flows);
});
