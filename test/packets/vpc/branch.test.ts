import { planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import type { Flow } from '../../../lib/model/flow';
import { verdictOf } from '../../../lib/model/observation';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { productionTemplates, vpcWorld } from '../../build/production-vpc';
import { describePackets } from '../kernel';

/** Nobody of the namespace may call or be called. */
const closed = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'default-deny', namespace: 'shop' },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
};

const pod = (name: string) => ({ kind: 'pod', namespace: 'shop', name }) as const;

const flow = (from: string, to: string, port: number): Flow => ({
  from: pod(from),
  to: pod(to),
  port,
  protocol: 'TCP',
});

const standard = (world: World): World => ({
  ...world,
  nodes: world.nodes.map((node) =>
    node.placement === undefined
      ? node
      : { ...node, placement: { ...node.placement, podSecurityGroups: 'standard' } },
  ),
});

async function answers(world: World, flows: readonly Flow[]) {
  const engine = createEngine(world, { staged: 'as-written' });
  const sandbox = await openSandbox({ mode: 'tied' });
  try {
    await sandbox.run(planWorld(world));
    const probes = flows.map((one) => probeOf(world, one));
    const observed = await sandbox.probe(probes, { timeoutMs: 400, trace: 'off' });
    return flows.map((one, i) => ({
      predicted: engine.explain(one).verdict,
      seen: verdictOf(observed[i]?.outcome ?? 'unsupported'),
    }));
  } finally {
    await sandbox.close();
  }
}

describePackets(
  'pods with security groups of their own, and a policy that closes everything',
  () => {
    const world = vpcWorld(productionTemplates(), [closed]);
    const flows = [
      flow('front-a', 'db-a', 5432),
      flow('front-a', 'db-b', 5432),
      flow('web-a', 'front-a', 8080),
      flow('web-a', 'web-b', 8080),
    ];
    const both = (verdict: string) => ({ predicted: verdict, seen: verdict });

    test('strict: policies do not see them, their groups decide', async () => {
      // web-a itself is an ordinary pod, and isolated.
      const expected = ['allowed', 'allowed', 'denied', 'denied'].map(both);
      expect(await answers(world, flows)).toEqual(expected);
    }, 30_000);

    test('standard: policies see them like any other pod', async () => {
      expect(await answers(standard(world), flows)).toEqual(flows.map(() => both('denied')));
    }, 30_000);
  },
);
