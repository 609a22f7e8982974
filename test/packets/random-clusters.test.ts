import { planStage, planWorld } from '../../lib/dataplane/plan';
import { probeOf } from '../../lib/dataplane/probes';
import type { Explanation } from '../../lib/model/explanation';
import type { World } from '../../lib/model/world';
import { createEngine } from '../../lib/reach/engine';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { clusterOfSeed } from '../build/random-cluster';
import { INTERNET, inFamilies } from '../build/random-families';
import { worldOf } from '../build/world-of';
import { describePackets } from './kernel';
import { difference, everyEnd, flowsAmong, namedEnds } from './plan/agreement';
import { inUniverse, probeIn, seenIn } from './plan/universe';

/** Seeds tried; `LAB_CLUSTERS=1000` for the long run, `LAB_SEED` to begin elsewhere. */
const FIRST = Number(process.env.LAB_SEED ?? 1);
const CLUSTERS = Number(process.env.LAB_CLUSTERS ?? 12);
const SIDE_BY_SIDE = 12;

interface Kind {
  readonly name: string;
  readonly clusters: number;
  readonly worldOfSeed: (seed: number) => World;
  readonly ends: typeof namedEnds;
  /** Seeds that once found the engine or the compiler wrong: always tried. */
  readonly known: readonly number[];
}

const KINDS: readonly Kind[] = [
  {
    name: 'IPv4',
    clusters: CLUSTERS,
    worldOfSeed: (seed) => {
      const { objects, policies } = clusterOfSeed(seed);
      return worldOf([...objects, ...policies]);
    },
    ends: namedEnds,
    known: [89, 92, 184, 200, 438],
  },
  ...(['ipv6', 'dual'] as const).map(
    (families): Kind => ({
      name: families === 'ipv6' ? 'IPv6' : 'both families',
      clusters: Math.ceil(CLUSTERS / 3),
      worldOfSeed: (seed) => {
        const { objects, policies } = inFamilies(clusterOfSeed(seed), families, seed);
        return worldOf([...objects, ...policies], [INTERNET]);
      },
      ends: everyEnd,
      known: families === 'ipv6' ? [] : [3119, 3126],
    }),
  ),
];

describePackets(
  'random clusters: engine and kernel name the same verdict and the same rule',
  () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
      sandbox = await openSandbox({ mode: 'tied' });
    });
    afterEach(() => sandbox.close());

    test.each(KINDS)(
      `$name: $clusters seeds from ${FIRST} on, and $known`,
      async (kind) => {
        const seeds = [
          ...kind.known,
          ...Array.from({ length: kind.clusters }, (_, i) => FIRST + i),
        ];
        const standing = new Map<string, World>();
        const differences: string[] = [];
        const verdicts = new Map<string, number>();
        for (let start = 0; start < seeds.length; start += SIDE_BY_SIDE) {
          const asked: {
            seed: number;
            universe: string;
            predicted: Explanation;
            probe: ReturnType<typeof probeOf>;
          }[] = [];
          for (const [i, seed] of seeds.slice(start, start + SIDE_BY_SIDE).entries()) {
            const world = kind.worldOfSeed(seed);
            const universe = `u${i}`;
            const before = standing.get(universe);
            const plan = before === undefined ? planWorld(world) : planStage(before, world);
            await sandbox.run(inUniverse(universe, plan));
            standing.set(universe, world);
            const engine = createEngine(world, { staged: 'as-written' });
            for (const flow of flowsAmong(world, kind.ends(world))) {
              const probe = probeIn(universe, probeOf(world, flow));
              asked.push({ seed, universe, predicted: engine.explain(flow), probe });
            }
          }
          const seen = await sandbox.probe(
            asked.map(({ probe }) => probe),
            { timeoutMs: 300, trace: 'on' },
          );
          asked.forEach(({ seed, universe, predicted }, i) => {
            const { verdict } = predicted;
            verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
            const found = difference(predicted, seenIn(universe, seen[i]));
            if (found !== undefined) differences.push(`seed ${seed}: ${found}`);
          });
        }
        expect(differences).toEqual([]);
        // A sample in which everything passes, or nothing does, would prove little.
        expect(verdicts.get('allowed')).toBeGreaterThan(kind.clusters * 20);
        expect(verdicts.get('denied')).toBeGreaterThan(kind.clusters * 20);
        if (process.env.LAB_TALLY !== undefined) console.info(kind.name, ...verdicts);
      },
      1_800_000,
    );
  },
);
