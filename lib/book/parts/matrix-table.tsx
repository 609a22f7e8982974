import { Fragment } from 'preact';
import type { AskedFlow, Grid, GridCell, GridEnd } from '../engine/types';
import { countsWords, kindOf, VerdictMark } from './mark';

/** A cell's answers: what is predicted, what packets showed, and what it was before a change. */
export interface MatrixCell {
  readonly predicted: GridCell | undefined;
  readonly seen?: readonly number[];
  readonly before?: readonly number[];
}

export interface MatrixTableProps {
  readonly grid: Grid;
  /** Observed flows by verdict, cell by cell as in `grid`. */
  readonly seen?: readonly (readonly number[] | undefined)[];
  /** The grid before a change. */
  readonly before?: Grid;
  readonly size: 'large' | 'compact' | 'small';
  readonly label: string;
  /** Place of the chosen cell. */
  readonly chosen?: number;
  /** Place of the cell that Tab leads to. @default the chosen one, or the first */
  readonly focus?: number;
  readonly onChoose?: (flow: AskedFlow, place: number) => void;
  readonly onHover?: (place: number | undefined) => void;
}

/** Sources by targets: a table whose cells are verdicts, grouped by namespace. */
export function MatrixTable(props: MatrixTableProps) {
  const { grid, size, label } = props;
  const groups = groupsOf(grid.columns);
  const slanted = grid.columns.length > 12 ? ' slanted' : '';
  return (
    <table class={`matrix matrix-${size}${slanted}`} aria-label={label}>
      <thead>
        <tr class="matrix-groups">
          <td colSpan={2} />
          {groups.map(({ name, first, ends }) => (
            <Fragment key={`${name} ${first}`}>
              <Gap place={first} />
              <th scope="colgroup" colSpan={ends.length}>
                <span>{name}</span>
              </th>
            </Fragment>
          ))}
        </tr>
        <tr class="matrix-columns">
          <td colSpan={2} class="matrix-corner">
            from ↓ to →
          </td>
          {grid.columns.map((column, c) => (
            <Fragment key={column.key}>
              {startsGroup(grid.columns, c) && <Gap place={c} />}
              <th scope="col">
                <span class="end-name">{column.name}</span>
                <span class="end-port">{portText(column)}</span>
              </th>
            </Fragment>
          ))}
        </tr>
      </thead>
      {groupsOf(grid.rows).map((group) => (
        <tbody key={`${group.name} ${group.first}`}>
          {group.ends.map((end, i) => (
            <MatrixRow
              key={end.key}
              {...props}
              row={group.first + i}
              group={i === 0 ? group : undefined}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** Ends beside one another of one namespace. */
interface EndGroup {
  readonly name: string;
  readonly first: number;
  readonly ends: readonly GridEnd[];
}

export const OUTSIDE = 'outside the cluster';

function groupsOf(ends: readonly GridEnd[]): readonly EndGroup[] {
  const groups: { name: string; first: number; ends: GridEnd[] }[] = [];
  ends.forEach((end, place) => {
    const name = end.namespace ?? OUTSIDE;
    const last = groups.at(-1);
    if (last?.name === name) last.ends.push(end);
    else groups.push({ name, first: place, ends: [end] });
  });
  return groups;
}

const startsGroup = (ends: readonly GridEnd[], place: number): boolean =>
  place === 0 || ends[place - 1]?.namespace !== ends[place]?.namespace;

/** The space between two groups of columns. */
const Gap = ({ place }: { readonly place: number }) =>
  place === 0 ? null : <td class="gap" aria-hidden="true" />;

export const portText = ({ protocol, port }: GridEnd): string =>
  port === undefined ? `${protocol ?? ''}` : `${protocol} ${port}`;

interface MatrixRowProps extends MatrixTableProps {
  readonly row: number;
  /** The group that begins with this row. */
  readonly group: EndGroup | undefined;
}

function MatrixRow(props: MatrixRowProps) {
  const { grid, row, group } = props;
  const end = grid.rows[row];
  if (end === undefined) return null;
  return (
    <tr>
      {group && (
        <th scope="rowgroup" class="row-group" rowSpan={group.ends.length}>
          {group.name}
        </th>
      )}
      <th scope="row" class="row-name">
        {end.name}
      </th>
      {grid.columns.map((column, c) => (
        <Fragment key={column.key}>
          {startsGroup(grid.columns, c) && <Gap place={c} />}
          <MatrixCellView
            {...props}
            place={row * grid.columns.length + c}
            first={startsGroup(grid.columns, c)}
          />
        </Fragment>
      ))}
    </tr>
  );
}

function cellOf({ grid, seen, before }: MatrixTableProps, place: number): MatrixCell {
  const observed = seen?.[place];
  const column = grid.columns[place % grid.columns.length];
  const row = grid.rows[Math.floor(place / grid.columns.length)];
  const old = before === undefined ? undefined : countsIn(before, row?.key, column?.key);
  return {
    predicted: grid.cells[place],
    ...(observed && { seen: observed }),
    ...(old && { before: old }),
  };
}

function countsIn(
  grid: Grid,
  row: string | undefined,
  column: string | undefined,
): readonly number[] | undefined {
  const r = grid.rows.findIndex(({ key }) => key === row);
  const c = grid.columns.findIndex(({ key }) => key === column);
  return r < 0 || c < 0 ? undefined : grid.cells[r * grid.columns.length + c]?.counts;
}

interface MatrixCellProps extends MatrixRowProps {
  readonly place: number;
  /** The first column of its group. */
  readonly first: boolean;
}

function MatrixCellView(props: MatrixCellProps) {
  const { grid, place, first, chosen, focus = chosen ?? 0, onChoose, onHover } = props;
  const cell = cellOf(props, place);
  const start = first ? 'cell first' : 'cell';
  const { predicted } = cell;
  if (predicted === undefined) {
    return (
      <td class={`no-flow ${start}`}>
        <span class="unseen">no flow</span>
      </td>
    );
  }
  const words = `${namesOf(grid, place)}: ${cellWords(cell)}`;
  const state = `${start} ${stateOf(cell)}${place === chosen ? ' chosen' : ''}`;
  if (onChoose === undefined) {
    return (
      <td class={state}>
        <CellMarks cell={cell} />
        <span class="unseen">{cellWords(cell)}</span>
      </td>
    );
  }
  return (
    <td class={state}>
      <button
        type="button"
        data-place={place}
        aria-label={words}
        aria-pressed={place === chosen}
        tabIndex={place === focus ? 0 : -1}
        onClick={() => onChoose(predicted.example, place)}
        onMouseEnter={() => onHover?.(place)}
        onMouseLeave={() => onHover?.(undefined)}
      >
        <CellMarks cell={cell} />
      </button>
    </td>
  );
}

function namesOf({ rows, columns }: Grid, place: number): string {
  const row = rows[Math.floor(place / columns.length)];
  const column = columns[place % columns.length];
  const full = (end: GridEnd | undefined): string =>
    end?.namespace === undefined ? `${end?.name}` : `${end.namespace}/${end.name}`;
  return `${full(row)} to ${full(column)} ${column === undefined ? '' : portText(column)}`.trim();
}

/** Does what packets showed differ from the prediction? */
export const differs = ({ predicted, seen }: MatrixCell): boolean =>
  seen !== undefined && predicted !== undefined && `${seen}` !== `${predicted.counts}`;

const hasChanged = ({ predicted, before }: MatrixCell): boolean =>
  before !== undefined && predicted !== undefined && `${before}` !== `${predicted.counts}`;

function stateOf(cell: MatrixCell): string {
  if (differs(cell)) return 'differs';
  if (!hasChanged(cell)) return '';
  return (cell.predicted?.counts[0] ?? 0) > (cell.before?.[0] ?? 0) ? 'opens' : 'closes';
}

function cellWords(cell: MatrixCell): string {
  const { predicted, seen, before } = cell;
  const now = countsWords(predicted?.counts ?? []);
  if (differs(cell)) return `predicted ${now}, seen ${countsWords(seen ?? [])}`;
  if (hasChanged(cell)) return `was ${countsWords(before ?? [])}, becomes ${now}`;
  return seen === undefined ? `predicted ${now}` : `${now}, predicted and seen`;
}

function CellMarks({ cell }: { readonly cell: MatrixCell }) {
  const { predicted, seen, before } = cell;
  const kind = kindOf(predicted?.counts ?? []);
  if (differs(cell)) {
    return (
      <Fragment>
        <VerdictMark kind={kind} />
        <span class="sign">≠</span>
        <VerdictMark kind={kindOf(seen ?? [])} seen />
      </Fragment>
    );
  }
  if (hasChanged(cell)) {
    return (
      <Fragment>
        <span class="was">
          <VerdictMark kind={kindOf(before ?? [])} />
        </span>
        <span class="sign">→</span>
        <VerdictMark kind={kind} />
      </Fragment>
    );
  }
  return <VerdictMark kind={kind} seen={seen !== undefined} />;
}
