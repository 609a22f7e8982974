import { planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import type { Flow, FlowEnd } from '../../../lib/model/flow';
import { formatEnd } from '../../../lib/model/flow';
import { verdictOf } from '../../../lib/model/observation';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { readWorld } from '../../../lib/read/world';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { labTemplates } from '../../lab-templates';
import { describePackets } from '../kernel';

/** Two clusters in two peered VPCs: nodes a and b of the one, a2 and b2 of the other. */
function peeredWorld(): World {
  const nodes = ['node-a', 'node-b', 'node-a2', 'node-b2'];
  const text = nodes.map((node) => JSON.stringify(podOn(node))).join('\n---\n');
  const templates = labTemplates({ lab: 'mc-1-two-clusters', size: 'small' });
  const reading = readWorld({ manifests: [{ path: 'pods.yaml', text }], templates });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

const podOn = (node: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name: `on-${node}` },
  spec: { nodeName: node, containers: [{ name: 'main', image: 'none' }] },
});

/** The other VPC forgets the way to the first one. */
const oneWay = (world: World): World => ({
  ...world,
  vpcs: world.vpcs.map((vpc, i) =>
    i === 0
      ? vpc
      : {
          ...vpc,
          routeTables: vpc.routeTables.map((table) => ({
            ...table,
            routes: table.routes.filter(({ target }) => target.kind !== 'peering'),
          })),
        },
  ),
});

async function compare(
  world: World,
): Promise<readonly Record<'flow' | 'predicted' | 'seen', string>[]> {
  const ends: readonly FlowEnd[] = [
    ...world.pods.map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name })),
    ...world.nodes.map(({ name }): FlowEnd => ({ kind: 'node', name })),
    { kind: 'internet' },
  ];
  const flows = ends.flatMap((from) =>
    ends.filter((to) => to !== from).map((to): Flow => ({ from, to, protocol: 'TCP', port: 443 })),
  );
  const sandbox = await openSandbox({ mode: 'tied' });
  try {
    await sandbox.run(planWorld(world));
    const probes = flows.map((flow) => probeOf(world, flow));
    const observed = await sandbox.probe(probes, { timeoutMs: 400, trace: 'off' });
    const engine = createEngine(world, { staged: 'as-written' });
    return flows.map((flow, i) => ({
      flow: `${formatEnd(flow.from)} to ${formatEnd(flow.to)}`,
      predicted: engine.explain(flow).verdict,
      seen: verdictOf(observed[i]?.outcome ?? 'unsupported'),
    }));
  } finally {
    await sandbox.close();
  }
}

describePackets('two clusters in two peered VPCs', () => {
  const world = peeredWorld();
  const across = ({ flow }: { readonly flow: string }): boolean =>
    /on-node-[ab] to .*node-[ab]2$/.test(flow);

  test('every flow is what was predicted, and pods reach the other cluster', async () => {
    const answers = await compare(world);
    expect(answers.filter(({ predicted, seen }) => predicted !== seen)).toEqual([]);
    expect(answers.filter(across).map(({ seen }) => seen)).toEqual(Array(8).fill('allowed'));
  }, 30_000);

  test('without the route back the other cluster hears, and is not heard', async () => {
    const answers = await compare(oneWay(world));
    expect(answers.filter(({ predicted, seen }) => predicted !== seen)).toEqual([]);
    expect(answers.filter(across).map(({ seen }) => seen)).toEqual(Array(8).fill('denied'));
  }, 30_000);
});
