import type { Explanation } from '../model/explanation';
import { type Flow, formatEnd } from '../model/flow';
import { type Outcome, verdictOf } from '../model/observation';

/** What was seen of one flow: the outcome of its probe, and the rules that the kernel named. */
export interface Seen {
  readonly outcome: Outcome;
  /** Comments of the rules that dropped it, where the kernel was asked. */
  readonly droppedBy: readonly string[];
  readonly reason?: string;
}

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
export function flowText({ from, to, protocol, port }: Flow): string {
  const target = port === undefined ? protocol : `${protocol} ${port}`;
  return `${formatEnd(from)} -> ${formatEnd(to)} ${target}`;
}

/** A discrepancy for a person: both answers, and what each rests on. */
export function discrepancyText({ flow, predicted, seen }: Compared): string {
  const because = predicted.by.map((evidence) => evidence.because).join('; ');
  const dropped = seen.droppedBy.length === 0 ? '' : `, dropped by ${seen.droppedBy.join(', ')}`;
  return [
    flowText(flow),
    `  predicted ${predicted.verdict}: ${because}`,
    `  observed  ${verdictOf(seen.outcome)} (${seen.outcome})${dropped}`,
  ].join('\n');
}
