import type { FlowChange } from '../../model/change';
import type { Verdict } from '../../model/explanation';
import { type MarkKind, markWord, VerdictMark } from './mark';

/** Flows that a change opens, closes or answers in another way, a row each pair of workloads. */
export function ChangesList({ changes }: { readonly changes: readonly FlowChange[] }) {
  return (
    <ul class="changes" aria-label="Changes">
      {changes.slice(0, MOST).map((one) => (
        <li key={`${one.from} ${one.to} ${one.protocol} ${one.port} ${one.before} ${one.after}`}>
          <span class={`verdict verdict-${kindAfter(one)}`}>
            <VerdictMark kind={kindAfter(one)} />
            <span class="change-word">{changeWord(one)}</span>
          </span>
          <FlowName change={one} />
          <span class="count">{countText(one)}</span>
        </li>
      ))}
      {changes.length > MOST && <li class="more">and {changes.length - MOST} more</li>}
    </ul>
  );
}

/** More changes than that are counted. */
const MOST = 40;

export const FlowName = ({ change }: { readonly change: FlowChange }) => (
  <span class="flow-name">
    <code>{shortWorkload(change.from)}</code> <span class="arrow">→</span>{' '}
    <code>{shortWorkload(change.to)}</code>{' '}
    <code class="port">
      {change.protocol} {change.port ?? ''}
    </code>
  </span>
);

/** `shop/Deployment/web` is known to people as `shop/web`. */
export const shortWorkload = (workload: string): string =>
  workload.replace(/^([^/]+)\/[A-Z][A-Za-z]*\/(.+)$/, '$1/$2');

const kindAfter = ({ after }: FlowChange): MarkKind => (after === 'absent' ? 'none' : after);

/** What happens to flows, in one word where there is one. */
export function changeWord({ before, after }: FlowChange): string {
  if (after === 'absent') return 'goes away';
  if (before === 'absent') return `new: ${markWord(after)}`;
  if (after === 'allowed') return 'opens';
  if (before === 'allowed' && after === 'denied') return 'closes';
  return `becomes ${markWord(after)}`;
}

export const countText = ({ flows, of }: FlowChange): string =>
  `${flows} of ${of} ${of === 1 ? 'flow' : 'flows'}`;

/** `1 path opens, 2 paths close`: a diff in one line, in workload pairs. */
export function changesHeadline(changes: readonly FlowChange[]): string {
  const open = changes.filter(isOpening).length;
  const closed = changes.filter(isClosing).length;
  const other = changes.length - open - closed;
  const parts = [
    open === 0 ? '' : `${open} ${open === 1 ? 'path opens' : 'paths open'}`,
    closed === 0 ? '' : `${closed} ${closed === 1 ? 'path closes' : 'paths close'}`,
    other === 0 ? '' : `${other} ${other === 1 ? 'path is' : 'paths are'} answered in another way`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'No flow changes' : parts.join(', ');
}

const wasVerdict = (verdict: FlowChange['before']): verdict is Verdict => verdict !== 'absent';

export const isOpening = ({ before, after }: FlowChange): boolean =>
  after === 'allowed' && before !== 'allowed';

export const isClosing = ({ before, after }: FlowChange): boolean =>
  before === 'allowed' && wasVerdict(after) && after !== 'allowed';
