import fc from 'fast-check';
import { ip } from '../../../lib/model/address';
import { formatEnd } from '../../../lib/model/flow';
import { verdictAt } from '../../../lib/model/matrix';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { diff, everyFlow } from '../../../lib/reach/questions/diff';
import { namespace, networkPolicy, pod } from '../../build/manifests';
import { EVERY_KIND, randomCluster } from '../../build/random-cluster';
import { worldOf } from '../../build/world-of';

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
      from: 'internet',
      to: web,
      protocol: 'TCP',
      port: 80,
      before: 'allowed',
      after: 'denied',
      flows: 3,
      of: 3,
    },
    {
      from: web,
      to: web,
      protocol: 'TCP',
      port: 80,
      before: 'allowed',
      after: 'denied',
      flows: 6,
      of: 6,
    },
  ]);
});

test('a pod on the host network still reaches its own node’s pods, which is no change', () => {
  const on = (name: string, node: string, more: object = {}) =>
    pod(`shop/${name}`, { node, ...more });
  const cluster = [
    namespace('shop'),
    on('agent', 'a', { spec: { hostNetwork: true }, ports: [] }),
    on('near', 'a'),
    on('far', 'b'),
  ];
  const closed = networkPolicy('shop/closed', {});
  const changes = diff(sideOf(worldOf(cluster)), sideOf(worldOf([...cluster, closed])));
  const ofAgent = changes.filter(({ from }) => from === 'shop/Pod/agent');
  expect(ofAgent.map(({ to, before, after }) => [to, before, after])).toEqual([
    ['shop/Pod/far', 'allowed', 'denied'],
  ]);
});

test('what is new was absent before', () => {
  const cluster = [namespace('shop'), pod('shop/web')];
  const changes = diff(sideOf(worldOf(cluster)), sideOf(worldOf([...cluster, pod('shop/db')])));
  const inside = changes.filter(({ to }) => to !== 'internet');
  expect(inside.map(({ from, to, before, after }) => [from, to, before, after])).toEqual([
    ['internet', 'shop/Pod/db', 'absent', 'allowed'],
    ['shop/Pod/db', 'shop/Pod/web', 'absent', 'allowed'],
    ['shop/Pod/web', 'shop/Pod/db', 'absent', 'allowed'],
  ]);
});

test('a rule about a host outside the cluster changes flows to it', () => {
  const host = {
    kind: 'outside',
    name: 'pay.example',
    ports: [{ protocol: 'TCP', port: 443 }],
  } as const;
  const outside = [{ ...host, addresses: [ip('198.51.100.20')] }];
  const cluster = [namespace('shop'), pod('shop/web')];
  const closed = networkPolicy('shop/closed', { policyTypes: ['Egress'] });
  const open = networkPolicy('shop/open', {
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '198.51.100.20/32' } }], ports: [{ port: 443 }] }],
  });
  const before = { ...worldOf([...cluster, closed]), outside };
  const after = { ...worldOf([...cluster, closed, open]), outside };
  expect(diff(sideOf(before), sideOf(after))).toEqual([
    expect.objectContaining({
      from: 'shop/Pod/web',
      to: 'ip:198.51.100.20',
      port: 443,
      before: 'denied',
      after: 'allowed',
    }),
  ]);
});
