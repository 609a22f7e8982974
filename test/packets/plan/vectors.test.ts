import { readFileSync } from 'node:fs';
import { planStage, planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import type { Flow } from '../../../lib/model/flow';
import { verdictOf } from '../../../lib/model/observation';
import type { World } from '../../../lib/model/world';
import { readWorld } from '../../../lib/read/world';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describeUnless, foreignVectors, lacksVectors } from '../../skip';
import { describePackets } from '../kernel';
import { inUniverse, probeIn } from './universe';

const VECTORS = 'networkpolicy.json';
const file = foreignVectors(VECTORS);

interface Step {
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly pods: readonly {
    readonly name: string;
    readonly ns: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly ip: string;
  }[];
  readonly policies: readonly object[] | null;
  readonly expect: Readonly<Record<string, readonly string[]>>;
}

interface Case {
  readonly id: number;
  readonly description: string;
  readonly steps: readonly Step[];
}

const PORTS = (['TCP', 'UDP', 'SCTP'] as const).flatMap((protocol) =>
  [80, 81].map((port) => ({
    name: `serve-${port}-${protocol.toLowerCase()}`,
    protocol,
    containerPort: port,
  })),
);

function worldOf(step: Step): World {
  const objects = [
    ...['a', 'b'].map((name, i) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      status: { addresses: [{ type: 'InternalIP', address: `10.0.0.${i + 10}` }] },
    })),
    ...Object.entries(step.namespaces).map(([name, labels]) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    })),
    ...step.pods.map((pod, i) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod.name, namespace: pod.ns, labels: pod.labels },
      spec: { nodeName: i % 2 ? 'a' : 'b', containers: [{ name: 'main', ports: PORTS }] },
      status: { podIP: pod.ip },
    })),
    // Some come as Go clients send them: without the kind that the URL says.
    ...(step.policies ?? []).map((policy) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      ...policy,
    })),
  ];
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const reading = readWorld({ manifests: [{ path: 'vector.yaml', text }] });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 1));
  return reading.value;
}

interface Asked {
  readonly flow: Flow;
  readonly verdict: 'allowed' | 'denied';
}

/** Every pair of different pods, by TCP and UDP, with what the vector expects of it. */
function questions(step: Step): readonly Asked[] {
  const end = ({ ns, name }: Step['pods'][number]) =>
    ({ kind: 'pod', namespace: ns, name }) as const;
  return (['TCP', 'UDP'] as const).flatMap((protocol) =>
    [80, 81].flatMap((port) =>
      (step.expect[`${protocol}/${port}`] ?? []).flatMap((row, i) =>
        [...row].flatMap((cell, j): Asked[] => {
          const [from, to] = [step.pods[i], step.pods[j]];
          if (from === undefined || to === undefined || i === j) return [];
          const flow: Flow = { from: end(from), to: end(to), protocol, port };
          return [{ flow, verdict: cell === '.' ? 'allowed' : 'denied' }];
        }),
      ),
    ),
  );
}

/** Cases tried at a time: as many as share one wait for silence. */
const SIDE_BY_SIDE = 32;

const lacking = lacksVectors(VECTORS);
const judged = lacking === undefined ? describePackets : describeUnless(lacking);

judged('NetworkPolicy as others decided it, by real packets', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
  });
  afterAll(() => sandbox.close());

  test('every step of every case, TCP and UDP: no difference', async () => {
    const cases: readonly Case[] = JSON.parse(readFileSync(file, 'utf8'));
    const steps = cases.flatMap(({ id, description, steps: all }) =>
      all.map((step, i) => ({ title: `${id}.${i} ${description}`, step, world: worldOf(step) })),
    );
    const standing = new Map<string, World>();
    const differences: string[] = [];
    let asked = 0;
    for (let start = 0; start < steps.length; start += SIDE_BY_SIDE) {
      const batch = steps
        .slice(start, start + SIDE_BY_SIDE)
        .map((one, i) => ({ ...one, universe: `u${i}`, questions: questions(one.step) }));
      for (const { universe, world } of batch) {
        const before = standing.get(universe);
        const plan = before === undefined ? planWorld(world) : planStage(before, world);
        await sandbox.run(inUniverse(universe, plan));
        standing.set(universe, world);
      }
      const all = batch.flatMap((one) => one.questions.map((question) => ({ ...one, question })));
      const probes = all.map(({ universe, world, question }) =>
        probeIn(universe, probeOf(world, question.flow)),
      );
      const observed = await sandbox.probe(probes, { timeoutMs: 300, trace: 'off' });
      asked += all.length;
      all.forEach(({ title, question }, i) => {
        const { outcome } = observed[i] ?? { outcome: 'unsupported' as const };
        if (verdictOf(outcome) !== question.verdict) {
          differences.push(`${title}: ${JSON.stringify(question)} observed ${outcome}`);
        }
      });
    }
    expect(differences).toEqual([]);
    expect(asked).toBeGreaterThan(70_000);
  }, 120_000);
});
