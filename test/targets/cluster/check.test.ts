import { runChecks } from '../../../lib/checks/run';
import type { Check } from '../../../lib/lab/check';
import type { Clock } from '../../../lib/model/clock';
import { readWorld } from '../../../lib/read/world';
import { applyStage } from '../../../lib/targets/cluster/apply';
import { objectsOf } from '../../../lib/targets/cluster/cluster';
import { clusterTarget } from '../../../lib/targets/cluster/target';
import { type Answer, type FakeApi, type FakeOptions, startApi } from './api-server';

const SHOP = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: agnhost, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: db, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: agnhost, ports: [{ containerPort: 5432 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { clusterIP: 172.20.0.9, selector: { app: db }, ports: [{ port: 5432 }] }
`;

let api: FakeApi;
afterEach(() => api?.stop());

const clock = (): Clock => {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
};

/** Brings the shop up on a fake cluster whose pods answer like this, and carries out checks. */
async function checked(exec: FakeOptions['exec'], ...checks: readonly Check[]) {
  api = await startApi({
    exec,
    refuse: (method, path) =>
      method === 'PATCH' && path.endsWith('networkpolicies/too-wide') ? 403 : undefined,
  });
  const world = readWorld({
    manifests: [{ path: 'shop.yaml', text: SHOP }],
    templates: [],
    outside: [],
  });
  if (world.kind !== 'read') throw new Error(JSON.stringify(world.problems));
  const { cluster } = api;
  await applyStage(cluster, { objects: objectsOf(SHOP), before: [] }, { clock: clock() });
  const scope = { world: world.value, home: 'shop' };
  const view = { target: 'kind', scope, changesVpc: false, hosts: new Map() } as const;
  const stageWorld = () => world.value;
  const options = {
    cluster,
    view,
    stageWorld,
    clock: clock(),
    settleMs: 2_000,
    canaryImage: 'agnhost',
  };
  // The canary is tried in stage.test.ts: here pods answer as each test says.
  const target = { ...clusterTarget(options), proveEnforcement: async () => undefined };
  const results = await runChecks(checks, { target, progress: undefined });
  return results.map((result) =>
    result.kind === 'wrong'
      ? `wrong: ${result.saw} (${result.means})`
      : `${result.kind}: ${result.kind === 'right' ? result.saw : result.why}`,
  );
}

const because = 'it is so';
const timeout: Answer = { code: 1, stderr: 'TIMEOUT\n' };
const flow = (expect: 'allowed' | 'denied'): Check => ({
  kind: 'flow',
  from: 'web',
  to: 'db:5432',
  expect,
  because,
});

test('a flow holds for every pod behind both names', async () => {
  expect(await checked(() => ({ code: 0 }), flow('allowed'), flow('denied'))).toEqual([
    'right: 2 of 2 connected',
    expect.stringMatching(
      /^wrong: shop\/web-0 -> shop\/db-0 TCP 5432 was connected, expected timed-out/,
    ),
  ]);
});

test('a denial counts where the target listens, and proves nothing where it is dead', async () => {
  const overLoopback = (command: readonly string[]) => command[2]?.startsWith('127.0.0.1') ?? false;
  const alive = (_pod: string, command: readonly string[]) =>
    overLoopback(command) ? { code: 0 } : timeout;
  expect(await checked(alive, flow('denied'))).toEqual(['right: 2 of 2 timed-out']);
  await api.stop();
  expect(await checked(() => timeout, flow('denied'))).toEqual([
    expect.stringMatching(
      /^wrong: the control shop\/db-0:5432 from inside its own pod was timed-out .*does not prove/,
    ),
  ]);
});

const dig = (status: string, ...answers: readonly string[]): Answer => ({
  code: 0,
  stdout: `;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: 1\n${answers.join('\n')}\n`,
});
const dns = (expect: Extract<Check, { kind: 'dns' }>['expect']): Check => ({
  kind: 'dns',
  from: 'web',
  name: 'db',
  expect,
  because,
});

test.each([
  [
    'db.shop.svc.cluster.local. 5 IN A 172.20.0.9',
    dns({ kind: 'addresses-of', ends: ['svc:db'] }),
    'right: 172.20.0.9',
  ],
  [
    'db.shop.svc.cluster.local. 5 IN A 172.20.0.7',
    dns({ kind: 'addresses-of', ends: ['svc:db'] }),
    'wrong: 172.20.0.7 (the name exists and stands for something else; expected 172.20.0.9)',
  ],
  [
    'db. 5 IN CNAME rds.example.com.',
    dns({ kind: 'alias', target: 'rds.example.com' }),
    'right: alias of rds.example.com',
  ],
])('a name resolves as it should: %s', async (line, check, expected) => {
  expect(await checked(() => dig('NOERROR', line), check)).toEqual([expected]);
});

test('no such name, and no answer at all, are told apart', async () => {
  const none = dns({ kind: 'no-such-name' });
  expect(await checked(() => dig('NXDOMAIN'), none)).toEqual(['right: no such name']);
  await api.stop();
  const silent: Answer = {
    code: 9,
    stdout: ';; connection timed out; no servers could be reached\n',
  };
  expect(await checked(() => silent, none, dns({ kind: 'no-answer' }))).toEqual([
    expect.stringMatching(/^wrong: no answer .*; expected no such name/),
    'right: no answer',
  ]);
});

test('an HTTP answer is judged by its status and by who gave it', async () => {
  const http = (status: number): Check => ({
    kind: 'http',
    from: 'web',
    url: 'http://db:5432/hostname',
    because,
    expect: { kind: 'answered', status, by: 'db' },
  });
  const body: Answer = { code: 0, stdout: 'db-5d4f-x\n200' };
  expect(await checked(() => body, http(200), http(403))).toEqual([
    'right: 200 db-5d4f-x',
    'wrong: 200 db-5d4f-x (expected 403 by db)',
  ]);
});

test('a server failure and a name that does not resolve prove nothing', async () => {
  const noAnswer = dns({ kind: 'no-answer' });
  expect(await checked(() => dig('SERVFAIL'), noAnswer)).toEqual([
    expect.stringMatching(/^wrong: SERVFAIL /),
  ]);
  await api.stop();
  const notStarted: Answer = { code: 127, stderr: 'dig: not found\n' };
  expect(await checked(() => notStarted, noAnswer)).toEqual([
    expect.stringMatching(/^wrong: dig: not found /),
  ]);
});

test.each`
  code   | means                      | kind
  ${7}   | ${'could not connect'}     | ${'right'}
  ${28}  | ${'timed out'}             | ${'right'}
  ${56}  | ${'connection reset'}      | ${'right'}
  ${6}   | ${'name does not resolve'} | ${'wrong'}
  ${127} | ${'curl is not installed'} | ${'wrong'}
`('an expected refusal where curl ends with $code ($means) is $kind', async ({ code, kind }) => {
  const check: Check = {
    kind: 'http',
    from: 'web',
    url: 'http://db:5432/',
    because,
    expect: { kind: 'refused' },
  };
  const [result] = await checked(() => ({ code, stdout: '\n000' }), check);
  expect(result).toMatch(new RegExp(`^${kind}: no answer \\(curl: ${code}\\)`));
});

test('a probe that fails is not a result, and one that cannot be made is answered elsewhere', async () => {
  const failing = () => ({ code: 1, stderr: 'OTHER\n' });
  expect(await checked(failing, flow('denied'))).toEqual([`wrong: OTHER${FAILED}`]);
  await api.stop();
  const fromNode = { ...flow('allowed'), from: 'ip:192.0.2.1' } as Check;
  expect(await checked(failing, fromNode)).toEqual([
    expect.stringMatching(/^elsewhere: .*cannot start from ip:192.0.2.1/),
  ]);
});

const FAILED = ' (the check names something that does not exist or does not work now)';

test('shares are counted by the name that answered', async () => {
  const share = (min: number, max: number): Check => ({
    kind: 'distribution',
    from: 'web',
    to: 'svc:db:5432',
    requests: 4,
    because,
    shares: { db: { min, max } },
  });
  const ran: string[] = [];
  const exec = (_pod: string, command: readonly string[]): Answer => {
    ran.push(command.at(-1) ?? '');
    return { code: 0, stdout: 'db-5d4f-x\ndb-5d4f-y\nother\ndb-5d4f-x\n' };
  };
  expect(await checked(exec, share(0.5, 1), share(0.9, 1))).toEqual([
    'right: db 75 %',
    'wrong: db 75 % (db should answer 90 % to 100 % of the requests)',
  ]);
  expect(ran[0]).toBe('http://172.20.0.9:5432/hostname?[1-4]');
});

test('objects by value, and manifests by what the server would say', async () => {
  const object = (path: string, equals?: string | number): Check => ({
    kind: 'object',
    apiVersion: 'v1',
    object: 'Service',
    namespace: 'shop',
    name: 'db',
    path,
    because,
    ...(equals === undefined ? {} : { equals }),
  });
  const manifest = (name: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\n`;
  const admission = (name: string): Check => ({
    kind: 'admission',
    manifest: manifest(name),
    because,
    expect: { kind: 'refused', message: 'refused by the "test"' },
  });
  const checks = [
    ...[object(''), object('spec.ports.0.port', 5432), object('spec.ports.0.port', 80)],
    ...[{ ...object(''), name: 'none' } as Check, admission('too-wide'), admission('fine')],
  ];
  expect(await checked(undefined, ...checks)).toEqual([
    'right: it exists',
    'right: 5432',
    'wrong: spec.ports.0.port is 5432 (spec.ports.0.port should be 80)',
    expect.stringMatching(/^wrong: Service none does not exist/),
    'right: refused by the "test"',
    `wrong: NetworkPolicy shop/fine would be accepted (it should be refused with 'refused by the "test"')`,
  ]);
  expect([...api.objects.keys()].filter((path) => path.includes('networkpolicies'))).toEqual([]);
});

test('what a cluster cannot answer says who can', async () => {
  const ping: Check = { kind: 'ping', from: 'web', to: 'db', expect: 'answered', because };
  expect(await checked(undefined, ping)).toEqual([
    'elsewhere: the pods may not send ICMP: they run without privileges',
  ]);
});
