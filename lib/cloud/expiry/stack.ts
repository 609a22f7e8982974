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
import {
  clusterNames,
  expiryLogGroup,
  expiryStackName,
  rolePath,
  STACK_PARTS,
  stackName,
} from '../../model/lab-tags';
import { acceptWildcards } from '../config/accepted';
import type { LabConfig } from '../config/config';
import {
  expiryMachine,
  GUARDDUTY_TAG,
  INTERFACE_TAG,
  LOAD_BALANCER_TAG,
  ownedTag,
} from './machine';
import { PARTITION } from './steps';

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
    const { name, expires } = props.config;
    this.addOutputs(props);
    const machine = this.createMachine(name);
    const starter = new Role(this, 'StarterRole', {
      description: `Starts the end of ${name}`,
      // Who extends the lab passes this role on, and CloudFormation cuts long names short.
      path: rolePath(name),
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    machine.grantStartExecution(starter);
    new CfnSchedule(this, 'Schedule', {
      name: expiryStackName(name),
      description: `Ends the lab ${name}`,
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
  private addOutputs({ config: { lab, as, expires }, usdPerHour }: ExpiryStackProps): void {
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
      value: `lab up ${lab} --target eks${as === '' ? '' : ` --as ${as}`}`,
    });
  }

  private createMachine(lab: string): StateMachine {
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: expiryLogGroup(lab),
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
    const stacks = STACK_PARTS.map((part) => `${stackName(lab, part)}/*`);
    const role = new Role(this, 'MachineRole', {
      description: `Ends ${lab}: asks for its stacks to be deleted, and clears what they trip over`,
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: {
        end: new PolicyDocument({
          statements: [
            allow(
              ['cloudformation:DeleteStack', 'cloudformation:DescribeStacks'],
              stacks.map((resourceName) =>
                this.formatArn({ service: 'cloudformation', resource: 'stack', resourceName }),
              ),
            ),
            ...leftoverStatements(lab),
          ],
        }),
      },
    });
    acceptWildcards(
      role,
      [
        '*',
        ...stacks.map(
          (resourceName) =>
            `arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${resourceName}`,
        ),
      ],
      "the lab's own stacks; elsewhere it may look, and delete only what the lab's cluster tagged",
    );
    return role;
  }
}

/** A condition names one tag, since several in one statement would all have to be there. */
function leftoverStatements(lab: string): readonly PolicyStatement[] {
  const clusters = clusterNames(lab);
  const owned = clusters.map((cluster) => ({ [ownedTag(cluster)]: 'owned' }));
  const byController = { [LOAD_BALANCER_TAG]: clusters };
  const byGuardDuty = { [GUARDDUTY_TAG]: 'true' };
  const group = 'ec2:DeleteSecurityGroup';
  const balancer = 'elasticloadbalancing:DeleteLoadBalancer';
  const card = 'ec2:DeleteNetworkInterface';
  return [
    allow(
      [
        'ec2:DescribeVpcs',
        'ec2:DescribeVpcEndpoints',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeVolumes',
        'tag:GetResources',
      ],
      ['*'],
    ),
    allow([group, balancer], ['*'], byController),
    allow([card], ['*'], { [INTERFACE_TAG]: clusters }),
    allow([group, 'ec2:DeleteVpcEndpoints'], ['*'], byGuardDuty),
    ...owned.map((tag) => allow([group, balancer, card, 'ec2:DeleteVolume'], ['*'], tag)),
  ];
}

/** Of things other than stacks, only those that carry the tag may go. */
function allow(
  actions: string[],
  resources: string[],
  tags: Readonly<Record<string, string | readonly string[]>> = {},
): PolicyStatement {
  const conditions = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions,
    resources,
    ...(conditions.length === 0
      ? {}
      : { conditions: { StringEquals: Object.fromEntries(conditions) } }),
  });
}
