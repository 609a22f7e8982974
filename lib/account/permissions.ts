import {
  clusterName,
  clusterNames,
  controlPlaneLogGroup,
  expiryLogGroup,
  expiryStackName,
  LAB_TAG,
  logGroupPrefix,
  rolePath,
  stackNames,
} from '../model/lab-tags';
import { type ActionScope, CALLS, type Purpose } from './calls';

/** Whose policy, where. */
export interface IamPolicyOptions {
  /** The lab's name in the account. */
  readonly lab: string;
  readonly account: string;
  readonly region: string;
  /** `aws` everywhere but in China and GovCloud. */
  readonly partition?: string;
}

export interface IamPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly IamStatement[];
}

export interface IamStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/**
 * The least an identity needs for a purpose, made from the table of calls. Reading cannot be
 * narrowed (EC2's and ELB's Describe actions know no resources); removing is, by the lab's tag
 * where the call supports it and the thing has it, else by what the cluster's controllers wrote.
 */
export function policyFor(purposes: readonly Purpose[], options: IamPolicyOptions): IamPolicy {
  const calls = CALLS.filter((call) => call.for.some((purpose) => purposes.includes(purpose)));
  const scopes = [...new Set(calls.map(({ scope }) => scope))];
  return {
    Version: '2012-10-17',
    Statement: scopes.map((scope) => {
      const actions = calls.filter((call) => call.scope === scope).map(({ action }) => action);
      const Action = [...new Set(actions)].sort();
      return { Sid: SIDS[scope], Effect: 'Allow', Action, ...narrowed(scope, options) };
    }),
  };
}

const SIDS: Readonly<Record<ActionScope, string>> = {
  read: 'Look',
  stacks: 'LabStacks',
  'lab-tag': 'RemoveTagged',
  'cluster-tag': 'RemoveBalancersOfTheCluster',
  'cluster-owned': 'RemoveVolumesOfTheCluster',
  region: 'RemoveUntaggedInThisRegion',
  logs: 'RemoveLogs',
  schedule: 'MoveTheEnd',
  'pass-role': 'KeepTheScheduleItsRole',
  'cdk-roles': 'DeployAsTheBootstrapRoles',
};

function narrowed(
  scope: ActionScope,
  { lab, account, region, partition = 'aws' }: IamPolicyOptions,
): Pick<IamStatement, 'Resource' | 'Condition'> {
  const arn = (service: string, resource: string, at = region) =>
    `arn:${partition}:${service}:${at}:${account}:${resource}`;
  const here = { 'aws:RequestedRegion': region };
  switch (scope) {
    case 'read':
      return { Resource: '*' };
    case 'stacks':
      return {
        Resource: stackNames(lab).map((stack) => arn('cloudformation', `stack/${stack}/*`)),
      };
    case 'lab-tag':
      return { Resource: '*', Condition: equals({ ...here, [resourceTag(LAB_TAG)]: lab }) };
    case 'cluster-tag': {
      const clusters = [...clusterNames(lab)];
      const tag = { [resourceTag('elbv2.k8s.aws/cluster')]: clusters };
      return { Resource: '*', Condition: equals({ ...here, ...tag }) };
    }
    case 'cluster-owned': {
      const tag = `kubernetes.io/cluster/${clusterName(lab)}`;
      return { Resource: '*', Condition: equals({ ...here, [resourceTag(tag)]: 'owned' }) };
    }
    case 'region':
      return { Resource: '*', Condition: equals(here) };
    case 'logs':
      return { Resource: logGroupsOf(lab).map((name) => arn('logs', `log-group:${name}`)) };
    case 'schedule':
      return { Resource: arn('scheduler', `schedule/default/${expiryStackName(lab)}`) };
    case 'pass-role':
      return {
        Resource: arn('iam', `role${rolePath(lab)}*`, ''),
        Condition: equals({ 'iam:PassedToService': 'scheduler.amazonaws.com' }),
      };
    case 'cdk-roles':
      return { Resource: arn('iam', `role/cdk-hnb659fds-*-${account}-${region}`, '') };
  }
}

/** Log groups of a lab, as patterns of their names. */
const logGroupsOf = (lab: string): readonly string[] => [
  `${logGroupPrefix(lab)}*`,
  `${expiryLogGroup(lab)}*`,
  ...clusterNames(lab).map((cluster) => `${controlPlaneLogGroup(cluster)}*`),
  ...stackNames(lab).map((stack) => `/aws/lambda/${stack}-*`),
];

const equals = (values: Readonly<Record<string, string | string[]>>) => ({ StringEquals: values });
const resourceTag = (key: string): string => `aws:ResourceTag/${key}`;
