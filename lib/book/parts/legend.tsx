import type { Grid } from '../engine/types';
import { kindOf, type MarkKind, markWord, VerdictMark } from './mark';

const ORDER: readonly MarkKind[] = ['allowed', 'denied', 'no-route', 'unknown', 'differ'];

/** What the marks of a matrix mean: only those that it has. */
export function MatrixLegend({
  grid,
  seen,
  differing,
}: {
  readonly grid: Grid;
  readonly seen: boolean;
  readonly differing: boolean;
}) {
  const kinds = new Set(grid.cells.map((cell) => kindOf(cell?.counts ?? [])));
  return (
    <ul class="legend" aria-label="Legend">
      {ORDER.filter((kind) => kinds.has(kind)).map((kind) => (
        <li key={kind}>
          <VerdictMark kind={kind} seen={seen} /> {markWord(kind)}
        </li>
      ))}
      <li>
        <VerdictMark kind="allowed" seen={seen} />
        <VerdictMark kind="denied" seen={seen} />{' '}
        {seen ? 'solid: packets agree' : 'thin: predicted only'}
      </li>
      {differing && (
        <li>
          <span class="swatch-differs">
            <VerdictMark kind="allowed" />
            <VerdictMark kind="denied" seen />
          </span>{' '}
          predicted ≠ seen
        </li>
      )}
    </ul>
  );
}
