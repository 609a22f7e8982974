import type { StateCheck } from '../lab/check';
import { type CheckResult, elsewhere, right, wrong } from '../lab/check-result';
import { judgeAttempts } from './flow';
import { judged } from './judged';
import { type Comparison, compareWorlds } from './state/differences';
import { comparePolicies } from './state/policies';
import { sampleFlows } from './state/sample';
import { compareServices } from './state/services';
import { differenceLines } from './state/text';
import type { Target } from './target';

/**
 * Judges the whole state: the engine compares all pairs of ends in the world in force with the world
 * of the reference stage; where they are equal, packets prove a flow of each class.
 */
export async function checkState(check: StateCheck, target: Target): Promise<CheckResult> {
  const answer = target.required(check.as);
  if (answer.kind !== 'answered') return judged(check, answer, () => right(check, ''));
  const required = answer.value;
  const found = target.world();
  if (found.kind === 'missing') return judged(check, found, () => right(check, ''));
  const comparison =
    found.kind === 'answered'
      ? compareWorlds({ required, found: found.value.world }, check.directions)
      : undefined;
  if (comparison !== undefined && found.kind === 'answered') {
    const both = { required, found: found.value.world };
    const policies = check.policies === 'same' ? comparePolicies(both) : [];
    const lines = differenceLines(comparison, [...compareServices(both), ...policies]);
    if (lines.length > 0) return differs(check, lines);
  }
  const flows = sampleFlows(check, required);
  const made = flows.length === 0 ? [] : await target.attempt(flows);
  const results = flows.flatMap((flow, i) => {
    const one = made[i];
    return one === undefined ? [] : [judgeAttempts(flow, one)];
  });
  return byPackets(check, results, comparison);
}

function byPackets(
  check: StateCheck,
  results: readonly CheckResult[],
  comparison: Comparison | undefined,
): CheckResult {
  const bad = results.flatMap((one) => (one.kind === 'wrong' ? [one] : []));
  if (bad.length > 0) {
    const lines = bad.slice(0, 9).map(({ saw }) => saw);
    return differs(check, bad.length > 9 ? [...lines, `and ${bad.length - 9} more flows`] : lines);
  }
  const proven = results.filter(({ kind }) => kind === 'right').length;
  if (comparison !== undefined) {
    return right(check, `${comparison.pairs} pairs as required, ${proven} proven by packets`);
  }
  if (proven === 0) return elsewhere(check, 'this target answers no flow of the required state');
  return right(check, `${proven} flows as required; a cluster's own objects are not compared here`);
}

const differs = (check: StateCheck, parts: readonly string[]): CheckResult =>
  wrong(check, {
    saw: parts[0] ?? '',
    parts,
    means: 'the state differs from what the task asks for',
    look: 'lab matrix',
  });
