import { describeCheck } from '../../lab/check';
import type { CheckResult } from '../../lab/check-result';
import { upLab } from '../live';
import { Inline } from '../parts/controls';
import { VerdictMark } from '../parts/mark';
import { formatRoute } from '../route';
import { flowOf, lightFlow } from './failed-checks';

interface CheckResultsProps {
  readonly results: readonly CheckResult[];
  /** Id of the lab. */
  readonly lab: string;
}

/** What checks saw, failed ones first: what was seen, what it means, and where to look. */
export function CheckResults({ results, lab }: CheckResultsProps) {
  const order = results.toSorted((a, b) => Number(a.kind === 'right') - Number(b.kind === 'right'));
  const light = (result: CheckResult): void => {
    const flow = flowOf(result);
    if (flow !== undefined) lightFlow(lab, flow);
  };
  return (
    <ul class="check-results" aria-label="Results of the check">
      {order.map((result) => (
        <li
          key={describeCheck(result.check)}
          class={result.kind}
          onMouseEnter={() => light(result)}
          onFocusIn={() => light(result)}
        >
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

/** The path of a failed check's flow on the map, as an address. */
function pathOf(result: CheckResult, lab: string): string | undefined {
  const flow = flowOf(result);
  const stage = upLab(lab)?.stage;
  if (flow === undefined) return undefined;
  return formatRoute({ view: 'lab', lab, tab: 'map', ...(stage && { stage }), flow });
}

function ResultLines({ result, lab }: { readonly result: CheckResult; readonly lab: string }) {
  switch (result.kind) {
    case 'right':
      return <p class="remark">{result.saw}</p>;
    case 'elsewhere':
      return <p class="remark">{result.why}</p>;
    case 'wrong': {
      const path = pathOf(result, lab);
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
