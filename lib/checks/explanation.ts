import type { ExplanationCheck, StagedCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { flowsOf, type NameScope } from '../lab/resolve';
import { formatEnd } from '../model/flow';
import { createEngine } from '../reach/engine';
import { judged } from './judged';
import type { Target } from './target';

/** Does the prediction name what the check says decided the flow? */
export const checkExplanation = (check: ExplanationCheck, target: Target): CheckResult =>
  judged(check, target.world(), (scope) => judge(check, scope));

function judge(check: ExplanationCheck, scope: NameScope): CheckResult {
  const [flow] = flowsOf(check, scope);
  if (flow === undefined) return noFlow(check);
  const { by, verdict } = createEngine(scope.world, { staged: 'as-written' }).explain(flow);
  const hit = by.some(
    ({ filter, object }) =>
      filter === check.filter && (check.object === undefined || object === check.object),
  );
  const saw = `${verdict}: ${by.map((one) => `${one.filter} ${one.object}`).join(', ')}`;
  if (hit) return right(check, saw);
  const look = `lab explain ${formatEnd(flow.from)} ${formatEnd(flow.to)}:${flow.port}`;
  return wrong(check, { saw, means: by.map((one) => one.because).join('; '), look });
}

/** The result of a check about a flow whose ends do not exist now. */
export const noFlow = (check: ExplanationCheck | StagedCheck): CheckResult =>
  wrong(check, {
    saw: 'there is no such flow',
    means: `no end has the name ${check.from} or ${check.to} now`,
    look: 'lab matrix',
  });
