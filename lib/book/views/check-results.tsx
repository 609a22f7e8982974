import { describeCheck } from '../../lab/check';
import type { CheckResult } from '../../lab/check-result';
import { upLab } from '../live';
import { Inline } from '../parts/controls';
import { VerdictMark } from '../parts/mark';
import { formatRoute } from '../route';

interface CheckResultsProps {
  readonly results: readonly CheckResult[];
  /** Id of the lab. */
  readonly lab: string;
}

/** What checks saw, failed ones first: what was seen, what it means, and where to look. */
export function CheckResults({ results, lab }: CheckResultsProps) {
  const order = results.toSorted((a, b) => Number(a.kind === 'right') - Number(b.kind === 'right'));
  return (
    <ul class="check-results" aria-label="Results of the check">
      {order.map((result) => (
        <li key={describeCheck(result.check)} class={result.kind}>
          <VerdictMark kind={markOf(result)} seen />
          <div>
            <p class="check-name">
              <Inline text={describeCheck(result.check)} />
            </p>
            <ResultLines result={result} lab={lab} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function markOf({ kind }: CheckResult) {
  if (kind === 'right') return 'allowed';
  return kind === 'wrong' ? 'denied' : 'unknown';
}

/** The flow that `lab explain` would explain, as an address. */
function pathOf(look: string, lab: string): string | undefined {
  const [, from, to] = /^lab explain (\S+) (\S+)$/.exec(look) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const stage = upLab(lab)?.stage;
  return formatRoute({ view: 'lab', lab, tab: 'map', ...(stage && { stage }), flow: { from, to } });
}

function ResultLines({ result, lab }: { readonly result: CheckResult; readonly lab: string }) {
  switch (result.kind) {
    case 'right':
      return <p class="remark">{result.saw}</p>;
    case 'elsewhere':
      return <p class="remark">{result.why}</p>;
    case 'wrong': {
      const path = pathOf(result.look, lab);
      return (
        <dl>
          <dt>Saw</dt>
          <dd>{(result.parts ?? [result.saw]).join('; ')}</dd>
          <dt>Means</dt>
          <dd>
            <Inline text={result.means} />
          </dd>
          <dt>Look</dt>
          <dd>
            {path === undefined ? <Inline text={result.look} /> : <a href={path}>Show its path</a>}
          </dd>
        </dl>
      );
    }
  }
}
