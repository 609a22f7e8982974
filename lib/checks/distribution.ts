import type { DistributionCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { judged } from './judged';
import type { Target } from './target';

/** Sends many requests and counts which pods answered: each share must lie within its bounds. */
export async function checkDistribution(
  check: DistributionCheck,
  target: Target,
): Promise<CheckResult> {
  const answer = await target.requestMany(check);
  return judged(check, answer, (texts) => judge(check, texts, target));
}

function judge(check: DistributionCheck, texts: readonly string[], target: Target): CheckResult {
  const shares = Object.entries(check.shares).map(([name, { min, max }]) => {
    const count = texts.filter((text) => target.isAnswerOf(text, name)).length;
    const share = count / check.requests;
    return { name, min, max, share, isWithin: share >= min && share <= max };
  });
  const saw = shares.map(({ name, share }) => `${name} ${percent(share)}`).join(', ');
  const off = shares.find(({ isWithin }) => !isWithin);
  if (off === undefined) return right(check, saw);
  return wrong(check, {
    saw,
    means: `${off.name} should answer ${percent(off.min)} to ${percent(off.max)} of the requests`,
    look: `lab explain ${check.from} ${check.to}`,
  });
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
