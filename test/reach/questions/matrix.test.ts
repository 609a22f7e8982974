import { type FlowEnd, formatEnd } from '../../../lib/model/flow';
import { verdictAt } from '../../../lib/model/matrix';
import { orderTiers } from '../../../lib/model/policy-order';
import { createDirectory } from '../../../lib/reach/ends/directory';
import { createEngine } from '../../../lib/reach/engine';
import { computeMatrix } from '../../../lib/reach/matrix/matrix';
import type { MatrixSetup } from '../../../lib/reach/matrix/types';
import {
  calico,
  clusterPolicy,
  end,
  namespace,
  networkPolicy,
  node,
  pod,
  service,
} from '../../build/manifests';
import { vpcWorld } from '../../build/production-vpc';
import { worldOf } from '../../build/world-of';

const app = { app: 'a' };
const base = [namespace('shop'), node('a', '10.1.0.1'), node('b', '10.1.0.2')];

/** The square of some ends on TCP 80: `.` allowed, `X` denied; with how many rows and columns it took. */
function square(manifests: readonly unknown[], ends: readonly string[]) {
  const engine = createEngine(worldOf([...base, ...manifests]), { staged: 'as-written' });
  const all = ends.map(end);
  const targets = all.map((to) => ({ to, protocol: 'TCP', port: 80 }) as const);
  const matrix = engine.matrix({ sources: all, targets });
  const rows = all.map((_, s) =>
    targets.map((_, t) => (verdictAt(matrix, s, t) === 'allowed' ? '.' : 'X')).join(''),
  );
  return { rows, groups: `${matrix.cells.length / matrix.columns} x ${matrix.columns}` };
}

const pods = ['shop/p0', 'shop/p1', 'shop/p2'];
const three = (...fields: readonly object[]) =>
  pods.map((name, i) => pod(name, { labels: app, node: 'a', ip: `10.0.0.${i + 1}`, ...fields[i] }));
const closed = networkPolicy('shop/closed', {});

test('replicas that no policy tells apart are one row and one column', () => {
  expect(square(three(), pods)).toEqual({ rows: ['...', '...', '...'], groups: '1 x 1' });
});

test('a pod reaches itself whatever its group does', () => {
  expect(square([...three(), closed], pods)).toEqual({
    rows: ['.XX', 'X.X', 'XX.'],
    groups: '1 x 1',
  });
});

test('a node reaches its own pods', () => {
  const elsewhere = three({}, { node: 'b' });
  expect(square([...elsewhere, closed], ['node:a', 'node:b', ...pods])).toEqual({
    rows: ['...X.', '..X.X', '...XX', '..X.X', '..XX.'],
    groups: '4 x 4',
  });
});

describe('pods on the host network', () => {
  const agent = (on: string, ip: string) =>
    pod(`shop/agent-${on}`, { labels: app, node: on, ip, spec: { hostNetwork: true } });
  const agents = [agent('a', '10.1.0.1'), agent('b', '10.1.0.2')];
  const ends = ['shop/agent-a', 'shop/agent-b', 'shop/p0', 'shop/p1'];
  const elsewhere = three({}, { node: 'b' });

  test('reach the pods of their own node', () => {
    const { rows } = square([...agents, ...elsewhere, closed], ends);
    expect(rows).toEqual(['...X', '..X.', '...X', '..X.']);
  });

  test('are told apart by a policy that selects nodes', () => {
    const deny = clusterPolicy('no-node-a', {
      tier: 'Admin',
      priority: 1,
      subject: { namespaces: {} },
      egress: [
        { action: 'Deny', to: [{ nodes: { matchLabels: { 'kubernetes.io/hostname': 'a' } } }] },
      ],
    });
    expect(square([...agents, ...elsewhere, deny], ends).rows.slice(2)).toEqual(['X...', 'X...']);
  });
});

test('an address between two blocks is another group', () => {
  const policy = networkPolicy('shop/in', {
    ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/29', except: ['10.0.0.2/31'] } }] }],
  });
  expect(square([...three(), policy], pods)).toEqual({
    rows: ['...', 'X.X', 'XX.'],
    groups: '2 x 2',
  });
});

test('the number behind a named port is another group', () => {
  const policy = networkPolicy('shop/in', { ingress: [{ ports: [{ port: 'web' }] }] });
  const web = (containerPort: number) => ({ ports: [{ containerPort, name: 'web' }] });
  expect(square([...three(web(80), web(81), web(80)), policy], pods)).toEqual({
    rows: ['.X.', '...', '.X.'],
    groups: '2 x 2',
  });
});

test('a backend of a service that a rule names is another group', () => {
  const behind = { labels: { app: 'a', role: 'api' } };
  const policy = calico('NetworkPolicy', 'shop/out', {
    selector: 'all()',
    types: ['Egress'],
    egress: [{ action: 'Allow', destination: { services: { name: 'api' } } }],
  });
  const api = service('shop/api', { port: 80, selector: { role: 'api' } });
  expect(square([...three(behind), policy, api], pods)).toEqual({
    rows: ['.XX', '..X', '.X.'],
    groups: '2 x 2',
  });
});

