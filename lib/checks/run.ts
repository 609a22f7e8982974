import type { Check } from '../lab/check';
import type { CheckResult } from '../lab/check-result';
import type { LabProgress } from '../lab/progress';
import { checkAdmission } from './admission';
import { checkAnswer } from './answer';
import { checkDistribution } from './distribution';
import { checkDns } from './dns';
import { checkExplanation } from './explanation';
import { checkFact } from './fact';
import { judgeAttempts } from './flow';
import { checkHttp } from './http';
import { checkMachines } from './machines';
import { checkObject } from './object';
import { checkStaged } from './staged';
import { checkState } from './state';
import type { AttemptCheck, Target } from './target';
import { checkWire } from './wire';

/** Where checks look, and what the learner answered so far. */
export interface CheckSubject {
  readonly target: Target;
  readonly progress: LabProgress | undefined;
}

/** Kinds that believe what packets show. */
const BY_PACKETS: readonly Check['kind'][] = [
  'flow',
  'ping',
  'dns',
  'distribution',
  'wire',
  'http',
  'state',
  'machines',
];

/**
 * Carries out checks on a target; one result a check, in the order asked. All single packets are sent
 * together first. Before packets are believed, the target must show that it enforces policies.
 *
 * @throws Failure where it does not.
 */
export async function runChecks(
  checks: readonly Check[],
  { target, progress }: CheckSubject,
): Promise<readonly CheckResult[]> {
  if (checks.some(({ kind }) => BY_PACKETS.includes(kind))) await target.proveEnforcement();
  const attempts = checks.filter(isAttempt);
  const made = attempts.length === 0 ? [] : await target.attempt(attempts);
  const judgedAttempts = attempts.flatMap((check, i) => {
    const answer = made[i];
    return answer === undefined ? [] : [judgeAttempts(check, answer)];
  });
  const results: CheckResult[] = [];
  for (const check of checks) {
    const result = isAttempt(check)
      ? judgedAttempts[attempts.indexOf(check)]
      : await runOne(check, { target, progress });
    if (result === undefined) throw new Error(`the target left a ${check.kind} check unanswered`);
    results.push(result);
  }
  return results;
}

const isAttempt = (check: Check): check is AttemptCheck =>
  check.kind === 'flow' || check.kind === 'ping';

async function runOne(
  check: Exclude<Check, AttemptCheck>,
  { target, progress }: CheckSubject,
): Promise<CheckResult> {
  switch (check.kind) {
    case 'dns':
      return checkDns(check, target);
    case 'fact':
      return checkFact(check, target);
    case 'wire':
      return checkWire(check, target);
    case 'distribution':
      return checkDistribution(check, target);
    case 'explanation':
      return checkExplanation(check, target);
    case 'staged':
      return checkStaged(check, target);
    case 'http':
      return checkHttp(check, target);
    case 'object':
      return checkObject(check, target);
    case 'admission':
      return checkAdmission(check, target);
    case 'machines':
      return checkMachines(check, target);
    case 'state':
      return checkState(check, target);
    case 'answer':
      return checkAnswer(check, target, progress);
  }
}

/**
 * Whether results pass a step: none is wrong, and at least one is right. Checks that this target
 * cannot answer do not pass a step by themselves.
 */
export const isPassed = (results: readonly CheckResult[]): boolean =>
  results.every(({ kind }) => kind !== 'wrong') && results.some(({ kind }) => kind === 'right');
