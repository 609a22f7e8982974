import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Arn, ArnFormat, Aws, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface DefaultSecurityGroupProps {
  readonly vpc: ec2.Vpc;
  /** The VPC has a second family, and AWS opened the group to it too. */
  readonly ipv6: boolean;
}

/** What a VPC's default group lets through when AWS makes it, in the words of the EC2 API. */
export const defaultRules = (groupId: string): readonly Revocation[] => [
  {
    name: 'Ingress',
    api: 'Ingress',
    family: 4,
    permission: { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: groupId }] },
  },
  {
    name: 'Egress',
    api: 'Egress',
    family: 4,
    permission: { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  },
  {
    name: 'EgressIpv6',
    api: 'Egress',
    family: 6,
    permission: { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  },
];

/** One rule to take away, one call each: a call that names a missing rule takes none away. */
export interface Revocation {
  readonly name: string;
  readonly api: 'Ingress' | 'Egress';
  readonly family: 4 | 6;
  readonly permission: object;
}

/**
 * Keeps the VPC's default security group empty, so an interface without a group of its own reaches
 * nothing and is reached by nothing (CIS AWS Foundations, "default security group restricts all traffic").
 *
 * CloudFormation cannot take rules away. The library's own flag deploys a function for it, whose
 * runtime ages and whose log group outlives the lab; here EventBridge Scheduler calls EC2 itself,
 * within a quarter of an hour and again in each, which also removes rules that were added by hand.
 */
export class DefaultSecurityGroup extends Construct {
  constructor(scope: Construct, id: string, props: DefaultSecurityGroupProps) {
    super(scope, id);
    const groupId = props.vpc.vpcDefaultSecurityGroup;
    const role = this.createRole(groupId);
    const rules = defaultRules(groupId).filter(({ family }) => family === 4 || props.ipv6);
    for (const rule of rules) this.schedule(rule, role, groupId);
  }

  private createRole(groupId: string): Role {
    const stack = Stack.of(this);
    const resource = Arn.format(
      {
        service: 'ec2',
        resource: 'security-group',
        resourceName: groupId,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      },
      stack,
    );
    return new Role(this, 'Role', {
      description: 'Empties the default security group of one VPC',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        revoke: new PolicyDocument({
          statements: [
            new PolicyStatement({
              effect: Effect.ALLOW,
              actions: ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress'],
              resources: [resource],
            }),
          ],
        }),
      },
    });
  }

  /** A universal target: the scheduler calls the API by its name, with its parameters as JSON. */
  private schedule(rule: Revocation, role: Role, groupId: string): void {
    const { name, api, permission } = rule;
    new CfnSchedule(this, name, {
      description: `Empties the default security group: ${name}`,
      scheduleExpression: 'rate(15 minutes)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: `arn:${Aws.PARTITION}:scheduler:::aws-sdk:ec2:revokeSecurityGroup${api}`,
        roleArn: role.roleArn,
        input: Stack.of(this).toJsonString({ GroupId: groupId, IpPermissions: [permission] }),
        // Once the rules are gone the call fails: nothing to do, so nothing to try again.
        retryPolicy: { maximumRetryAttempts: 0 },
      },
    });
  }
}
