import type { HttpCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { judged } from './judged';
import type { HttpResult, Target } from './target';

/** Status codes by which a proxy refuses a request that it may not let through. */
const FORBIDDEN = 403;

/** Makes an HTTP request, and judges it by its status and by which pod answered. */
export async function checkHttp(check: HttpCheck, target: Target): Promise<CheckResult> {
  const answer = await target.requestHttp(check);
  return judged(check, answer, (result) => judge(check, result, target));
}

function judge(check: HttpCheck, result: HttpResult, target: Target): CheckResult {
  const look = `lab exec ${check.from} -- curl -vk ${connectTo(check)}${check.url}`;
  const saw = resultText(result);
  if (result.kind === 'not-made') {
    return wrong(check, { saw, means: 'the request could not be made', look });
  }
  const { expect } = check;
  if (expect.kind === 'refused') {
    const isRefused = result.kind === 'refused' || result.status === FORBIDDEN;
    if (isRefused) return right(check, saw);
    return wrong(check, { saw, means: 'the request was answered, expected a refusal', look });
  }
  const isExpected =
    result.kind === 'answered' &&
    result.status === expect.status &&
    (expect.by === undefined || target.isAnswerOf(result.body, expect.by));
  if (isExpected) return right(check, saw);
  const by = expect.by === undefined ? '' : ` by ${expect.by}`;
  return wrong(check, { saw, means: `expected ${expect.status}${by}`, look });
}

const resultText = (result: HttpResult): string =>
  result.kind === 'answered' ? `${result.status} ${result.body.trim().slice(0, 80)}` : result.why;

const connectTo = ({ door }: HttpCheck): string =>
  door === undefined ? '' : `--connect-to ::${door}: `;
