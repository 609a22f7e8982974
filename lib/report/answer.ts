import type { Evidence, Explanation, Hop, InternetStretch, Verdict } from '../model/explanation';
import { type Flow, formatEnd } from '../model/flow';
import { type Outcome, verdictOf } from '../model/observation';
import { parseRuleName } from '../model/rule-name';
import { type Compared, droppedBy, flowText, type Met, type Seen } from './comparison';
import type { InputCounts } from './input-summary';

/** The flow as it was asked, in the public JSON's words. */
interface AnswerHead {
  readonly id?: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: Flow['protocol'];
  readonly port?: number | string;
  /** Of an ICMP flow that is no echo request. */
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly verdict: Verdict;
}

/** A hop of the public JSON: which way, and what stood there. */
type AnswerHop = Hop & { readonly way: 'forward' | 'return' };

/** What `predict` answers for one flow: a public shape. */
export interface PredictedAnswer extends AnswerHead {
  /** For `internet`, where public addresses have different verdicts. */
  readonly stretches?: readonly InternetStretch[];
  readonly by: readonly Evidence[];
  readonly trace: readonly AnswerHop[];
}

/** What `probe` answers for one flow: a public shape. */
export interface ObservedAnswer extends AnswerHead {
  readonly observation: Outcome;
  readonly by: readonly Evidence[];
  /** Every rule that the kernel says the packet met; empty where it was not asked. */
  readonly met: readonly Met[];
  readonly reason?: string;
}

/** What `compare` answers for one flow: a public shape. */
export interface ComparedAnswer extends AnswerHead {
  readonly agreement: Compared['agreement'];
  readonly predicted: PredictedAnswer;
  readonly observed: ObservedAnswer;
}

/** An explanation in the public JSON's shape. */
export function predictedAnswer(explanation: Explanation): PredictedAnswer {
  const { flow, verdict, by, trace, stretches } = explanation;
  const hops = (['forward', 'return'] as const).flatMap((way) =>
    trace[way].map((hop) => ({ way, ...hop })),
  );
  return { ...headOf(flow, verdict), ...(stretches && { stretches }), by, trace: hops };
}

/** An observation in the public JSON's shape; the rules that the kernel named are its evidence. */
export function observedAnswer(flow: Flow, seen: Seen): ObservedAnswer {
  const { outcome, met, reason } = seen;
  const by = droppedBy(seen).flatMap((comment) => {
    const rule = parseRuleName(comment);
    return rule === undefined ? [] : [{ ...rule, because: `the kernel dropped it at ${comment}` }];
  });
  const answer = { ...headOf(flow, verdictOf(outcome)), observation: outcome, by, met };
  return reason === undefined ? answer : { ...answer, reason };
}

/** Both, and whether they agree. */
export function comparedAnswer({ flow, predicted, seen, agreement }: Compared): ComparedAnswer {
  return {
    ...headOf(flow, predicted.verdict),
    agreement,
    predicted: predictedAnswer(predicted),
    observed: observedAnswer(flow, seen),
  };
}

/** A prediction in one line: `denied  shop/a-0 -> shop/b-0 TCP 80  because ...`. */
export const predictedLine = ({ flow, verdict, by, stretches }: Explanation): string =>
  `${(stretches === undefined ? verdict : 'partly').padEnd(8)} ${flowText(flow)}\n         ${by.map((one) => one.because).join('; ')}`;

/** An observation in one line. */
export function observedLine(flow: Flow, seen: Seen): string {
  const { outcome, reason } = seen;
  const why = [...droppedBy(seen).map((comment) => `dropped by ${comment}`), reason ?? ''].filter(
    Boolean,
  );
  const tail = why.length === 0 ? '' : `  ${why.join('; ')}`;
  return `${verdictOf(outcome).padEnd(8)} ${flowText(flow)}  (${outcome})${tail}`;
}

function headOf(flow: Flow, verdict: Verdict): AnswerHead {
  const { id, from, to, protocol, port, icmp } = flow;
  return {
    ...(id === undefined ? {} : { id }),
    from: formatEnd(from),
    to: formatEnd(to),
    protocol,
    ...(port === undefined ? {} : { port }),
    ...(icmp && { icmpType: icmp.type, icmpCode: icmp.code }),
    verdict,
  };
}

/** Writes answers as lines of JSON, each with what was read, which is written once. */
export function answerLine(read: InputCounts): (answer: object) => string {
  const tail = `,"read":${JSON.stringify(read)}}`;
  return (answer) => JSON.stringify(answer).slice(0, -1) + tail;
}
