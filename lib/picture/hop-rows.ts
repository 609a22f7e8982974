import type { Decision, Hop } from '../model/explanation';
import type { HopRow, HopRowLine } from './types';
import type { PlacedStation } from './way-lines';

/** A way as a list: down along the way there, each device with its step back. */
export function hopRows(stations: readonly PlacedStation[]): readonly HopRow[] {
  const rows: HopRow[] = stations
    .filter(({ way }) => way === 'there')
    .map(({ hop, box, step, isReached }) => ({
      box: box.id,
      device: hop.device,
      there: step,
      isReached,
      lines: isReached ? linesOf(hop, 'there') : [],
    }));
  for (const { hop, box, step, isReached, way } of stations) {
    if (way !== 'back') continue;
    const place = rows.findLastIndex((row) => row.box === box.id && row.back === undefined);
    const lines = isReached ? linesOf(hop, 'back') : [];
    const row = rows[place];
    if (row === undefined) {
      rows.push({ box: box.id, device: hop.device, back: step, isReached, lines });
    } else rows[place] = { ...row, back: step, lines: [...row.lines, ...lines] };
  }
  return rows;
}

function linesOf({ decisions, note, becomes }: Hop, way: HopRowLine['way']): readonly HopRowLine[] {
  const changed = [
    ...(becomes?.source === undefined ? [] : [`source becomes ${becomes.source}`]),
    ...(becomes?.destination === undefined ? [] : [`destination becomes ${becomes.destination}`]),
  ];
  const said = decisions
    .filter(({ kind }) => kind !== 'not-isolated')
    .map((decision): HopRowLine => ({ way, kind: decision.kind, text: decisionText(decision) }));
  const open = decisions.some(({ kind }) => kind === 'not-isolated')
    ? ['no policy selects it']
    : [];
  const other = changed.length === 0 && decisions.length === 0 && note !== undefined ? [note] : [];
  return [
    ...[...changed, ...open, ...other].map((text): HopRowLine => ({ way, kind: 'note', text })),
    ...said,
  ];
}

const FILTERS = {
  'network-policy': 'policy',
  'calico-policy': 'policy',
  'cluster-network-policy': 'policy',
  'security-group': 'security group',
  'network-acl': 'ACL',
  route: 'route',
} as const;

function decisionText({ evidence, kind }: Decision): string {
  const { filter, direction, object, rule } = evidence;
  const side = filter === 'route' ? '' : ` ${direction === 'egress' ? 'out' : 'in'}`;
  const last = filter === 'network-acl' && kind === 'denied' ? ', last line' : '';
  return `${FILTERS[filter]}${side} ${object}${rule === null ? last : `, rule ${rule}`}`;
}

/** What a stop is called in the picture: short, beside the sign. */
export function stopCaption({ evidence, kind }: Decision): string {
  const { filter, rule } = evidence;
  if (kind === 'unknown') return 'unknown';
  if (kind === 'no-route' || filter === 'route') return 'no route';
  if (rule !== null) return `rule ${rule} denies`;
  return filter === 'network-acl' ? 'last line denies' : 'no rule allows it';
}
