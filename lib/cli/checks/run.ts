import { type Check, CLUSTER_ONLY, type FlowCheck } from '../../lab/check';
import { checkAnswer } from './answer';
import type { CheckContext } from './context';
import { checkDns } from './dns';
import { checkDistribution, checkExplanation, checkStaged } from './explanation';
import { checkFlows } from './flow';
import { checkHeaders } from './headers';
import type { CheckResult } from './result';

/** Carries out checks on the local target, in the order asked; all flows are tried in one go. */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
): Promise<readonly CheckResult[]> {
  const flows = checks.filter((check): check is FlowCheck => check.kind === 'flow');
  const flowResults = await checkFlows(flows, context);
  const results: CheckResult[] = [];
  for (const check of checks) {
    const asFlow = flows.indexOf(check as FlowCheck);
    const result = asFlow === -1 ? await runOne(check, context) : flowResults[asFlow];
    if (result !== undefined) results.push(result);
  }
  return results;
}

async function runOne(check: Check, context: CheckContext): Promise<CheckResult> {
  switch (check.kind) {
    case 'dns':
      return checkDns(check, context);
    case 'explanation':
      return checkExplanation(check, context);
    case 'staged':
      return checkStaged(check, context);
    case 'distribution':
      return checkDistribution(check, context);
    case 'wire':
      return checkHeaders(check, context);
    case 'answer':
      return checkAnswer(check, context);
    case 'flow':
      throw new Error('flows are tried together');
    default:
      return { kind: 'elsewhere', check, why: whyElsewhere(check) };
  }
}

const whyElsewhere = (check: Check): string =>
  CLUSTER_ONLY.includes(check.kind)
    ? 'only a real cluster can answer it: lab up --target kind'
    : 'the local target of a cluster lab does not show it';
