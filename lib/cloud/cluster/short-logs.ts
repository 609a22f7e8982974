import { CfnLogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IAspect } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * Keeps every log of a stack for a week. The library gives its own functions' log groups two
 * years; they go with the stack, but what the last call writes can bring one back.
 */
export class ShortLogs implements IAspect {
  public visit(node: IConstruct): void {
    if (node instanceof CfnLogGroup) node.retentionInDays = RetentionDays.ONE_WEEK;
  }
}
