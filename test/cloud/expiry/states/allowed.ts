import type { SdkCall } from './run';

/** A statement of a role as the template has it. */
export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: {
    readonly StringEquals: Readonly<Record<string, string | readonly string[]>>;
  };
}

/** The action that IAM checks for a call (Service Authorization Reference). */
export function actionOf({ service, api }: Pick<SdkCall, 'service' | 'api'>): string {
  const prefix = {
    elasticloadbalancingv2: 'elasticloadbalancing',
    resourcegroupstaggingapi: 'tag',
  };
  const name = api.charAt(0).toUpperCase() + api.slice(1);
  return `${prefix[service as keyof typeof prefix] ?? service}:${name}`;
}

/** Whether one of the statements allows a call on something that bears these tags. */
export const isAllowed = (
  statements: readonly Statement[],
  call: SdkCall,
  tags: Readonly<Record<string, string>>,
): boolean =>
  statements.some(
    ({ Action, Resource, Condition }) =>
      [Action].flat().includes(actionOf(call)) &&
      [Resource].flat().some((pattern) => isMatch(pattern, call)) &&
      Object.entries(Condition?.StringEquals ?? {}).every(([key, values]) =>
        [values].flat().includes(tags[key.replace('aws:ResourceTag/', '')] ?? ''),
      ),
  );

/** Only stacks are named by their ARN, `...:stack/<name>/<id>`, the rest by their tags. */
function isMatch(pattern: unknown, { input }: SdkCall): boolean {
  if (pattern === '*') return true;
  const text = JSON.stringify(pattern);
  return text.includes(`:stack/${String(input.StackName)}/*`);
}
