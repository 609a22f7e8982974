import fc from 'fast-check';
import { planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { type Flow, type FlowEnd, formatEnd, type Protocol } from '../../../lib/model/flow';
import type { SourceFile } from '../../../lib/model/problem';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { readWorld } from '../../../lib/read/world';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { clusterOfSeed } from '../../build/random-cluster';
import { labTemplates } from '../../lab-templates';
import { describePackets } from '../kernel';
import { difference, everyEnd } from '../plan/agreement';

/** Seeds tried; `LAB_VPC_CLUSTERS=200` for the long run, `LAB_SEED` to begin elsewhere. */
const FIRST = Number(process.env.LAB_SEED ?? 1);
const CLUSTERS = Number(process.env.LAB_VPC_CLUSTERS ?? 1);
/** Seeds that once found the engine wrong about host endpoints and load balancers: always tried. */
const KNOWN = [44, 85];
const FLOWS = 500;

const LAB = 'aws-4-load-balancers';
export const SHAPES: readonly Readonly<Record<string, string>>[] = [
  { lab: LAB, size: 'small' },
  { lab: LAB, size: 'small', nat: 'regional' },
  { lab: LAB, size: 'small', ipv6: 'true' },
];

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
const PUBLIC = { [`${PREFIX}scheme`]: 'internet-facing' };
const IP = { [`${PREFIX}nlb-target-type`]: 'ip' };
const KEEPS = (kept: boolean) => ({
  [`${PREFIX}target-group-attributes`]: `preserve_client_ip.enabled=${kept}`,
});

const balanced = (
  name: string,
  annotations: Readonly<Record<string, string>>,
  more: object = {},
): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'n1', annotations },
  spec: {
    type: 'LoadBalancer',
    selector: { app: 'x' },
    ports: [{ port: 80, targetPort: 80 }],
    ...more,
  },
});

const LOCAL = { externalTrafficPolicy: 'Local' };

const BALANCERS: readonly object[] = [
  balanced('ip-in', IP),
  balanced('ip-out', { ...IP, ...PUBLIC }),
  balanced('ip-kept', { ...IP, ...PUBLIC, ...KEEPS(true) }),
  balanced('ip-near', { ...IP, ...KEEPS(true) }),
  balanced('node-kept', PUBLIC),
  balanced('node-local', PUBLIC, LOCAL),
  balanced('node-hidden', { ...PUBLIC, ...KEEPS(false) }),
  balanced('node-in', {}, LOCAL),
  balanced('crossing', {
    ...PUBLIC,
    [`${PREFIX}attributes`]: 'load_balancing.cross_zone.enabled=true',
  }),
];

/** A random cluster whose nodes and pods stand in a VPC, with load balancers before some of them. */
export function worldOfSeed(seed: number, templates: readonly SourceFile[]): World {
  const { objects, policies } = clusterOfSeed(seed);
  const placed = objects
    .filter((object) => !('kind' in object && object.kind === 'Node'))
    .map((object) =>
      'status' in object ? { ...object, status: withoutIp(object.status) } : object,
    );
  const selector = servedBy(placed);
  const text = [...placed, ...BALANCERS.map(selector), ...policies]
    .map((o) => JSON.stringify(o))
    .join('\n---\n');
  const reading = readWorld({ manifests: [{ path: 'cluster.yaml', text }], templates });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

/** Balancers stand before the pods that are like the first one of their namespace. */
function servedBy(objects: readonly object[]) {
  const texts = objects.map((object) => JSON.stringify(object));
  const [app = 'a'] = texts.flatMap((text) =>
    text.includes('"kind":"Pod"') && text.includes('"namespace":"n1"')
      ? (/"app":"(\w)"/.exec(text)?.[1] ?? [])
      : [],
  );
  return (service: object): object =>
    JSON.parse(JSON.stringify(service).replace('"app":"x"', `"app":"${app}"`)) as object;
}

const withoutIp = (status: unknown): object => {
  const { podIP: _, ...rest } = status as Readonly<Record<string, unknown>>;
  return rest;
};

function flowsOver(world: World, seed: number): readonly Flow[] {
  const ends = everyEnd(world);
  const doors = world.services.flatMap(({ loadBalancer }) =>
    (loadBalancer?.addresses ?? []).map((address): FlowEnd => ({ kind: 'ip', address })),
  );
  const services = world.services
    .filter(({ headless }) => !headless)
    .map(({ namespace, name }): FlowEnd => ({ kind: 'service', namespace, name }));
  const ports = world.services.flatMap(({ ports: all }) => all.flatMap((p) => p.nodePort ?? []));
  const flow = fc
    .record({
      from: fc.constantFrom(...ends),
      to: fc.oneof(fc.constantFrom(...ends), fc.constantFrom(...doors, ...services)),
      protocol: fc.constantFrom<Protocol>('TCP', 'TCP', 'TCP', 'TCP', 'TCP', 'UDP', 'ICMP'),
      port: fc.constantFrom(80, 80, 80, 80, 80, 53, 443, ...ports.slice(0, 3)),
    })
    .filter(({ from, to }) => formatEnd(from) !== formatEnd(to))
    .map(
      ({ port, ...rest }): Flow => ({ ...rest, port: rest.protocol === 'ICMP' ? undefined : port }),
    );
  return fc.sample(fc.noBias(flow), { seed, numRuns: FLOWS });
}

describePackets('random clusters in a VPC, with load balancers', () => {
  const seeds = [...KNOWN, ...Array.from({ length: CLUSTERS }, (_, i) => FIRST + i)];

  test(`seeds ${FIRST} to ${FIRST + CLUSTERS - 1}, and ${KNOWN}`, async () => {
    const templates = SHAPES.map(labTemplates);
    const differences: string[] = [];
    const verdicts = new Map<string, number>();
    for (const seed of seeds) {
      const world = worldOfSeed(seed, templates[seed % templates.length] ?? []);
      const flows = flowsOver(world, seed);
      const engine = createEngine(world, { staged: 'as-written' });
      const sandbox = await openSandbox({ mode: 'tied' });
      try {
        await sandbox.run(planWorld(world));
        const probes = flows.map((one) => probeOf(world, one));
        const seen = await sandbox.probe(probes, { timeoutMs: 400, trace: 'off' });
        flows.forEach((one, i) => {
          const predicted = engine.explain(one);
          verdicts.set(predicted.verdict, (verdicts.get(predicted.verdict) ?? 0) + 1);
          const found = difference(predicted, seen[i], 'untraced');
          if (found !== undefined) differences.push(`seed ${seed}: ${found}`);
        });
      } finally {
        await sandbox.close();
      }
    }
    if (process.env.LAB_TALLY !== undefined) console.info(...verdicts);
    expect(differences).toEqual([]);
    expect(verdicts.get('allowed')).toBeGreaterThan(seeds.length * 20);
    expect(verdicts.get('denied')).toBeGreaterThan(seeds.length * 20);
  }, 1_800_000);
});
