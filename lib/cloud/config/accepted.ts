import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * Findings of rule packs that we looked at and accept, written beside the construct they are about.
 * Each names one finding, so a new one of the same rule still shows.
 */

/** Accepts a whole rule for a construct and what is in it. */
export function accept(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}

/** Accepts policies that AWS maintains, by name. */
export function acceptManaged(
  construct: IConstruct,
  policies: readonly string[],
  reason: string,
): void {
  for (const policy of policies) {
    const finding = `Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}`;
    accept(construct, `AwsSolutions-IAM4[${finding}]`, reason);
  }
}

/** Accepts resources with a wildcard in a policy, as the finding writes them. */
export function acceptWildcards(
  construct: IConstruct,
  resources: readonly string[],
  reason: string,
): void {
  for (const resource of resources) {
    accept(construct, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
  }
}
