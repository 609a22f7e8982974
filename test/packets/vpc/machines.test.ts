import { planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { type Flow, type FlowEnd, formatEnd } from '../../../lib/model/flow';
import { verdictOf } from '../../../lib/model/observation';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { machineWorld } from '../../build/machines';
import { describePackets } from '../kernel';

/** Everybody to everybody, on every port that some group speaks of and one that none does. */
function flowsOf(world: World): readonly Flow[] {
  const machines = world.vpcs
    .flatMap(({ interfaces }) => interfaces)
    .filter(({ owner }) => owner.kind === 'resource')
    .map(({ id }): FlowEnd => ({ kind: 'eni', name: id }));
  const ends: readonly FlowEnd[] = [...machines, { kind: 'internet' }];
  return ends.flatMap((from) =>
    ends
      .filter((to) => to !== from)
      .flatMap((to) =>
        [22, 2049, 5432, 443].map((port): Flow => ({ from, to, protocol: 'TCP', port })),
      ),
  );
}

const nameOf = ({ from, to, port }: Flow): string =>
  `${formatEnd(from)} -> ${formatEnd(to)} ${port}`;

describePackets('machines of a template', () => {
  const world = machineWorld();
  const flows = flowsOf(world);
  const engine = createEngine(world, { staged: 'as-written' });
  const predicted = new Map(flows.map((flow) => [nameOf(flow), engine.explain(flow).verdict]));

  test('every flow among them goes as predicted', async () => {
    const sandbox = await openSandbox({ mode: 'tied' });
    try {
      await sandbox.run(planWorld(world));
      const probes = flows.map((flow) => probeOf(world, flow));
      const observed = await sandbox.probe(probes, { timeoutMs: 400, trace: 'off' });
      const seen = flows.map((flow, i) => [
        nameOf(flow),
        verdictOf(observed[i]?.outcome ?? 'unsupported'),
      ]);
      expect(seen).toHaveLength(728);
      // An address that AWS chooses is unknown to the prediction, and the lab has to choose one.
      const known = [...predicted].filter(([, verdict]) => verdict !== 'unknown');
      expect(known.length).toBeGreaterThan(600);
      expect(Object.fromEntries(seen)).toMatchObject(Object.fromEntries(known));
    } finally {
      await sandbox.close();
    }
  });

  test.each([
    ['internet -> eni:Bastion 22', 'allowed'],
    ['internet -> eni:Bastion 443', 'denied'],
    // Reached by its Elastic IP, but its answers find no gateway.
    ['internet -> eni:Lost 22', 'denied'],
    ['internet -> eni:Worker 22', 'no-route'],
    ['eni:Worker -> internet 443', 'allowed'],
    ['eni:Lost -> internet 443', 'no-route'],
    ['eni:Worker -> eni:Database/DataA 5432', 'allowed'],
    ['eni:Bastion -> eni:Database/DataA 5432', 'denied'],
    ['eni:Tasks -> eni:Files 2049', 'allowed'],
    ['eni:Reporter/DataB -> eni:Files 2049', 'denied'],
    // Members of the default group hear each other alone.
    ['eni:Worker -> eni:Plain 22', 'denied'],
  ])('%s is %s', (name, verdict) => {
    expect(predicted.get(name)).toBe(verdict);
  });
});
