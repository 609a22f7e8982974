import type { Aws } from '../../../lib/account/aws';
import { lookAtMachines } from '../../../lib/account/inventory/machines';
import { LAB_TAG } from '../../../lib/model/lab-tags';
import { ec2InMemory } from './ec2-in-memory';

const Tags = [{ Key: LAB_TAG, Value: 'shop' }];
const volume = (State: string) => ({
  VolumeId: `vol-${State}`,
  Size: 100,
  VolumeType: 'gp3',
  State,
  Tags,
});

test('a volume that is in use goes with its instance; one on its own costs until it is removed', async () => {
  const Volumes = ['in-use', 'available', 'deleting', 'deleted'].map(volume);
  const aws = { ec2: ec2InMemory({ Volumes }) } as Partial<Aws> as Aws;
  const found = await lookAtMachines(aws, { lab: 'shop', vpcs: [] });
  expect(found.map(({ id, status, perHour }) => [id, status, perHour.toFixed(4)])).toEqual([
    ['vol-in-use', { kind: 'attached', to: 'instance' }, '0.0110'],
    ['vol-available', { kind: 'idle' }, '0.0110'],
    ['vol-deleting', { kind: 'going' }, '0.0110'],
  ]);
});
