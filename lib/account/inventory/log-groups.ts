import {
  ListTagsForResourceCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  clusterNames,
  controlPlaneLogGroup,
  expiryLogGroup,
  logGroupPrefix,
  stackNames,
} from '../../model/lab-tags';
import type { Aws } from '../aws';
import { collect, unlessGone } from '../collect';
import { inParallel } from '../parallel';
import type { Leftover } from './leftover';

/** Log groups whose names may be the lab's; most services make them without any tag. */
export async function lookAtLogGroups({ logs }: Aws, lab: string): Promise<readonly Leftover[]> {
  const prefixes = [
    ...clusterNames(lab).map(controlPlaneLogGroup),
    logGroupPrefix(lab),
    expiryLogGroup(lab),
    ...stackNames(lab).map((stack) => `/aws/lambda/${stack}-`),
  ];
  const found = await inParallel(prefixes, (logGroupNamePrefix) =>
    collect(paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix }), (page) =>
      page.logGroups?.map(({ logGroupName = '', arn = '' }) => ({ name: logGroupName, arn })),
    ),
  );
  return inParallel(found.flat(), async ({ name, arn }) => {
    // The ARN in the list ends in `:*`, which this call refuses.
    const resourceArn = arn.replace(/:\*$/, '');
    const command = new ListTagsForResourceCommand({ resourceArn });
    const tags = (await unlessGone(logs.send(command)))?.tags ?? {};
    return {
      kind: 'log-group',
      id: name,
      name,
      tags,
      vpcs: [],
      status: { kind: 'idle' },
      perHour: 0,
    };
  });
}
