import type { StagedCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { flowsOf, type NameScope } from '../lab/resolve';
import { formatEnd } from '../model/flow';
import { createEngine } from '../reach/engine';
import { noFlow } from './explanation';
import { judged } from './judged';
import type { Target } from './target';

/** Would every flow of the check be allowed, or denied, if every staged policy were enforced? */
export const checkStaged = (check: StagedCheck, target: Target): CheckResult =>
  judged(check, target.world(), (scope) => judge(check, scope));

function judge(check: StagedCheck, scope: NameScope): CheckResult {
  const flows = flowsOf(check, scope);
  if (flows.length === 0) return noFlow(check);
  const engine = createEngine(scope.world, { staged: 'as-enforced' });
  const wanted = check.expect === 'would-be-allowed' ? 'allowed' : 'denied';
  const other = flows.map(engine.explain).find(({ verdict }) => verdict !== wanted);
  if (other === undefined) return right(check, `${flows.length} flows ${check.expect}`);
  const { flow, by, verdict } = other;
  return wrong(check, {
    saw: `${formatEnd(flow.from)} -> ${formatEnd(flow.to)}:${flow.port} would be ${verdict}`,
    means: by.map((one) => one.because).join('; '),
    look: 'lab predict --staged-as-enforced',
  });
}
