import type { Clock } from '../../../lib/model/clock';
import { applyStage } from '../../../lib/targets/cluster/apply';
import { objectsOf } from '../../../lib/targets/cluster/cluster';
import { billedObjects, releaseBilled } from '../../../lib/targets/cluster/release';
import { waitUntilRolledOut } from '../../../lib/targets/cluster/rollout';
import { type FakeApi, type FakeOptions, type Stored, startApi } from './api-server';

let api: FakeApi;
const start = async (options: FakeOptions = {}) => {
  api = await startApi(options);
  return api;
};
afterEach(() => api?.stop());

/** No test waits for real. */
const clock = (): Clock => {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
};

const OPEN = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec: { replicas: 2, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web }] } } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
`;
const DENY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec: { podSelector: {} }
`;
const paths = () => [...api.objects.keys()].filter((path) => !path.includes('/pods/'));

test('a stage is applied with namespaces first, whatever their place in the file', async () => {
  await start();
  const objects = objectsOf(OPEN + DENY);
  await applyStage(api.cluster, { objects, before: [] }, { clock: clock() });
  expect(api.requests.filter((request) => request.startsWith('PATCH'))).toEqual([
    'PATCH /api/v1/namespaces/shop',
    'PATCH /apis/apps/v1/namespaces/shop/deployments/web',
    'PATCH /apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/default-deny',
  ]);
});

test('an object arrives as it is written, and is read as it is stored', async () => {
  await start();
  // The client's own models rename `from`, `default` and `enum`, and drop what they do not know.
  const written = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop, labels: { a: b } }
spec:
  podSelector: { matchLabels: { app: db } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: api } } }], ports: [{ port: http }] }]
  fieldOfTomorrow: { yes: true }
`;
  const objects = objectsOf(written);
  await applyStage(api.cluster, { objects, before: [] }, { clock: clock() });
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
  const path = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/db';
  expect(api.objects.get(path)).toMatchObject({ ...objects[1] });
  expect(
    await api.cluster.api.read({ ...policy, metadata: { name: 'db', namespace: 'shop' } }),
  ).toMatchObject({ ...objects[1] });
});

test('what the stage before had and this one has not is deleted, and nothing else', async () => {
  await start();
  const [open, deny] = [objectsOf(OPEN), objectsOf(OPEN + DENY)];
  const events: string[] = [];
  const onEvent = (event: { kind: string; object?: string }) =>
    events.push(`${event.kind} ${event.object}`);
  await applyStage(api.cluster, { objects: deny, before: [] }, { clock: clock() });
  await applyStage(api.cluster, { objects: open, before: deny }, { clock: clock(), onEvent });
  expect(paths()).toEqual([
    '/api/v1/namespaces/shop',
    '/apis/apps/v1/namespaces/shop/deployments/web',
  ]);
  expect(events.at(-1)).toBe('deleted NetworkPolicy shop/default-deny');
});

test('too busy, down or not there yet is waited for', async () => {
  const answers = [429, 503, 409];
  await start({ refuse: (method) => (method === 'PATCH' ? answers.shift() : undefined) });
  await applyStage(api.cluster, { objects: objectsOf(OPEN), before: [] }, { clock: clock() });
  expect(paths()).toHaveLength(2);
});

test('what is still ending from before is waited for, then made anew', async () => {
  await start();
  const path = '/api/v1/namespaces/shop';
  const deletionTimestamp = '2026-11-21T12:00:00Z';
  const metadata = { name: 'shop', deletionTimestamp };
  api.objects.set(path, { kind: 'Namespace', metadata });
  const waits: string[] = [];
  const fake = clock();
  const sleep = async (ms: number) => {
    if (fake.now() >= 3_000) api.objects.delete(path);
    await fake.sleep(ms);
  };
  await applyStage(
    api.cluster,
    { objects: objectsOf(OPEN), before: [] },
    {
      clock: { now: fake.now, sleep },
      onEvent: (event) => event.kind === 'waiting' && waits.push(event.for),
    },
  );
  expect(api.objects.get(path)?.metadata).toEqual({ name: 'shop', generation: 1, uid: 'uid-0' });
  expect(waits).toEqual(Array(4).fill('Namespace shop: the one before it still ends'));
});

test('a refusal no waiting cures is told in words of the server', async () => {
  await start({ refuse: (method) => (method === 'PATCH' ? 422 : undefined) });
  await expect(
    applyStage(api.cluster, { objects: objectsOf(OPEN), before: [] }, { clock: clock() }),
  ).rejects.toMatchObject({
    code: 'refused-by-cluster',
    problem: 'the cluster refused Namespace shop: refused by the "test"',
  });
});

test('a kind the cluster never learns of ends with what was waited for', async () => {
  await start();
  const strange = { apiVersion: 'strange.io/v1', kind: 'Strange', metadata: { name: 'x' } };
  await expect(
    applyStage(api.cluster, { objects: [strange], before: [] }, { clock: clock() }),
  ).rejects.toMatchObject({ code: 'apply-timeout', problem: expect.stringContaining('Strange x') });
});

test('a rollout is waited for, and a stuck one says what is missing', async () => {
  await start({ readsUntilReady: 3 });
  const objects = objectsOf(OPEN);
  await applyStage(api.cluster, { objects, before: [] }, { clock: clock() });
  const waits: string[] = [];
  const onWait = (reason: string) => waits.push(reason);
  await waitUntilRolledOut(api.cluster, objects, { clock: clock(), onWait });
  expect(waits).toEqual([
    'Deployment shop/web: its controller has not seen it yet',
    'Deployment shop/web: 0 of 2 available',
    'Deployment shop/web: 0 of 2 available',
  ]);

  const missing = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'no', namespace: 'shop' },
  };
  await expect(
    waitUntilRolledOut(api.cluster, [missing], { clock: clock(), deadlineMs: 10_000 }),
  ).rejects.toMatchObject({
    code: 'rollout-timeout',
    problem: 'not rolled out within 10 s: Deployment shop/no: not there yet',
  });
});

test('before teardown, what the account pays for is deleted while controllers live', async () => {
  await start();
  const put = (path: string, kind: string, name: string, spec: object = {}) =>
    api.objects.set(path, { kind, metadata: { name, namespace: 'shop' }, spec } as Stored);
  put('/api/v1/namespaces/shop/services/web', 'Service', 'web', { type: 'LoadBalancer' });
  put('/api/v1/namespaces/shop/services/db', 'Service', 'db', { type: 'ClusterIP' });
  put('/apis/networking.k8s.io/v1/namespaces/shop/ingresses/all', 'Ingress', 'all');
  put('/api/v1/namespaces/shop/persistentvolumeclaims/data', 'PersistentVolumeClaim', 'data');
  // The cluster has no Gateway API at all: nothing of it is there, and that is no error.
  const found = await billedObjects(api.cluster);
  expect(found.map(({ kind, metadata }) => `${kind} ${metadata?.name}`)).toEqual([
    'Ingress all',
    'Service web',
    'PersistentVolumeClaim data',
  ]);
  expect(await releaseBilled(api.cluster, { clock: clock() })).toEqual([]);
  expect(paths()).toEqual(['/api/v1/namespaces/shop/services/db']);
});
