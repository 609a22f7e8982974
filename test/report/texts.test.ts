import { createEngine } from '../../lib/reach/engine';
import { diff, everyFlow } from '../../lib/reach/questions/diff';
import { flip } from '../../lib/reach/questions/flip';
import { lookup } from '../../lib/reach/questions/lookup';
import { predictedAnswer } from '../../lib/report/answer';
import { diffText } from '../../lib/report/diff';
import { explanationText } from '../../lib/report/explanation';
import { matrixText } from '../../lib/report/matrix';
import { COLOURED, PLAIN } from '../../lib/report/palette';
import { flow, namespace, networkPolicy, pod, service } from '../build/manifests';
import { worldOf } from '../build/world-of';

const workloads = [
  namespace('shop'),
  pod('shop/web', { labels: { app: 'web' }, node: 'a', ip: '10.0.0.10' }),
  pod('shop/db', { labels: { app: 'db' }, node: 'b', ip: '10.0.0.11', ports: [5432] }),
  service('shop/db', { selector: { app: 'db' }, port: 5432, clusterIP: '10.96.0.7' }),
];
const closed = networkPolicy('shop/default-deny', { policyTypes: ['Ingress', 'Egress'] });
const webToDb = networkPolicy('shop/web', {
  podSelector: { matchLabels: { app: 'web' } },
  policyTypes: ['Egress'],
  egress: [{ to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ port: 5432 }] }],
});
const dbFromWeb = networkPolicy('shop/db', {
  podSelector: { matchLabels: { app: 'db' } },
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 5432 }] }],
});

const side = (...policies: readonly unknown[]) => {
  const world = worldOf([...workloads, ...policies]);
  return { world, engine: createEngine(world, { staged: 'as-written' }) };
};
const call = flow('shop/web', 'svc:shop/db', 5432);

test('an allowed flow tells who allowed it on each side, and the way there and back', () => {
  const { engine } = side(closed, webToDb, dbFromWeb);
  expect(explanationText(engine.explain(call), PLAIN)).toBe(
    `shop/web -> svc:shop/db TCP 5432: ALLOWED
  NetworkPolicy shop/web, spec.egress[0], allows shop/db on TCP 5432
  NetworkPolicy shop/db, spec.ingress[0], allows shop/web on TCP 5432

there
  pod shop/web  egress allowed by shop/web rule 0
  node a        kube-proxy: svc:shop/db port 5432 becomes 10.0.0.11 port 5432
  node b        forwards
  pod shop/db   ingress allowed by shop/db rule 0

back
  pod shop/db   replies to an allowed connection are allowed
  node b        forwards
  node a        forwards
  pod shop/web  replies to an allowed connection are allowed`,
  );
});

test('a denied flow tells who isolates, and what would refuse it further on', () => {
  const { engine } = side(closed, dbFromWeb);
  expect(explanationText(engine.explain(flow('shop/db', 'shop/web', 80)), PLAIN)).toBe(
    `shop/db -> shop/web TCP 80: DENIED
  NetworkPolicy shop/default-deny isolates shop/db for egress and has no egress rule, so shop/web on TCP 80 is denied
  NetworkPolicy shop/default-deny isolates shop/web for ingress and has no ingress rule, so shop/db on TCP 80 is denied

there
  pod shop/db  egress denied by shop/default-deny

not reached
  pod shop/web  ingress denied by shop/default-deny`,
  );
});

