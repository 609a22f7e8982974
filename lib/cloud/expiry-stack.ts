import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import {
  type CfnStateMachine,
  DefinitionBody,
  LogLevel,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { clusterNames, expiryStackName, logGroupPrefix } from '../model/lab-tags';
import { acceptWildcards } from './accepted';
import type { LabConfig } from './config';
import { expiryMachine, INTERFACE_TAG, LOAD_BALANCER_TAG } from './expiry-machine';
import { PARTITION } from './expiry-steps';

export interface ExpiryStackProps extends StackProps {
  readonly config: LabConfig;
  /** Price of the lab in USD an hour; absent: no output tells it. */
  readonly usdPerHour?: number;
}

/**
 * Ends the lab in the account itself, whether or not the laptop that started it is still there.
 *
 * A stack of its own, deployed before the others: what deletes the others cannot be part of them,
 * and a deployment that stops half way expires too. It costs nothing by the hour.
 */
export class ExpiryStack extends Stack {
  constructor(scope: Construct, id: string, props: ExpiryStackProps) {
    super(scope, id, props);
    const { lab, expires } = props.config;
    this.addOutputs(props);
    const machine = this.createMachine(lab);
    const starter = new Role(this, 'StarterRole', {
      description: `Starts the end of ${lab}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    machine.grantStartExecution(starter);
    new CfnSchedule(this, 'Schedule', {
      name: expiryStackName(lab),
      description: `Ends the lab ${lab}`,
      // In UTC by default, to the second, without a zone's letter (EventBridge Scheduler, types).
      scheduleExpression: `at(${expires.replace('Z', '')})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: machine.stateMachineArn,
        roleArn: starter.roleArn,
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 86_400 },
      },
    });
  }

  /** What a person reads when this first stack stands. */
  private addOutputs({ config: { lab, expires }, usdPerHour }: ExpiryStackProps): void {
    new CfnOutput(this, 'Expires', {
      description: 'When everything billed by the hour goes; deploy again or extend to move it',
      value: expires,
    });
    if (usdPerHour !== undefined) {
      new CfnOutput(this, 'UsdPerHour', {
        description: 'What the lab costs an hour without traffic; lab cost tells it line by line',
        value: usdPerHour.toFixed(3),
      });
    }
    new CfnOutput(this, 'Next', {
      description: 'What to type once all stacks of the lab stand',
      value: `lab up ${lab} --target eks`,
    });
  }

  private createMachine(lab: string): StateMachine {
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `${logGroupPrefix(lab)}expiry`,
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const definition = expiryMachine(lab);
    const machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromString(JSON.stringify(definition)),
      definitionSubstitutions: { [PARTITION]: Aws.PARTITION },
      role: this.createRole(lab),
      logs: { destination: logs, level: LogLevel.ALL },
      tracingEnabled: true,
    });
    // As an object, so that people and linters can read it in the template.
    const resource = machine.node.defaultChild as CfnStateMachine;
    resource.definitionString = undefined;
    resource.definition = definition;
    return machine;
  }

  private createRole(lab: string): Role {
    const clusters = clusterNames(lab);
    const resourceName = `${lab}-*`;
    const role = new Role(this, 'MachineRole', {
      description: `Ends ${lab}: asks for its stacks to be deleted, and clears what they trip over`,
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: {
        end: new PolicyDocument({
          statements: [
            allow(
              ['cloudformation:DeleteStack', 'cloudformation:DescribeStacks'],
              this.formatArn({ service: 'cloudformation', resource: 'stack', resourceName }),
            ),
            allow(
              [
                'ec2:DescribeVpcs',
                'ec2:DescribeNetworkInterfaces',
                'ec2:DescribeSecurityGroups',
                'elasticloadbalancing:DescribeLoadBalancers',
              ],
              '*',
            ),
            allow(['ec2:DeleteNetworkInterface'], '*', { [INTERFACE_TAG]: clusters }),
            allow(['ec2:DeleteSecurityGroup', 'elasticloadbalancing:DeleteLoadBalancer'], '*', {
              [LOAD_BALANCER_TAG]: clusters,
            }),
          ],
        }),
      },
    });
    acceptWildcards(
      role,
      [
        '*',
        `arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${resourceName}`,
      ],
      "the lab's own stacks; elsewhere it may look, and delete only what the lab's cluster tagged",
    );
    return role;
  }
}

/** Of things other than stacks, only those that carry the tag may go. */
function allow(
  actions: string[],
  resource: string,
  tags: Readonly<Record<string, readonly string[]>> = {},
): PolicyStatement {
  const conditions = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions,
    resources: [resource],
    ...(conditions.length === 0
      ? {}
      : { conditions: { StringEquals: Object.fromEntries(conditions) } }),
  });
}
