import fc from 'fast-check';
import { type Flow, formatEnd } from '../../lib/model/flow';
import { createEngine } from '../../lib/reach/engine';
import { inKind, type SetForm } from '../../lib/recommend/kinds';
import { recommend } from '../../lib/recommend/recommend';
import { flow, namespace, networkPolicy, pod } from '../build/manifests';
import { worldOf } from '../build/world-of';

const NAMES = ['shop/web', 'shop/api', 'shop/db', 'pay/api', 'pay/job'];
const OUTSIDE = ['ip:192.0.2.1', 'ip:198.51.100.9'];
const MANIFESTS = [
  ...['shop', 'pay'].map((name) => namespace(name)),
  ...NAMES.map((title) => pod(title, { labels: { app: title.replace('/', '-') } })),
];
const WORLD = worldOf(MANIFESTS);
const ENDS = [...NAMES, ...OUTSIDE];
const ALL: readonly Flow[] = ENDS.flatMap((from) =>
  ENDS.filter((to) => to !== from && (NAMES.includes(from) || NAMES.includes(to))).flatMap((to) => [
    flow(from, to, 80),
    flow(from, to, 443),
    flow(from, to, 53, 'UDP'),
  ]),
);
const ENFORCED: SetForm = { kind: 'calico', tier: 'default', enforcement: 'enforced' };

const text = ({ from, to, protocol, port }: Flow): string =>
  `${formatEnd(from)} -> ${formatEnd(to)} ${protocol} ${port}`;

function openWith(policies: readonly object[]): readonly string[] {
  const engine = createEngine(worldOf([...MANIFESTS, ...policies]), { staged: 'as-enforced' });
  return ALL.filter((one) => engine.explain(one).verdict === 'allowed').map(text);
}

const isFromOutside = (line: string): boolean => line.startsWith('ip:');

test.each<{ readonly what: string; readonly form: SetForm; readonly tier: readonly object[] }>([
  { what: 'Calico, enforced', form: ENFORCED, tier: [] },
  { what: 'Calico, staged', form: { ...ENFORCED, enforcement: 'staged' }, tier: [] },
  {
    what: 'Calico, in a tier',
    form: { ...ENFORCED, tier: 'app' },
    tier: [
      {
        apiVersion: 'projectcalico.org/v3',
        kind: 'Tier',
        metadata: { name: 'app' },
        spec: { order: 500 },
      },
    ],
  },
])('$what: the same flows as NetworkPolicy', ({ form, tier }) => {
  fc.assert(
    fc.property(fc.subarray([...ALL]), (seen) => {
      const set = recommend(WORLD, seen, 'enforced', { closesSilent: true });
      const { policies } = inKind(WORLD, set, form);
      expect(openWith([...tier, ...policies])).toEqual(openWith(set.policies));
    }),
    { numRuns: 40 },
  );
});

test('ClusterNetworkPolicy: the same flows but for callers outside, who stay allowed', () => {
  fc.assert(
    fc.property(fc.subarray([...ALL]), (seen) => {
      const set = recommend(WORLD, seen, 'enforced', { closesSilent: true });
      const { policies, notes } = inKind(WORLD, set, {
        ...ENFORCED,
        kind: 'cluster-network-policy',
      });
      const [open, wanted] = [openWith(policies), openWith(set.policies)];
      expect(open.filter((line) => !isFromOutside(line))).toEqual(
        wanted.filter((line) => !isFromOutside(line)),
      );
      expect(open.filter(isFromOutside)).toEqual(ALL.map(text).filter(isFromOutside));
      expect(notes).toContainEqual(expect.objectContaining({ kind: 'open-from-outside' }));
    }),
    { numRuns: 40 },
  );
});

test('the internet becomes blocks without exceptions, as many as a list may hold', () => {
  const seen = [flow('shop/web', 'internet', 443)];
  const set = recommend(WORLD, seen, 'enforced');
  const { policies } = inKind(WORLD, set, { ...ENFORCED, kind: 'cluster-network-policy' });
  const engine = createEngine(worldOf([...MANIFESTS, ...policies]), { staged: 'as-written' });
  const asked = [
    '192.0.2.1',
    '9.255.255.255',
    '10.0.0.1',
    '169.254.169.254',
    '172.32.0.1',
    '8.8.8.8',
  ];
  expect(
    asked.filter(
      (address) => engine.explain(flow('shop/web', `ip:${address}`, 443)).verdict === 'allowed',
    ),
  ).toEqual(['192.0.2.1', '9.255.255.255', '172.32.0.1', '8.8.8.8']);
});

test('a set of another kind that an earlier run wrote is stale', () => {
  const world = worldOf([...MANIFESTS, networkPolicy('shop/seen-web', {})]);
  const set = recommend(world, [flow('shop/web', 'shop/api', 80)], 'enforced');
  const { policies, notes, evidence } = inKind(world, set, { ...ENFORCED, tier: 'app' });
  expect(policies.map(({ metadata }) => metadata.name)).toContain('app.seen-web');
  expect(notes).toContainEqual(
    expect.objectContaining({ kind: 'stale', calls: ['shop/seen-web'] }),
  );
  expect(evidence[0]?.policies).toEqual(['shop/app.seen-api', 'shop/app.seen-web']);
});

test('a pod without a label: its rules select every pod, and that is said', () => {
  const world = worldOf([pod('shop/lone', { labels: {} })]);
  const { notes, policies } = recommend(world, [flow('shop/lone', 'ip:192.0.2.1', 80)], 'enforced');
  expect(policies.at(-1)?.spec.podSelector).toEqual({});
  expect(notes).toContainEqual(
    expect.objectContaining({
      kind: 'every-pod',
      calls: ['shop/Pod/lone'],
      problem: expect.stringContaining('podSelector {}'),
    }),
  );
});
