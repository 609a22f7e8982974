import { synthesizeStage } from '../../../charts';
import { applyStage } from '../../../lib/cluster/apply';
import { checkEnforcement } from '../../../lib/cluster/canary';
import { runChecks } from '../../../lib/cluster/check';
import { objectsOf } from '../../../lib/cluster/cluster';
import { execute } from '../../../lib/cluster/execute';
import { probeFlows } from '../../../lib/cluster/probe';
import { waitUntilRolledOut } from '../../../lib/cluster/rollout';
import { systemClock as clock } from '../../../lib/model/clock';
import { type ControlPlane, startControlPlane } from './control-plane';
import { describeNode } from './describe';
import { type Machine, openMachine } from './machine';
import { AGNHOST_IMAGE, startNode } from './node';

void [runChecks, execute, probeFlows];
const LAB = 'k8s-5-network-policy';

describeNode('a lab on a real node', () => {
  let machine: Machine;
  let plane: ControlPlane;
  beforeAll(async () => {
    machine = await openMachine();
    plane = await startControlPlane(['*'], machine);
    await startNode(machine, plane);
  });
  afterAll(async () => {
    await plane?.stop();
    await machine?.stop();
  });

  const stageOf = (stage: string) => objectsOf(synthesizeStage(LAB, stage, 'alone'));

  test('a stage is applied and rolled out', async () => {
    const objects = stageOf('open');
    await applyStage(plane.cluster, { objects, before: [] }, { clock });
    await waitUntilRolledOut(plane.cluster, objects, { clock, deadlineMs: 60_000 });
  });

  test('the canary says that nobody enforces policies here, and leaves nothing', async () => {
    const look = () =>
      checkEnforcement(plane.cluster, { clock, image: AGNHOST_IMAGE, deadlineMs: 5_000 });
    await expect(look()).rejects.toMatchObject({ code: 'no-enforcement' });
    // The next look comes before the first one's namespace is gone.
    await expect(look()).rejects.toMatchObject({ code: 'no-enforcement' });
  });
});
