import type { Decision, Filter } from '../../model/explanation';
import { VerdictMark } from './mark';
import type { RailHop, RailRow, Rails } from './rails';

const FILTERS: Readonly<Record<Filter, string>> = {
  'network-policy': 'policy',
  'calico-policy': 'Calico policy',
  'cluster-network-policy': 'cluster policy',
  'security-group': 'security group',
  'network-acl': 'ACL',
  route: 'route',
};

/** The devices of a way, one row each: down on the left rail, back up on the right one. */
export function Hops({
  rails,
  chosen,
  onChoose,
}: {
  readonly rails: Rails;
  readonly chosen?: number;
  readonly onChoose?: (hop: number) => void;
}) {
  return (
    <ol class="hops" aria-label="Hops, the way there and the way back">
      {rails.rows.map((row, i) => (
        <HopRow
          key={`${row.there?.number ?? ''} ${row.back?.number ?? ''}`}
          row={row}
          next={rails.rows[i + 1]}
          chosen={chosen}
          onChoose={onChoose}
        />
      ))}
    </ol>
  );
}

interface HopRowProps {
  readonly row: RailRow;
  readonly next: RailRow | undefined;
  readonly chosen: number | undefined;
  readonly onChoose: ((hop: number) => void) | undefined;
}

function HopRow({ row, next, chosen, onChoose }: HopRowProps) {
  const [kind, ...name] = row.device.split(' ');
  const isUnreached =
    (row.there ?? row.back)?.state === 'unreached' && row.back?.state !== 'reached';
  return (
    <li class={isUnreached ? 'unreached' : ''}>
      <Badge hop={row.there} way="there" below={next?.there} chosen={chosen} onChoose={onChoose} />
      <div class="hop-text">
        <p class="hop-device">
          <span>{kind}</span> <strong>{name.join(' ')}</strong>
          {isUnreached && <span class="unreached-word">not reached</span>}
        </p>
        {row.there !== undefined && row.there.state !== 'unreached' && (
          <HopDecisions hop={row.there} arrow="↓" way="there" />
        )}
        {row.back !== undefined && row.back.state !== 'unreached' && (
          <HopDecisions hop={row.back} arrow="↑" way="back" />
        )}
      </div>
      <Badge hop={row.back} way="back" below={next?.back} chosen={chosen} onChoose={onChoose} />
    </li>
  );
}

interface BadgeProps {
  readonly hop: RailHop | undefined;
  readonly way: 'there' | 'back';
  /** The hop of the same way in the row below: a line leads there. */
  readonly below: RailHop | undefined;
  readonly chosen: number | undefined;
  readonly onChoose: ((hop: number) => void) | undefined;
}

function Badge({ hop, way, below, chosen, onChoose }: BadgeProps) {
  if (hop === undefined) return <span class={`rail rail-${way}`} />;
  const { number, state } = hop;
  const label = `Hop ${number}, ${hop.hop.device}, ${way === 'there' ? 'way there' : 'way back'}`;
  const look = `badge badge-${state}${number === chosen ? ' chosen' : ''}`;
  const line = below === undefined ? '' : ` lined ${lineState(hop, below, way)}`;
  return (
    <span class={`rail rail-${way}${line}`}>
      {onChoose === undefined ? (
        <span class={look}>{number}</span>
      ) : (
        <button
          type="button"
          class={look}
          aria-label={label}
          aria-current={number === chosen ? 'step' : undefined}
          onClick={() => onChoose(number)}
        >
          {number}
        </button>
      )}
    </span>
  );
}

/** A line is dotted where the packet did not come along it. */
function lineState(upper: RailHop, lower: RailHop, way: 'there' | 'back'): string {
  const later = way === 'there' ? lower : upper;
  return later.state === 'unreached' ? 'line-unreached' : `line-${way}`;
}

function HopDecisions({
  hop: { hop },
  arrow,
  way,
}: {
  readonly hop: RailHop;
  readonly arrow: string;
  readonly way: string;
}) {
  return (
    <ul class="decisions">
      {hop.decisions.map((one) => (
        <li
          key={`${one.evidence.filter} ${one.evidence.object} ${one.evidence.direction} ${one.evidence.rule}`}
          class={`decision decision-${one.kind}`}
          title={one.evidence.because}
        >
          <span class="decision-arrow">{arrow}</span>
          <span class="unseen">way {way}:</span>
          <VerdictMark kind={markOf(one.kind)} />
          <DecisionText decision={one} />
        </li>
      ))}
      {hop.note !== undefined && (
        <li class="decision">
          <span class="decision-arrow">{arrow}</span>
          <span class="decision-sign">⇄</span>
          <span>{hop.note}</span>
        </li>
      )}
    </ul>
  );
}

function markOf(kind: Decision['kind']) {
  switch (kind) {
    case 'denied':
    case 'no-route':
    case 'unknown':
      return kind;
    case 'passed':
      return 'none';
    case 'allowed':
    case 'not-isolated':
      return 'allowed';
  }
}

function DecisionText({ decision: { kind, evidence } }: { readonly decision: Decision }) {
  const { filter, direction, object, rule } = evidence;
  const way = direction === 'egress' ? 'out' : 'in';
  if (kind === 'not-isolated') return <span>policy {way}: not isolated</span>;
  const which = rule === null ? 'default' : `rule ${rule}`;
  return (
    <span>
      {FILTERS[filter]} {filter === 'route' ? '' : way}{' '}
      <code>
        {object}, {which}
      </code>
      {kind === 'passed' && ' has no opinion'}
      {kind === 'unknown' && ' cannot tell'}
    </span>
  );
}
