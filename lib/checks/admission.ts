import type { AdmissionCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { judged } from './judged';
import type { AdmissionResult, Target } from './target';

/** Judges what the API server says to a manifest, which it does not keep. */
export async function checkAdmission(check: AdmissionCheck, target: Target): Promise<CheckResult> {
  const answer = await target.tryManifest(check.manifest);
  return judged(check, answer, (result) => judge(check, result));
}

function judge(check: AdmissionCheck, { objects, refusals }: AdmissionResult): CheckResult {
  const look = 'kubectl apply --dry-run=server -f <the manifest>';
  const saw = refusals[0] ?? `${objects.join(', ')} would be accepted`;
  if (check.expect.kind === 'accepted') {
    if (refusals.length === 0) return right(check, saw);
    return wrong(check, { saw, means: 'it should be accepted', look });
  }
  const { message } = check.expect;
  if (refusals.some((refusal) => refusal.includes(message))) return right(check, saw);
  return wrong(check, { saw, means: `it should be refused with '${message}'`, look });
}
