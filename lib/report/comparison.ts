import type { Explanation } from '../model/explanation';
import { type Flow, formatEnd } from '../model/flow';
import { type Outcome, verdictOf } from '../model/observation';

/** A rule that the kernel says a packet met. */
export interface Met {
  /** The network namespace, such as `node/a` or `router`. */
  readonly where: string;
  /** The rule's comment, which names object and rule; `policy` for a chain's own. */
  readonly rule: string;
  readonly verdict: 'accept' | 'drop' | 'continue';
}

/** What was seen of one flow: the outcome of its probe, and the rules that the kernel named. */
export interface Seen {
  readonly outcome: Outcome;
  /** In the order met; empty where the kernel was not asked. */
  readonly met: readonly Met[];
  readonly reason?: string;
}

/** Names of the rules that dropped a flow, as far as the kernel was asked. */
export const droppedBy = ({ met }: Seen): readonly string[] =>
  met.filter(({ verdict }) => verdict === 'drop').map(({ rule }) => rule);

/** One flow, predicted and observed. */
export interface Compared {
  readonly flow: Flow;
  readonly predicted: Explanation;
  readonly seen: Seen;
  readonly agreement: 'agrees' | 'differs' | 'not-comparable';
}

/** Sets a prediction beside an observation. What either side cannot know is not comparable. */
export function compared(predicted: Explanation, seen: Seen): Compared {
  const observed = verdictOf(seen.outcome);
  const known = observed !== 'unknown' && predicted.verdict !== 'unknown';
  const same = observed === predicted.verdict ? 'agrees' : 'differs';
  return { flow: predicted.flow, predicted, seen, agreement: known ? same : 'not-comparable' };
}

/** A flow in one line: `shop/web-0 -> svc:shop/db TCP 5432`. */
export function flowText({ from, to, protocol, port, icmp }: Flow): string {
  const message = icmp === undefined ? '' : ` type ${icmp.type} code ${icmp.code}`;
  const target = port === undefined ? `${protocol}${message}` : `${protocol} ${port}`;
  return `${formatEnd(from)} -> ${formatEnd(to)} ${target}`;
}

/** A discrepancy for a person: both answers, and what each rests on. */
export function discrepancyText({ flow, predicted, seen }: Compared): string {
  const because = predicted.by.map((evidence) => evidence.because).join('; ');
  const by = droppedBy(seen);
  const dropped = by.length === 0 ? '' : `, dropped by ${by.join(', ')}`;
  return [
    flowText(flow),
    `  predicted ${predicted.verdict}: ${because}`,
    `  observed  ${verdictOf(seen.outcome)} (${seen.outcome})${dropped}`,
  ].join('\n');
}
