import { labs } from '../../labs';
import { netnsOf } from '../../lib/dataplane/commands/names';
import { planStage } from '../../lib/dataplane/plan';
import { worldOf } from './lab-worlds';

const lab = labs.find(({ id }) => id === 'k8s-7-troubleshoot');

test('a pod that comes back under another address listens again', () => {
  if (lab === undefined) throw new Error('the lab is gone');
  // Without backends, db has the address that a backend has otherwise.
  const before = worldOf(lab, 'no-endpoints');
  const after = worldOf(lab, 'healthy');
  const addressIn = (world: typeof before) =>
    world.pods.find(({ name }) => name === 'db-0')?.addresses[0];
  expect(addressIn(before)).not.toBe(addressIn(after));

  const listening = planStage(before, after).flatMap((command) =>
    command.kind === 'listen' ? [command.netns] : [],
  );
  const moved = after.pods.filter(
    (pod) =>
      !before.pods.some((old) => old.name === pod.name && old.addresses[0] === pod.addresses[0]),
  );
  expect(moved.map(({ name }) => name)).toContain('db-0');
  for (const pod of moved.filter(({ namespace }) => namespace === 'shop'))
    expect(listening).toContain(netnsOf(pod));
});
