import { paginateGetResources } from '@aws-sdk/client-resource-groups-tagging-api';
import { LAB_TAG } from '../../model/lab-tags';
import type { Aws } from '../aws';
import { collect } from '../collect';
import { tagsOf } from '../tags';
import type { Leftover } from './leftover';

/** Described by calls of their own, which know better whether they are still there. */
const DESCRIBED =
  /^(ec2:(?!dhcp-options|key-pair|prefix-list|placement-group|snapshot|image)|elasticloadbalancing:|eks:|cloudformation:)/;

/**
 * Whatever else carries the lab's tag, by ARN: a fallback, so that a kind of resource that is not
 * supported is still reported. Only log groups are removed; the rest must be removed by hand.
 */
export async function lookAtTagged({ tagging }: Aws, lab: string): Promise<readonly Leftover[]> {
  const TagFilters = [{ Key: LAB_TAG, Values: [lab] }];
  const found = await collect(
    paginateGetResources({ client: tagging }, { TagFilters }),
    (page) => page.ResourceTagMappingList,
  );
  return found.flatMap(({ ResourceARN: arn = '', Tags }): readonly Leftover[] => {
    const [, , service = '', , , ...rest] = arn.split(':');
    const resource = rest.join(':');
    if (DESCRIBED.test(`${service}:${resource}`)) return [];
    const common = { tags: tagsOf(Tags), vpcs: [], status: { kind: 'idle' }, perHour: 0 } as const;
    if (service === 'logs' && resource.startsWith('log-group:')) {
      const name = resource.slice('log-group:'.length).replace(/:\*$/, '');
      return [{ kind: 'log-group', id: name, name, ...common }];
    }
    return [{ kind: 'other', id: arn, name: '', ...common }];
  });
}
