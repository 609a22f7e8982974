import { useRef, useState } from 'preact/hooks';
import type { Square } from '../../report/matrix';
import type { MatrixAnswer } from '../../serve/api/shapes';
import { useAction } from '../action';
import { type AskedState, useAsked } from '../asked';
import type { LabData } from '../book-data';
import type { Grid, Judgement, Unreadable } from '../engine/types';
import { askEngine } from '../engine-client';
import { act, upLab } from '../live';
import { ActionLine } from '../parts/action-line';
import { Inline, KeyCap } from '../parts/controls';
import { Deviations } from '../parts/deviations';
import { MatrixLegend } from '../parts/legend';
import { MatrixTable } from '../parts/matrix-table';
import { Problems } from '../parts/problems';
import { openStand, standKey } from '../worlds';
import { AppliedLine } from './applied-line';
import { FlowPanel } from './flow-panel';
import { useKeys } from './keyboard';
import { chooseFlow, type LabViewProps } from './lab-place';

/** The prediction of a stage, as the engine computes it now. */
export const useStage = (data: LabData, stage: string): AskedState<Judgement | Unreadable> =>
  useAsked(standKey(data, stage), async () =>
    askEngine('judge', { key: await openStand(data, stage) }),
  );

/** The matrix of a stage, with the explanation of the chosen flow beside it. */
export function MatrixView(props: LabViewProps) {
  const { data, stage, place, lab } = props;
  const { value, error } = useStage(data, stage);
  const about = lab.stages.find(({ name }) => name === stage)?.about ?? '';
  const isHere = upLab(lab.id)?.stage === stage;
  const { state, run } = useAction();
  const [proof, setProof] = useState<MatrixAnswer | undefined>(undefined);
  const send = () =>
    run(async (progress) => setProof(await act(lab.id, 'matrix', {}, { progress })));
  const seen = proof?.stage === stage ? proof : undefined;
  useKeys(isHere ? { r: send } : {});
  return (
    <div class={place.flow === undefined ? 'with-panel' : 'with-panel open'}>
      <div class="canvas">
        <div class="matrix-head">
          <h1>{seen === undefined ? <Inline text={about} /> : proofHeadline(seen)}</h1>
          {isHere && (
            <button type="button" class="secondary" disabled={state.busy} onClick={send}>
              {seen === undefined ? 'Send the packets' : 'Send again'} <KeyCap>r</KeyCap>
            </button>
          )}
        </div>
        <ActionLine
          busy={state.busy}
          text={state.text}
          problem={state.error?.problem}
          fix={state.error?.fix}
        />
        {error !== undefined && <p role="alert">{error.message}</p>}
        {value?.kind === 'problems' && <Problems problems={value.problems} />}
        {value?.kind === 'judged' && (
          <>
            <p class="lead">
              {seen === undefined ? totalsLine(value.grid) : proofLine(seen)}
              <AppliedLine data={data} stage={stage} />
            </p>
            <GridTable
              grid={value.grid}
              size={value.grid.columns.length > 8 ? 'compact' : 'large'}
              flow={place.flow}
              {...(seen && { seen: seenIn(value.grid, seen.observed) })}
            />
            <MatrixLegend
              grid={value.grid}
              seen={seen !== undefined}
              differing={(seen?.differing.length ?? 0) > 0}
            />
          </>
        )}
      </div>
      {place.flow !== undefined && <FlowPanel {...props} flow={place.flow} />}
    </div>
  );
}

/** The matrix beside a lab's text. */
export function MatrixPane({ data, stage, place }: LabViewProps) {
  const { value } = useStage(data, stage);
  if (value?.kind !== 'judged') return null;
  return (
    <div class="matrix-pane">
      <p class="lead">{totalsLine(value.grid)}</p>
      <GridTable grid={value.grid} size="compact" flow={place.flow} />
    </div>
  );
}

interface GridTableProps {
  readonly grid: Grid;
  readonly size: 'large' | 'compact' | 'small';
  readonly flow: LabViewProps['place']['flow'];
  /** Observed flows by verdict, cell by cell. */
  readonly seen?: readonly (readonly number[] | undefined)[];
  readonly onChoose?: (flow: { readonly from: string; readonly to: string }) => void;
}

