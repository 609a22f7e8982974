import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { clusterNames, controlPlaneLogGroup, labName, stackName } from '../../model/lab-tags';
import type { Aws } from '../aws';
import { notice, type PreflightFinding, problem, tryTo } from '../finding';
import { findStack } from '../inventory/stacks';
import { inParallel } from '../parallel';
import type { Wanted } from './standing';

/**
 * Log groups that a lab of this name left behind. EKS writes a control plane's last lines after its
 * cluster is deleted and makes the group again, so a group that no stack owns would end the next
 * deployment at the cluster's stack with `AlreadyExists`, a quarter of an hour in.
 */
export async function checkLeftoverLogs(
  aws: Aws,
  wanted: Wanted,
): Promise<readonly PreflightFinding[]> {
  const name = labName(wanted.lab, wanted.as);
  const what = 'log groups of an earlier deployment';
  const asked = await tryTo(async () => {
    if ((await findStack(aws, stackName(name, 'cluster'))) !== undefined) return [];
    const groups = clusterNames(name).map(controlPlaneLogGroup);
    const found = await inParallel(groups, (group) => exists(aws, group));
    return groups.filter((_, i) => found[i]);
  });
  if (asked.kind === 'failed') {
    return [notice(what, `not known: ${asked.reason}`, 'allow logs:DescribeLogGroups')];
  }
  const [first] = asked.value;
  return first === undefined
    ? []
    : [
        problem(
          what,
          `${asked.value.join(' and ')} would end the deployment with AlreadyExists`,
          `lab sweep ${name} --region ${aws.region}`,
        ),
      ];
}

async function exists({ logs }: Aws, logGroupName: string): Promise<boolean> {
  const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName });
  const { logGroups = [] } = await logs.send(command);
  return logGroups.some((group) => group.logGroupName === logGroupName);
}
