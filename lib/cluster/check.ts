import type { Check, FlowCheck } from '../lab/check';
import { type CheckResult, carryOut, elsewhere } from '../lab/check-result';
import type { Scope } from '../lab/resolve';
import type { Clock } from '../model/clock';
import { checkDistribution, checkDns, checkHttp } from './check-answers';
import { checkFlows } from './check-flow';
import { checkAdmission, checkObject } from './check-objects';
import type { Cluster } from './cluster';

/** What checks are carried out against. */
export interface CheckContext {
  readonly cluster: Cluster;
  /** Where the lab's names are looked up: the world its manifests make. */
  readonly scope: Scope;
  readonly clock: Clock;
  /** How long a policy may take to reach every node before it counts as absent; 20 s by default. */
  readonly settleMs?: number;
}

/** Carries out checks on a cluster, in the order asked. */
export const runChecks = (
  checks: readonly Check[],
  context: CheckContext,
): Promise<readonly CheckResult[]> =>
  carryOut(checks, {
    flows: (flows) => checkFlows(flows, context),
    one: (check) => runOne(check, context),
  });

async function runOne(
  check: Exclude<Check, FlowCheck>,
  context: CheckContext,
): Promise<CheckResult> {
  switch (check.kind) {
    case 'dns':
      return checkDns(check, context);
    case 'distribution':
      return checkDistribution(check, context);
    case 'http':
      return checkHttp(check, context);
    case 'object':
      return checkObject(check, context.cluster);
    case 'admission':
      return checkAdmission(check, context.cluster);
    case 'explanation':
    case 'staged':
      return elsewhere(check, 'the prediction answers it, the same on every target');
    case 'answer':
      return elsewhere(check, 'your answers are kept where you gave them');
    case 'ping':
      return elsewhere(check, 'the pods may not send ICMP: they run without privileges');
    case 'fact':
    case 'wire':
      return elsewhere(check, 'it looks into a node, which a cluster does not let us do');
  }
}