describe('what else an explanation can say', () => {
  const dns = [
    namespace('kube-system'),
    pod('kube-system/dns', { labels: { app: 'dns' }, node: 'a', ip: '10.0.0.53', ports: [53] }),
    service('kube-system/kube-dns', {
      port: 53,
      selector: { app: 'dns' },
      ports: [{ port: 53, protocol: 'UDP' }],
    }),
  ];
  const explained = (policies: readonly unknown[], asked = call) => {
    const { world, engine } = side(...dns, ...policies);
    const explanation = engine.explain(asked);
    const named = lookup(world, engine, asked);
    const turned = flip(world, explanation, { staged: 'as-written' });
    return { ...explanation, ...(turned && { flip: turned }), ...(named && { lookup: named }) };
  };

  test('a call by name that is cut at DNS', () => {
    const text = explanationText(explained([webToDb]), PLAIN);
    expect(text.split('\n').slice(0, 6)).toEqual([
      'shop/web -> svc:shop/db TCP 5432: ALLOWED',
      '  NetworkPolicy shop/web, spec.egress[0], allows shop/db on TCP 5432',
      '  no policy isolates shop/db for ingress, so all of it is allowed',
      '',
      'but by name it fails before that: shop/web cannot ask svc:kube-system/kube-dns (UDP 53)',
      '  NetworkPolicy shop/web isolates shop/web for egress, and no egress rule of it allows kube-system/dns on UDP 53',
    ]);
  });
  test('nothing of it where DNS answers, or nobody is called by name', () => {
    expect(explanationText(explained([]), PLAIN)).not.toContain('by name');
    const byAddress = flow('shop/web', 'shop/db', 5432);
    expect(explanationText(explained([webToDb], byAddress), PLAIN)).not.toContain('by name');
  });
  test('the one change that would turn it around comes last', () => {
    const text = explanationText(explained([dbFromWeb], flow('shop/web', 'shop/db', 22)), PLAIN);
    expect(text.split('\n').slice(-2)).toEqual([
      'one change that would allow it',
      '  add TCP 22 to the ports of spec.ingress[0] of NetworkPolicy shop/db',
    ]);
  });
});

test('the answer is the contract of `lab predict`', () => {
  const { engine } = side();
  expect(predictedAnswer(engine.explain({ ...call, id: 'one' }))).toEqual({
    id: 'one',
    from: 'shop/web',
    to: 'svc:shop/db',
    protocol: 'TCP',
    port: 5432,
    verdict: 'allowed',
    by: ['egress', 'ingress'].map((direction) => ({
      filter: 'network-policy',
      direction,
      object: 'not-isolated',
      rule: null,
      because: expect.stringContaining('no policy isolates shop/'),
    })),
    trace: expect.arrayContaining([
      { way: 'forward', device: 'node b', id: 'node:b', decisions: [] },
      { way: 'return', device: 'node b', id: 'node:b', decisions: [] },
    ]),
  });
});

test('a small matrix is a square by workload', () => {
  const { world, engine } = side(closed, webToDb, dbFromWeb);
  expect(matrixText(engine.matrix(everyFlow(world)), PLAIN)).toBe(
    `          a b c d e f g
shop/db     X X X X X X
shop/web  .   X X X X X
internet  X X
  a = shop/db TCP 5432
  b = shop/web TCP 80
  c = internet TCP 53
  d = internet UDP 53
  e = internet TCP 80
  f = internet TCP 443
  g = internet UDP 443
  . allowed   X denied   - no route   ? unknown   ~ differs among replicas

14 flows: 1 allowed, 13 denied`,
  );
});

test('a wide matrix is a default and what deviates from it', () => {
  const many = Array.from({ length: 41 }, (_, i) => pod(`shop/p${i}`, { ports: [80] }));
  const { world, engine } = side(...many, dbFromWeb);
  const text = matrixText(engine.matrix(everyFlow(world)), PLAIN);
  const lines = text.split('\n');
  expect(lines[0]).toBe('2064 flows: 2022 allowed, 42 denied; allowed except');
  expect(lines).toHaveLength(43);
  expect(lines).toContain('  denied  internet -> shop/db TCP 5432');
});

test('a diff gathers flows by workload, opened before closed', () => {
  const text = diffText(diff(side(dbFromWeb), side(closed, webToDb, dbFromWeb)), PLAIN);
  expect(text).toBe(
    `12 flows change
  - internet -> shop/web TCP 80: allowed becomes denied
  - shop/db -> internet TCP 443, TCP 53, TCP 80, UDP 443, UDP 53: allowed becomes denied
  - shop/db -> shop/web TCP 80: allowed becomes denied
  - shop/web -> internet TCP 443, TCP 53, TCP 80, UDP 443, UDP 53: allowed becomes denied
  for example internet -> shop/web TCP 80`,
  );
  expect(diffText([], PLAIN)).toBe('no flow changes');
});

test('colour is there only where it was asked for', () => {
  const { engine } = side(closed);
  const explanation = engine.explain(call);
  expect(explanationText(explanation, PLAIN)).not.toContain('\u001b');
  expect(explanationText(explanation, COLOURED)).toContain('\u001b[31mDENIED');
});
