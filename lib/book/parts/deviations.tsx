import type { AskedFlow, GridDeviations } from '../engine/types';
import { countsWords, kindOf, markWord, VerdictMark } from './mark';
import { portText } from './matrix-table';

/** A matrix that is too large to draw: the verdict that most flows share, and the pairs that deviate. */
export function Deviations({
  deviations: { usual, pairs, count },
  onChoose,
}: {
  readonly deviations: GridDeviations;
  readonly onChoose?: (flow: AskedFlow) => void;
}) {
  return (
    <>
      <p class="lead">
        Most flows are {markWord(usual)}. {count} pairs of workloads are not
        {count > pairs.length ? `; the first ${pairs.length}:` : ':'}
      </p>
      <ul class="edge-list deviations">
        {pairs.map(({ row, column, cell }) => (
          <li key={`${row.key} ${column.key}`}>
            <VerdictMark kind={kindOf(cell.counts)} />{' '}
            <button type="button" onClick={() => onChoose?.(cell.example)}>
              {row.key} → {column.namespace === undefined ? '' : `${column.namespace}/`}
              {column.name} {portText(column)}: {countsWords(cell.counts)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
