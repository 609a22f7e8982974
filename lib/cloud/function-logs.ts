import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type IAspect, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * Gives every function of a stack a log group that goes with the stack. Without one, Lambda makes
 * `/aws/lambda/<name>` at the first call, which nobody owns and nothing removes.
 */
export class FunctionLogs implements IAspect {
  constructor(private readonly prefix: string) {}

  public visit(node: IConstruct): void {
    if (!(node instanceof CfnFunction)) return;
    const scope = node.node.scope ?? Stack.of(node);
    if (scope.node.tryFindChild('Logs') !== undefined) return;
    const group = new LogGroup(scope, 'Logs', {
      logGroupName: `${this.prefix}functions/${node.node.addr.slice(-8)}`,
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    node.addPropertyOverride('LoggingConfig.LogGroup', group.logGroupName);
  }
}