test('services are asked one by one', () => {
  const api = service('shop/api', { port: 80, selector: app });
  const none = service('shop/none', { port: 80, selector: { app: 'z' } });
  const world = worldOf([...base, ...three(), api, none]);
  const matrix = createEngine(world, { staged: 'as-written' }).matrix({
    sources: [end('shop/p0'), end('internet')],
    targets: ['svc:shop/api', 'svc:shop/none', 'ip:198.51.100.1'].map(
      (to) => ({ to: end(to), protocol: 'TCP', port: 80 }) as const,
    ),
  });
  const verdicts = [0, 1].map((s) => [0, 1, 2].map((t) => verdictAt(matrix, s, t)));
  expect(verdicts).toEqual([
    ['allowed', 'no-route', 'allowed'],
    ['no-route', 'no-route', 'allowed'],
  ]);
});

describe('what stands between nodes is in the matrix too', () => {
  const hosts = ['a', 'b'].map((name) => ({
    ...calico('HostEndpoint', name, { node: name, interfaceName: '*' }),
    metadata: { name, labels: { host: name } },
  }));
  const deny = calico('GlobalNetworkPolicy', 'deny', {
    selector: "host == 'b'",
    types: ['Ingress'],
    applyOnForward: true,
    ingress: [
      { action: 'Deny', protocol: 'TCP', destination: { ports: [80] } },
      { action: 'Allow' },
    ],
  });
  const behindHosts = worldOf([...base, ...three({}, { node: 'b' }), ...hosts, deny]);

  test.each([
    ['host endpoints', behindHosts],
    ['a VPC', vpcWorld()],
  ])('%s: every cell is what explain says', (_, world) => {
    const engine = createEngine(world, { staged: 'as-written' });
    const ends: readonly FlowEnd[] = [
      ...world.pods.map(({ namespace, name }) => ({ kind: 'pod', namespace, name }) as const),
      ...world.nodes.map(({ name }) => ({ kind: 'node', name }) as const),
      { kind: 'internet' },
    ];
    const targets = ends.flatMap((to) =>
      [80, 10250].map((port) => ({ to, protocol: 'TCP', port }) as const),
    );
    const matrix = engine.matrix({ sources: ends, targets });
    const name = (from: FlowEnd, { to, port }: (typeof targets)[number], verdict: string): string =>
      `${formatEnd(from)} -> ${formatEnd(to)} ${port} ${verdict}`;
    const cells = ends.flatMap((from, s) =>
      targets.map((aim, t) => name(from, aim, verdictAt(matrix, s, t))),
    );
    expect(cells).toEqual(
      ends.flatMap((from) =>
        targets.map((aim) => name(from, aim, engine.explain({ from, ...aim }).verdict)),
      ),
    );
    expect(cells.filter((cell) => cell.endsWith('denied')).length).toBeGreaterThan(0);
  });
});

describe('which flows are explained one by one', () => {
  const world = worldOf([
    ...base,
    pod('shop/web', { labels: { app: 'web' }, node: 'a', ip: '10.0.0.1' }),
    pod('shop/db', { labels: { app: 'db' }, node: 'a', ip: '10.0.0.2' }),
    networkPolicy('shop/closed', { podSelector: { matchLabels: { app: 'db' } } }),
  ]);
  const ports = [
    { protocol: 'TCP', port: 80 },
    { protocol: 'TCP', port: 'unnamed' },
    { protocol: 'ICMP', port: undefined },
  ] as const;

  /** The row of `shop/web` to a pod, what explain says of it, and the flows that were explained. */
  function row(to: FlowEnd) {
    const asked: string[] = [];
    const engine = createEngine(world, { staged: 'as-written' });
    const explain: MatrixSetup['explain'] = (flow) => {
      asked.push(`${flow.protocol} ${flow.port ?? ''}`.trim());
      return engine.explain(flow);
    };
    const directory = createDirectory(world);
    const tiers = orderTiers(world.tiers, world.policies, 'as-written');
    const from = end('shop/web');
    const targets = ports.map((port) => ({ to, ...port }));
    const matrix = computeMatrix({ sources: [from], targets }, { directory, tiers, explain });
    return {
      verdicts: targets.map((_, t) => verdictAt(matrix, 0, t)),
      explained: targets.map((aim) => engine.explain({ from, ...aim }).verdict),
      asked,
    };
  }

  test('between pods none but a name that no port has: policies decide whole rows', () => {
    const verdicts = ['denied', 'unknown', 'denied'];
    const asked = ['TCP unnamed'];
    expect(row(end('shop/db'))).toEqual({ verdicts, explained: verdicts, asked });
  });

  test('all of them to a pod that the world does not have', () => {
    const { verdicts, explained, asked } = row(end('shop/ghost'));
    expect(verdicts).toEqual(explained);
    expect(verdicts).not.toContain('allowed');
    expect(asked).toEqual(['TCP 80', 'TCP unnamed', 'ICMP']);
  });
});
