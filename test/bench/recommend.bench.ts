import type { Flow } from '../../lib/model/flow';
import { proveRecommendation } from '../../lib/proof/recommend-proof';
import { recommend } from '../../lib/recommend/recommend';
import { readRecords } from '../../lib/records/open/read';
import { worldOf } from '../build/world-of';

const SIZE = { namespaces: 20, workloads: 50, replicas: 10 } as const;

/** Policies for 10,000 pods of 1,000 workloads, each of which calls two others from every replica. */
function main(): void {
  const manifests = each(SIZE.namespaces, (n) =>
    each(SIZE.workloads, (w) => deployment(n, w)),
  ).flat();
  const world = worldOf(manifests);
  const text = calls()
    .map((line) => JSON.stringify(line))
    .join('\n');
  const reading = timed('records read', () => readRecords({ path: 'log', text }, world));
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems[0]));
  const flows: readonly Flow[] = reading.value.map(({ flow }) => flow);
  const { policies } = timed('recommended', () => recommend(world, flows, 'enforced'));
  const closed = worldOf([...manifests, ...policies]);
  const proof = timed('proven', () => proveRecommendation(closed, flows, policies));
  console.log(
    `${flows.length} flows, ${policies.length} policies: ${proof.kept} kept, ${proof.lost.length} lost, ${proof.closed} closed, ${proof.open.length} groups open`,
  );
}

const each = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const deployment = (n: number, w: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: `ns-${n}`, name: `app-${w}` },
  spec: {
    replicas: SIZE.replicas,
    selector: { matchLabels: { app: `app-${w}` } },
    template: {
      metadata: { labels: { app: `app-${w}` } },
      spec: { containers: [{ name: 'main', image: 'main', ports: [{ containerPort: 80 }] }] },
    },
  },
});

/** Calico's lines, a pod each way: to the next workload, and to the same one of the next namespace. */
const calls = () =>
  each(SIZE.namespaces, (n) =>
    each(SIZE.workloads, (w) => [
      line(n, w, n, (w + 1) % SIZE.workloads),
      line(n, w, (n + 1) % SIZE.namespaces, w),
    ]),
  ).flat(3);

const line = (...[n, w, m, v]: readonly [number, number, number, number]) =>
  each(SIZE.replicas, (r) => ({
    start_time: 't',
    action: 'Allow',
    protocol: 'tcp',
    dest_port: 80,
    reporter: 'Src',
    source_namespace: `ns-${n}`,
    source_name: `app-${w}-${r}`,
    dest_namespace: `ns-${m}`,
    dest_name: `app-${v}-${(r + 1) % SIZE.replicas}`,
  }));

function timed<T>(what: string, act: () => T): T {
  const start = performance.now();
  const value = act();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(2)} s`);
  return value;
}

main();
