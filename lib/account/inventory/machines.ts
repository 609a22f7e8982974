import {
  type Instance,
  paginateDescribeInstances,
  paginateDescribeLaunchTemplates,
  paginateDescribeVolumes,
  type Volume,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws';
import { collect, either } from '../collect';
import { HOURLY, HOURS_PER_MONTH, INSTANCE, MONTHLY } from '../cost/prices';
import { tagsOf } from '../tags';
import type { Leftover, Status } from './leftover';
import type { Search } from './types';
import { filtersOf } from './vpc';

/** Instances, their launch templates, and volumes (those of claims outlive every instance). */
export async function lookAtMachines(aws: Aws, search: Search): Promise<readonly Leftover[]> {
  const client = aws.ec2;
  const byTag = filtersOf({ ...search, vpcs: [] }, 'vpc-id', ['kubernetes']);
  const found = await Promise.all([
    either(filtersOf(search, 'vpc-id', ['kubernetes']), (Filters) =>
      collect(paginateDescribeInstances({ client }, { Filters }), (page) =>
        page.Reservations?.flatMap((r) => r.Instances ?? []).flatMap(instanceLeftover),
      ),
    ),
    either(byTag, (Filters) =>
      collect(paginateDescribeVolumes({ client }, { Filters }), (page) =>
        page.Volumes?.flatMap(volumeLeftover),
      ),
    ),
    either(byTag, (Filters) =>
      collect(paginateDescribeLaunchTemplates({ client }, { Filters }), (page) =>
        page.LaunchTemplates?.map(({ LaunchTemplateId: id = '', LaunchTemplateName, Tags }) => ({
          kind: 'launch-template' as const,
          id,
          name: LaunchTemplateName ?? '',
          tags: tagsOf(Tags),
          vpcs: [],
          status: { kind: 'idle' as const },
          perHour: 0,
        })),
      ),
    ),
  ]);
  return found.flat();
}

function instanceLeftover(instance: Instance): readonly Leftover[] {
  const { InstanceId: id = '', InstanceType = '', VpcId, State, Tags } = instance;
  if (State?.Name === 'terminated') return [];
  const tags = tagsOf(Tags);
  const isGoing = State?.Name === 'shutting-down';
  const isStopped = State?.Name === 'stopped' || isGoing;
  const publicIp = instance.PublicIpAddress === undefined ? 0 : HOURLY.publicIpv4;
  return [
    {
      kind: 'instance',
      id,
      name: tags.Name ?? '',
      tags,
      vpcs: VpcId === undefined ? [] : [VpcId],
      status: { kind: isGoing ? 'going' : 'idle' },
      perHour: isStopped ? 0 : (INSTANCE[InstanceType] ?? 0) + publicIp,
    },
  ];
}

function volumeLeftover(volume: Volume): readonly Leftover[] {
  const { VolumeId: id = '', Size = 0, VolumeType = 'gp2', State } = volume;
  if (State === 'deleted') return [];
  const tags = tagsOf(volume.Tags);
  const prices: Readonly<Record<string, number>> = MONTHLY.volumeGiB;
  const perHour = (Size * (prices[VolumeType] ?? 0)) / HOURS_PER_MONTH;
  const status: Status =
    State === 'in-use'
      ? { kind: 'attached', to: 'instance' }
      : { kind: State === 'deleting' ? 'going' : 'idle' };
  return [{ kind: 'volume', id, name: tags.Name ?? '', tags, vpcs: [], status, perHour }];
}
