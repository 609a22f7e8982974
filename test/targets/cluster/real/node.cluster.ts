import { stagesOf, synthesizeStage } from '../../../../charts';
import { labs } from '../../../../labs';
import { runChecks } from '../../../../lib/checks/run';
import type { Check } from '../../../../lib/lab/check';
import { ip } from '../../../../lib/model/address';
import { systemClock as clock } from '../../../../lib/model/clock';
import { type Flow, type FlowEnd, formatEnd } from '../../../../lib/model/flow';
import type { Outcome } from '../../../../lib/model/observation';
import { createEngine } from '../../../../lib/reach/engine';
import { stageWorld } from '../../../../lib/session/lab-world';
import { applyStage } from '../../../../lib/targets/cluster/apply';
import { checkEnforcement } from '../../../../lib/targets/cluster/canary';
import { objectsOf } from '../../../../lib/targets/cluster/cluster';
import { probeUntil } from '../../../../lib/targets/cluster/probe';
import { waitUntilRolledOut } from '../../../../lib/targets/cluster/rollout';
import { clusterTarget } from '../../../../lib/targets/cluster/target';
import { type ControlPlane, startControlPlane } from './control-plane';
import { describeNode } from './describe';
import { clusterDns } from './dns';
import { type Enforcer, startEnforcer } from './enforcer';
import { AGNHOST_IMAGE } from './images';
import { type Machine, openMachine } from './machine';
import { startNode } from './node';

const LAB = 'k8s-5-network-policy';
const lab = labs.find(({ id }) => id === LAB);
if (lab === undefined) throw new Error(`no lab ${LAB}`);

describeNode('a lab on a real node', () => {
  let machine: Machine;
  let plane: ControlPlane;
  beforeAll(async () => {
    machine = await openMachine();
    plane = await startControlPlane(['*'], machine);
    await startNode(machine, plane);
    const objects = clusterDns();
    await applyStage(plane.cluster, { objects, before: [] }, { clock });
    await waitUntilRolledOut(plane.cluster, objects, { clock, deadlineMs: 60_000 });
  });
  afterAll(async () => {
    await plane?.stop();
    await machine?.stop();
  });

  const stageOf = (stage: string) => objectsOf(synthesizeStage(LAB, stage, 'alone'));
  const move = async (stage: string, before = 'open'): Promise<void> => {
    const objects = stageOf(stage);
    await applyStage(plane.cluster, { objects, before: stageOf(before) }, { clock });
    await waitUntilRolledOut(plane.cluster, objects, { clock, deadlineMs: 60_000 });
  };
  const look = (waitMs: number) =>
    checkEnforcement(plane.cluster, { clock, image: AGNHOST_IMAGE, deadlineMs: waitMs });
  // One round of denied flows takes ten seconds by itself; a late policy is seen in the next.
  const deadlineMs = 40_000;

  describe('that enforces no policy', () => {
    test('a stage is rolled out, and what its pods see is told by its class', async () => {
      await move('open');
      const wanted: readonly Wanted[] = [
        { flow: flowTo(pod('shop', 'backend-0'), 8080), outcomes: ['connected'] },
        { flow: flowTo(service('shop', 'backend'), 'http'), outcomes: ['connected'] },
        { flow: udp(flowTo(pod('shop', 'backend-1'), 8080)), outcomes: ['connected'] },
        { flow: udp(flowTo(service('kube-system', 'kube-dns'), 53)), outcomes: ['connected'] },
        { flow: flowTo(pod('shop', 'backend-1'), 9), outcomes: ['refused'] },
        { flow: flowTo({ kind: 'ip', address: ip('192.0.2.1') }, 443), outcomes: ['timed-out'] },
        { flow: flowTo(pod('shop', 'backend-9'), 8080), outcomes: ['unsupported'] },
      ];
      // A Service's rules follow its pods after a moment.
      const seen = await probeUntil(plane.cluster, wanted, { clock, deadlineMs });
      expect(seen.map(({ outcome }) => outcome)).toEqual(wanted.map(({ outcomes }) => outcomes[0]));
    });

    test('the canary says so, twice in a row, and leaves nothing', async () => {
      await expect(look(2_000)).rejects.toMatchObject({ code: 'no-enforcement' });
      // The next look comes before the namespace of the first is gone.
      await expect(look(2_000)).rejects.toMatchObject({ code: 'no-enforcement' });
    });

    test('a denial that does not come is no success', async () => {
      await move('default-deny');
      const [check] = checksOf('isolate');
      const results = await carriedOut(check === undefined ? [] : [check], 'default-deny', 0);
      expect(results).toEqual([
        expect.stringMatching(/^wrong: .* was connected, expected timed-out/),
      ]);
    });
  });

  describe("where this project's rules are loaded", () => {
    let enforcer: Enforcer;
    beforeAll(() => {
      enforcer = startEnforcer(machine, plane);
    });
    afterAll(() => enforcer?.stop());

    test('the canary passes', () => look(deadlineMs));

    test.each(stagesOf(LAB))('stage %s: every flow is as predicted', async (stage) => {
      await move(stage, 'default-deny');
      const wanted = predictions(stage);
      const seen = await probeUntil(plane.cluster, wanted, { clock, deadlineMs });
      const observed = seen.map(({ flow, outcome }) => told(flow, outcome));
      expect(observed).toEqual(wanted.map(({ flow, outcomes }) => told(flow, outcomes[0])));
    });

    test("each step's checks are right after its solution", async () => {
      let before = 'app';
      for (const { id, solution } of lab.steps) {
        if (solution.kind !== 'stage') continue;
        await move(solution.stage, before);
        before = solution.stage;
        const results = await carriedOut(checksOf(id), solution.stage, deadlineMs);
        expect(results.filter((result) => !result.startsWith('right'))).toEqual([]);
      }
    });
  });

  const checksOf = (step: string) => lab.steps.find(({ id }) => id === step)?.checks ?? [];
  const carriedOut = async (checks: readonly Check[], stage: string, settleMs: number) => {
    const scope = { world: stageWorld(lab, stage), home: 'shop' };
    const view = { target: 'kind', scope, changesVpc: false, hosts: new Map() } as const;
    const worldAt = (name: string) => stageWorld(lab, name);
    const options = {
      cluster: plane.cluster,
      view,
      stageWorld: worldAt,
      clock,
      settleMs,
      canaryImage: AGNHOST_IMAGE,
    };
    // The canary has a test of its own above.
    const target = { ...clusterTarget(options), proveEnforcement: async () => undefined };
    const results = await runChecks(checks, { target, progress: undefined });
    return results.map((result) => `${result.kind}: ${'saw' in result ? result.saw : ''}`);
  };
});

