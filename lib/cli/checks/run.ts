import type { Check, FlowCheck } from '../../lab/check';
import { type CheckResult, carryOut, elsewhere } from '../../lab/check-result';
import { checkAnswer } from './answer';
import { checkEnforcement } from './canary';
import type { CheckContext } from './context';
import { checkDns } from './dns';
import { checkDistribution, checkExplanation, checkStaged } from './explanation';
import { checkFlows } from './flow';
import { checkHeaders } from './headers';
import { checkHttp } from './http';

/** Checks that believe what packets show. */
const BY_PACKETS: readonly Check['kind'][] = ['flow', 'dns', 'distribution', 'wire'];

/**
 * Carries out checks on the local target, in the order asked. Before packets are believed, the
 * kernel must show that it enforces policies at all.
 *
 * @throws Failure where it does not.
 */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
): Promise<readonly CheckResult[]> {
  if (checks.some(({ kind }) => BY_PACKETS.includes(kind)))
    await checkEnforcement(context.local.sandbox);
  return carryOut(checks, {
    flows: (flows) => checkFlows(flows, context),
    one: (check) => runOne(check, context),
  });
}

async function runOne(
  check: Exclude<Check, FlowCheck>,
  context: CheckContext,
): Promise<CheckResult> {
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
    case 'http':
      return checkHttp(check, context);
    case 'answer':
      return checkAnswer(check, context);
    case 'object':
    case 'admission':
      return elsewhere(check, 'only a real cluster can answer it: lab up --target kind');
    case 'ping':
    case 'fact':
      return elsewhere(check, 'it looks into a machine; a cluster lab has pods');
  }
}
