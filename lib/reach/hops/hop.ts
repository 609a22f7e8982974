import type { Decision, Evidence, Verdict } from '../../model/explanation';
import type { FilterAnswer, HopChange, JudgedHop } from './types';

/** A device with the answers of its filters. */
export function hop(
  device: string,
  answers: readonly FilterAnswer[],
  change: HopChange = {},
): JudgedHop {
  if (answers.length === 0) return openHop(device, change);
  const verdict = verdictOf(answers);
  const by = (): readonly Evidence[] =>
    answers.filter((one) => one.verdict === verdict).flatMap((one) => one.by);
  return { device, answers, ...change, verdict, by };
}

/** A device that forwards every packet. */
export const openHop = (device: string, change: HopChange = {}): JudgedHop => ({
  device,
  answers: NO_ANSWERS,
  ...change,
  verdict: 'allowed',
  by: noEvidence,
});

const NO_ANSWERS: readonly FilterAnswer[] = [];
const noEvidence = (): readonly Evidence[] => [];

/**
 * The answer of a filter that needs every one of its decisions to let the packet on; the first that
 * does not is the answer.
 */
export function answerOf(decisions: readonly Decision[]): FilterAnswer {
  const stop = decisions.find(({ kind }) => !PASSES.includes(kind));
  const by = stop === undefined ? decisions : [stop];
  return { verdict: verdictFrom(stop), decisions, by: by.map(({ evidence }) => evidence) };
}

const PASSES: readonly Decision['kind'][] = ['allowed', 'not-isolated', 'passed'];

function verdictFrom(stop: Decision | undefined): Verdict {
  if (stop === undefined) return 'allowed';
  return stop.kind === 'denied' || stop.kind === 'no-route' ? stop.kind : 'unknown';
}

/** A refusal anywhere is final, even where something else is unknown; the first refusal is the verdict. */
export function verdictOf(judged: readonly { readonly verdict: Verdict }[]): Verdict {
  let isUnknown = false;
  for (const { verdict } of judged) {
    if (isRefusal(verdict)) return verdict;
    if (verdict === 'unknown') isUnknown = true;
  }
  return isUnknown ? 'unknown' : 'allowed';
}

/** A packet with this verdict is dropped or rejected. */
export const isRefusal = (verdict: Verdict): boolean =>
  verdict === 'denied' || verdict === 'no-route';

/** The evidence of every hop with this verdict, in order. */
export const evidenceFor = (verdict: Verdict, hops: readonly JudgedHop[]): readonly Evidence[] =>
  hops.flatMap((one) => (one.verdict === verdict ? one.by() : []));

/** Evaluates one device after another, up to the first that does not let the packet on. */
export function untilStopped(
  ...parts: readonly (() => readonly JudgedHop[])[]
): readonly JudgedHop[] {
  const hops: JudgedHop[] = [];
  for (const part of parts) {
    const next = part();
    hops.push(...next);
    if (verdictOf(next) !== 'allowed') break;
  }
  return hops;
}