interface Wanted {
  readonly flow: Flow;
  readonly outcomes: readonly [Outcome];
}

/** What the engine says of every call between the lab's pods, from its manifests alone. */
function predictions(stage: string): readonly Wanted[] {
  if (lab === undefined) return [];
  const world = stageWorld(lab, stage);
  const engine = createEngine(world, { staged: 'as-written' });
  // The DNS pods answer; no probe starts from them, for they are not the lab's.
  const sources = world.pods.filter(({ namespace }) => namespace !== 'kube-system');
  return sources.flatMap((from) =>
    world.pods
      .filter((to) => to !== from)
      .flatMap((to) => to.ports.map((at) => ({ to, at })))
      .map(({ to, at: { port, protocol } }) => {
        const flow: Flow = { ...flowTo(end(to), port), from: end(from), protocol };
        const { verdict } = engine.explain(flow);
        return { flow, outcomes: [verdict === 'allowed' ? 'connected' : 'timed-out'] as const };
      }),
  );
}

const service = (namespace: string, name: string): FlowEnd => ({
  kind: 'service',
  namespace,
  name,
});
const udp = (flow: Flow): Flow => ({ ...flow, protocol: 'UDP' });
const pod = (namespace: string, name: string): FlowEnd => ({ kind: 'pod', namespace, name });
const end = ({ namespace, name }: { namespace: string; name: string }) => pod(namespace, name);
const flowTo = (to: FlowEnd, port: number | string | undefined): Flow => ({
  from: pod('shop', 'frontend-0'),
  to,
  protocol: 'TCP',
  port,
});
const told = ({ from, to, port, protocol }: Flow, outcome: Outcome): string =>
  `${formatEnd(from)} -> ${formatEnd(to)}:${port}/${protocol} ${outcome}`;