/** A matrix, or what deviates in it where it is too large to draw. */
export function GridTable(props: GridTableProps) {
  const { deviations } = props.grid;
  return deviations === undefined ? (
    <GridSquare {...props} />
  ) : (
    <Deviations deviations={deviations} onChoose={props.onChoose ?? chooseFlow} />
  );
}

/** A matrix in which arrows move and Enter explains. */
function GridSquare({ grid, size, flow, seen, onChoose = chooseFlow }: GridTableProps) {
  const root = useRef<HTMLDivElement>(null);
  const chosen = grid.cells.findIndex(
    (cell) =>
      cell !== undefined && cell.example.from === flow?.from && cell.example.to === flow?.to,
  );
  const first = grid.cells.findIndex((cell) => cell !== undefined);
  const [focus, setFocus] = useState<number | undefined>(undefined);
  const at = focus ?? (chosen < 0 ? first : chosen);
  const focused = (): boolean =>
    root.current?.contains(document.activeElement) === true &&
    (document.activeElement as HTMLElement).dataset.place !== undefined;
  const move = (step: number, ends: (place: number) => boolean) => () => {
    if (!focused()) return;
    for (let place = at; !ends(place); ) {
      place += step;
      if (grid.cells[place] === undefined) continue;
      setFocus(place);
      root.current?.querySelector<HTMLElement>(`[data-place="${place}"]`)?.focus();
      return;
    }
  };
  const width = grid.columns.length;
  useKeys(
    flow === undefined || focus !== undefined
      ? {
          ArrowLeft: move(-1, (place) => place % width === 0),
          ArrowRight: move(1, (place) => place % width === width - 1),
          ArrowUp: move(-width, (place) => place < width),
          ArrowDown: move(width, (place) => place >= grid.cells.length - width),
        }
      : {},
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
    <section class="wide" ref={root} tabIndex={0} aria-label="Matrix of flows">
      <MatrixTable
        grid={grid}
        size={size}
        label="Sources by targets"
        focus={at}
        {...(seen && { seen })}
        {...(chosen >= 0 && { chosen })}
        onChoose={(example, place) => {
          setFocus(place);
          onChoose(example);
        }}
      />
    </section>
  );
}

/** `41 of 80 flows are open`, and what is not known. */
export function totalsLine({ totals }: Grid): string {
  const [allowed = 0, , noRoute = 0, unknown = 0] = totals;
  const all = totals.reduce((sum, count) => sum + count, 0);
  if (all === 0) return 'There is no flow to judge.';
  const parts = [
    `${allowed} of ${all} flows are open`,
    ...(noRoute > 0 ? [`${noRoute} have no route`] : []),
    ...(unknown > 0 ? [`${unknown} are unknown`] : []),
  ];
  return `${parts.join(', ')}. Predicted in this page, nothing was sent.`;
}

const proofHeadline = ({ differing, flows }: MatrixAnswer): string =>
  differing.length === 0
    ? `All ${flows} flows went as predicted`
    : `${differing.length} of ${flows} flows differ from the prediction`;

const proofLine = ({ flows, millis }: MatrixAnswer): string =>
  `${flows} packets were sent in ${Math.round(millis)} ms: to each served port, and to one without a listener.`;

/** What packets showed, in the places of a grid; ends that packets did not reach have no answer. */
function seenIn(grid: Grid, observed: Square): readonly (readonly number[] | undefined)[] {
  const rowAt = new Map(observed.sources.map((name, place) => [name, place]));
  const columnAt = new Map(observed.targets.map((name, place) => [name, place]));
  return grid.cells.map((_, place) => {
    const row = rowAt.get(grid.rows[Math.floor(place / grid.columns.length)]?.key ?? '');
    const column = columnAt.get(grid.columns[place % grid.columns.length]?.key ?? '');
    return row === undefined || column === undefined
      ? undefined
      : observed.cells[row * observed.targets.length + column]?.counts;
  });
}
