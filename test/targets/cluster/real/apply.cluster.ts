import type { KubernetesObject } from '@kubernetes/client-node';
import { systemClock as clock } from '../../../../lib/model/clock';
import { applyStage } from '../../../../lib/targets/cluster/apply';
import { objectsOf } from '../../../../lib/targets/cluster/cluster';
import { billedObjects, releaseBilled } from '../../../../lib/targets/cluster/release';
import { waitUntilRolledOut } from '../../../../lib/targets/cluster/rollout';
import { type ControlPlane, startControlPlane } from './control-plane';
import { describeKubernetes } from './describe';

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: http }] }
`;
const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
`;

describeKubernetes('what applying means to a real API server', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane(['*']);
  });
  afterAll(() => plane?.stop());
  // The namespace stays, which would take five seconds to go.
  afterEach(() => must('delete', 'all', '--all', '--timeout=30s'));

  const all = (...texts: readonly string[]) => objectsOf(texts.join('---\n'));
  const move = (
    objects: readonly KubernetesObject[],
    before: readonly KubernetesObject[] = [],
    onWait: (reason: string) => void = () => undefined,
  ) =>
    applyStage(
      plane.cluster,
      { objects, before },
      {
        clock,
        deadlineMs: 30_000,
        onEvent: (event) => event.kind === 'waiting' && onWait(event.for),
      },
    );
  const at = async (path: string) => {
    const { status, body } = await plane.ask('GET', path);
    return status === 200 ? (body as KubernetesObject & { readonly spec: object }) : undefined;
  };
  const SHOP = '/api/v1/namespaces/shop';
  const WEB = `${SHOP}/services/web`;
  const must = async (...args: readonly string[]) =>
    expect(await plane.kubectl(['-n', 'shop', ...args])).toMatchObject({ code: 0 });

  test("ours is taken back from whoever changed it; what is a learner's own stays", async () => {
    const objects = all(NAMESPACE, DEPLOYMENT);
    await move(objects);
    await must('scale', 'deployment/web', '--replicas=5');
    await must('label', 'deployment/web', 'mine=yes');
    await move(objects);
    const web = await at('/apis/apps/v1/namespaces/shop/deployments/web');
    expect(web).toMatchObject({ metadata: { labels: { mine: 'yes' } }, spec: { replicas: 2 } });
  });

  test('namespaces come first, and a kind is waited for until it is served', async () => {
    const first = (text: string) => text.replaceAll('shop', 'first');
    await move(all(THING, THINGS, first(SERVICE), first(NAMESPACE)));
    expect(await at('/apis/lab.test/v1/namespaces/first/things/one')).toBeDefined();
    expect(await at('/api/v1/namespaces/first/services/web')).toBeDefined();
  });

  test('a field that nobody knows is refused in words of the server', async () => {
    const typo = SERVICE.replace('targetPort', 'targetport');
    await expect(move(all(NAMESPACE, typo))).rejects.toMatchObject({
      code: 'refused-by-cluster',
      problem: expect.stringContaining('.targetport: field not declared in schema'),
    });
  });

  test('what still ends is waited for, be it a namespace or held by a finalizer', async () => {
    const objects = all(NAMESPACE, SERVICE);
    await move(objects);
    await must('patch', 'service', 'web', '--type=merge', '-p', HELD);
    const waits: string[] = [];
    await move(all(NAMESPACE), objects);
    const again = move(objects, all(NAMESPACE), (reason) => waits.push(reason));
    await until(() => waits.length > 0);
    await must('patch', 'service', 'web', '--type=merge', '-p', RELEASED);
    await again;
    expect(waits).toContain('Service shop/web: the one before it still ends');
    expect((await at(WEB))?.metadata?.deletionTimestamp).toBeUndefined();

    await move([], objects);
    await move(objects, [], (reason) => waits.push(reason));
    expect(waits).toContain('Namespace shop: the one before it still ends');
    expect((await at(WEB))?.metadata?.deletionTimestamp).toBeUndefined();
  });

  test('a rollout that no node can carry out says what is missing', async () => {
    const objects = all(NAMESPACE, DEPLOYMENT);
    await move(objects);
    await expect(
      waitUntilRolledOut(plane.cluster, objects, { clock, deadlineMs: 3_000 }),
    ).rejects.toMatchObject({
      problem: 'not rolled out within 3 s: Deployment shop/web: 0 of 2 available',
    });
  });

  test('what bills is released while its controller still lives', async () => {
    const balanced = SERVICE.replace('spec: {', 'spec: { type: LoadBalancer,');
    await move(all(NAMESPACE, balanced, SERVICE.replace('name: web', 'name: db')));
    await must('patch', 'service', 'web', '--type=merge', '-p', HELD);
    const named = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata?.name}`;
    expect((await billedObjects(plane.cluster)).map(named)).toEqual(['Service web']);
    expect(await releaseBilled(plane.cluster, { clock, deadlineMs: 0 })).toEqual([
      'Service shop/web',
    ]);
    const released = releaseBilled(plane.cluster, { clock, deadlineMs: 30_000 });
    await must('patch', 'service', 'web', '--type=merge', '-p', RELEASED);
    expect(await released).toEqual([]);
    expect(await at(`${SHOP}/services/db`)).toBeDefined();
  });
});

const HELD = '{"metadata":{"finalizers":["lab.test/held"]}}';
const RELEASED = '{"metadata":{"finalizers":[]}}';

const THING = `
apiVersion: lab.test/v1
kind: Thing
metadata: { name: one, namespace: first }
`;
const THINGS = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.lab.test }
spec:
  group: lab.test
  scope: Namespaced
  names: { kind: Thing, plural: things, singular: thing, listKind: ThingList }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object } }
`;

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !isSo() && Date.now() < end; ) await clock.sleep(50);
}
