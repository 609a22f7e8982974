import fc from 'fast-check';
import { formatEnd } from '../../lib/model/flow';
import { verdictAt } from '../../lib/model/matrix';
import type { World } from '../../lib/model/world';
import { diff, everyFlow } from '../../lib/reach/diff';
import { createEngine } from '../../lib/reach/engine';
import { namespace, networkPolicy, pod } from '../manifests';
import { EVERY_KIND, randomCluster } from '../random-cluster';
import { worldOf } from '../worlds';

const sideOf = (world: World) => ({ world, engine: createEngine(world, { staged: 'as-written' }) });

/** Every flow with its verdict, by a name that says its workloads. */
function everyVerdict(world: World): ReadonlyMap<string, string> {
  const matrix = sideOf(world).engine.matrix(everyFlow(world));
  const entries = matrix.sources.flatMap((source, s) =>
    matrix.targets.flatMap((target, t) => {
      if (formatEnd(source.from) === formatEnd(target.to)) return [];
      const ends = [formatEnd(source.from), formatEnd(target.to), target.protocol, target.port];
      return [[ends.join(' '), verdictAt(matrix, s, t)] as const];
    }),
  );
  return new Map(entries);
}

test('what changes is what changes flow by flow', () => {
  fc.assert(
    fc.property(randomCluster(EVERY_KIND), fc.nat(), ({ objects, policies }, n) => {
      const fewer = policies.filter((_, i) => i !== n % policies.length);
      const [before, after] = [worldOf([...objects, ...policies]), worldOf([...objects, ...fewer])];
      const old = everyVerdict(before);
      const changed = [...everyVerdict(after)].filter(
        ([flow, verdict]) => old.get(flow) !== verdict,
      );
      const changes = diff(sideOf(before), sideOf(after));
      expect(changes.reduce((sum, { flows }) => sum + flows, 0)).toBe(changed.length);
      for (const { example, before: then, after: now, flows, of } of changes) {
        const { from, to, protocol, port } = example;
        const flow = [formatEnd(from), formatEnd(to), protocol, port].join(' ');
        expect([old.get(flow), new Map(changed).get(flow)]).toEqual([then, now]);
        expect(flows).toBeLessThanOrEqual(of);
      }
    }),
    { numRuns: 20 },
  );
});

const deployment = (name: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'main', ports: [{ containerPort: 80 }] }] },
    },
  },
});

test('replicas count as one change, with how many flows it is', () => {
  const closed = networkPolicy('shop/closed', { podSelector: { matchLabels: { app: 'web' } } });
  const cluster = [namespace('shop'), deployment('web', 3)];
  const changes = diff(sideOf(worldOf(cluster)), sideOf(worldOf([...cluster, closed])));
  const web = 'shop/Deployment/web';
  expect(changes.map(({ example, ...change }) => change)).toEqual([
    {
      ...{ from: 'internet', to: web, protocol: 'TCP', port: 80 },
      ...{ before: 'allowed', after: 'denied', flows: 3, of: 3 },
    },
    {
      ...{ from: web, to: web, protocol: 'TCP', port: 80 },
      ...{ before: 'allowed', after: 'denied', flows: 6, of: 6 },
    },
  ]);
});

test('what is new was absent before', () => {
  const cluster = [namespace('shop'), pod('shop/web')];
  const changes = diff(sideOf(worldOf(cluster)), sideOf(worldOf([...cluster, pod('shop/db')])));
  expect(changes.map(({ from, to, before, after }) => [from, to, before, after])).toEqual([
    ['internet', 'shop/Pod/db', 'absent', 'allowed'],
    ['shop/Pod/db', 'shop/Pod/web', 'absent', 'allowed'],
    ['shop/Pod/web', 'shop/Pod/db', 'absent', 'allowed'],
  ]);
});
