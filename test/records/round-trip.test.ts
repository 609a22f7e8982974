import { type Flow, type FlowEnd, formatEnd } from '../../lib/model/flow';
import type { Outcome } from '../../lib/model/observation';
import type { World } from '../../lib/model/world';
import { flowsToTry, writeRecords } from '../../lib/proof/recording';
import { createEngine } from '../../lib/reach/engine';
import { readRecords } from '../../lib/records/open/read';
import { RECORD_FORMATS, type RecordFormat } from '../../lib/records/record';
import { matrixFlows } from '../../lib/session/application';
import { calico, flow, networkPolicy, pod, service } from '../build/manifests';
import { vpcWorld } from '../build/production-vpc';
import { VPC_FLOWS } from '../build/production-vpc-flows';
import { worldOf } from '../build/world-of';

const OUTCOME: Readonly<Record<string, Outcome>> = {
  allowed: 'connected',
  denied: 'timed-out',
  'no-route': 'unreachable',
};

/** Writes what the engine predicts as if it had been seen, and reads it back. */
function through(world: World, asked: readonly Flow[], format: RecordFormat): readonly string[] {
  const engine = createEngine(world, { staged: 'as-written' });
  const flows = flowsToTry(world, asked, format);
  const seen = flows.map((one) => ({
    outcome: OUTCOME[engine.explain(one).verdict] ?? 'unsupported',
    met: [],
  }));
  const at = new Date('2026-11-21T12:00:00Z');
  const { lines, differing } = writeRecords(world, { flows, seen, at }, format);
  expect(differing).toEqual([]);
  const reading = readRecords({ path: 'log', text: lines.join('\n') }, world);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 1));
  return reading.value.map((record) => text(record.flow, record.action)).sort();
}

const text = ({ from, to, protocol, port }: Flow, action: string): string =>
  `${action} ${formatEnd(from)} -> ${formatEnd(to)} ${protocol} ${port}`;

/** What the engine says of the same flows, in a record's words; `named` is how a log names an end. */
function told(
  world: World,
  flows: readonly Flow[],
  named: (end: FlowEnd) => FlowEnd = (one) => one,
): readonly string[] {
  const engine = createEngine(world, { staged: 'as-written' });
  const all = flows.map((one) => {
    const action = engine.explain(one).verdict === 'allowed' ? 'allow' : 'deny';
    return text({ ...one, from: named(one.from), to: named(one.to) }, action);
  });
  return [...new Set(all)].sort();
}

const SHOP = worldOf([
  pod('shop/web', { labels: { app: 'web' } }),
  pod('shop/db', { labels: { app: 'db' }, ports: [5432, { containerPort: 53, protocol: 'UDP' }] }),
  pod('pay/api'),
  service('shop/db', {
    port: 80,
    selector: { app: 'db' },
    ports: [{ port: 80, targetPort: 5432 }],
  }),
  networkPolicy('shop/db', {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
  }),
  networkPolicy('pay/api', { policyTypes: ['Egress'] }),
  calico('StagedNetworkPolicy', 'shop/all', { selector: 'all()', types: ['Ingress'] }),
]);

describe.each(['answers', 'calico'] as const)('%s', (format) => {
  test('the whole matrix of a shop reads back as it was', () => {
    const flows = matrixFlows(SHOP);
    const records = through(SHOP, flows, format);
    expect(records).toEqual(told(SHOP, flows));
    expect(records).toContain('deny pay/api -> shop/db TCP 5432');
    expect(records).toContain('allow shop/web -> shop/db UDP 53');
  });

  test('a Service reads back as its backends', () => {
    expect(through(SHOP, [flow('shop/web', 'svc:shop/db', 80)], format)).toEqual([
      'allow shop/web -> shop/db TCP 5432',
    ]);
  });
});

describe('vpc', () => {
  const world = vpcWorld();
  const podAt = (one: FlowEnd) =>
    world.pods.find(({ name }) => one.kind === 'pod' && name === one.name);
  const nodeOf = (one: FlowEnd) => (one.kind === 'node' ? one.name : podAt(one)?.node);
  /** Pods with groups of their own pass an interface even on one node. */
  const isBranch = (one: FlowEnd) => podAt(one)?.securityGroups !== undefined;
  const crosses = ({ from, to }: Flow) =>
    nodeOf(from) !== nodeOf(to) || isBranch(from) || isBranch(to);
  /** A host-network pod has its node's address, and the log knows addresses. */
  const asLogged = (one: FlowEnd): FlowEnd => {
    const pod = podAt(one);
    return pod?.hostNetwork ? { kind: 'node', name: pod.node } : one;
  };
  const inside = VPC_FLOWS.filter(({ protocol }) => protocol !== 'ICMP')
    .map(({ from, to, protocol, port }) => flow(from, to, port, protocol))
    .filter(({ from, to }) => nodeOf(from) !== undefined && nodeOf(to) !== undefined);

  test('what crosses the VPC between pods and nodes reads back as it was', () => {
    const crossing = inside.filter(crosses);
    expect(crossing.length).toBeGreaterThan(20);
    expect(through(world, inside, 'vpc')).toEqual(told(world, crossing, asLogged));
  });

  test('what stays on one node is in no record', () => {
    const near = inside.filter((one) => !crosses(one));
    expect(near.length).toBeGreaterThan(0);
    expect(through(world, near, 'vpc')).toEqual([]);
  });

  test('without a VPC there is no log of one', () => {
    expect(() => through(SHOP, matrixFlows(SHOP), 'vpc')).toThrow('there is no VPC');
  });
});

test('a flow that went otherwise than predicted is named and has no line in a log', () => {
  const asked = flow('shop/web', 'shop/db', 5432);
  const seen = [{ outcome: 'timed-out', met: [] }] as const;
  const attempts = { flows: [asked], seen, at: new Date(0) };
  const written = RECORD_FORMATS.filter((format) => format !== 'vpc').map((format) => {
    const { lines, differing } = writeRecords(SHOP, attempts, format);
    return { format, lines: lines.length, differing: differing.map((one) => one.flow) };
  });
  expect(written).toEqual([
    { format: 'answers', lines: 1, differing: [asked] },
    { format: 'calico', lines: 0, differing: [asked] },
  ]);
});
