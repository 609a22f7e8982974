import type { FlowChange } from '../model/change';
import { flowText } from './comparison';
import { shortName } from './matrix';
import type { Palette } from './palette';

/**
 * What a change of policies changes, a line a pair of workloads; opened flows before closed ones.
 * Of more than `most` lines the first are shown and the others counted.
 */
export function diffText(
  changes: readonly FlowChange[],
  palette: Palette,
  most = Number.POSITIVE_INFINITY,
): string {
  if (changes.length === 0) return 'no flow changes';
  const flows = changes.reduce((sum, change) => sum + change.flows, 0);
  const title = `${flows} ${flows === 1 ? 'flow changes' : 'flows change'}`;
  const opened = changes.filter(({ after }) => after === 'allowed');
  const others = changes.filter(({ after }) => after !== 'allowed');
  const [first] = changes;
  return [
    palette.strong(title),
    ...[
      ...opened.map((change) => palette.good(`  + ${line(change)}`)),
      ...others.map((change) => palette.bad(`  - ${line(change)}`)),
    ].slice(0, most),
    ...(changes.length > most ? [palette.quiet(`  and ${changes.length - most} pairs more`)] : []),
    ...(first === undefined ? [] : [palette.quiet(`  for example ${flowText(first.example)}`)]),
  ].join('\n');
}

function line({ from, to, protocol, port, before, after, flows, of }: FlowChange): string {
  const traffic = port === undefined ? protocol : `${protocol} ${port}`;
  const some = flows === of ? '' : ` (${flows} of ${of})`;
  return `${shortName(from)} -> ${shortName(to)} ${traffic}: ${before} becomes ${after}${some}`;
}
