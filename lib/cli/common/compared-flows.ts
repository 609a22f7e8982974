import type { ReportedFlow } from '../../book/report/types';
import { verdictOf } from '../../model/observation';
import { type Compared, flowText } from '../../report/comparison';

/** What a report says of comparisons: without their traces, which are large. */
export interface ComparedFlows {
  /** Passes comparisons on, and keeps what a report says of each. */
  readonly of: (all: Iterable<Compared>) => Iterable<Compared>;
  readonly flows: readonly ReportedFlow[];
}

export function recordFlows(): ComparedFlows {
  const flows: ReportedFlow[] = [];
  function* of(all: Iterable<Compared>): Generator<Compared> {
    for (const one of all) {
      flows.push(reportedFlow(one));
      yield one;
    }
  }
  return { of, flows };
}

const reportedFlow = ({ flow, predicted, seen, agreement }: Compared): ReportedFlow => ({
  flow: flowText(flow),
  predicted: predicted.verdict,
  seen: verdictOf(seen.outcome),
  agreement,
  because: seen.reason ?? predicted.by.map(({ because }) => because).join('; '),
});
