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
  const pairs = byPair(changes);
  const opened = pairs.filter(([{ after }]) => after === 'allowed');
  const others = pairs.filter(([{ after }]) => after !== 'allowed');
  const [first] = changes;
  return [
    palette.strong(title),
    ...[
      ...opened.map((change) => palette.good(`  + ${line(change)}`)),
      ...others.map((change) => palette.bad(`  - ${line(change)}`)),
    ].slice(0, most),
    ...(pairs.length > most ? [palette.quiet(`  and ${pairs.length - most} pairs more`)] : []),
    ...(first === undefined ? [] : [palette.quiet(`  for example ${flowText(first.example)}`)]),
  ].join('\n');
}

type Pair = readonly [FlowChange, ...FlowChange[]];

/** Changes of the same pair of workloads that differ in the port alone. */
function byPair(changes: readonly FlowChange[]): readonly Pair[] {
  const pairs = new Map<string, [FlowChange, ...FlowChange[]]>();
  for (const change of changes) {
    const { from, to, before, after, flows, of } = change;
    const key = [from, to, before, after, flows, of].join('\n');
    const known = pairs.get(key);
    if (known === undefined) pairs.set(key, [change]);
    else known.push(change);
  }
  return [...pairs.values()];
}

function line(pair: Pair): string {
  const [{ from, to, before, after, flows, of }] = pair;
  const traffic = pair.map(({ protocol, port }) =>
    port === undefined ? protocol : `${protocol} ${port}`,
  );
  const some = flows === of ? '' : ` (${flows} of ${of})`;
  return `${shortName(from)} -> ${shortName(to)} ${traffic.join(', ')}: ${before} becomes ${after}${some}`;
}
