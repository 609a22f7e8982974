import { useEffect, useState } from 'preact/hooks';
import type { Explanation } from '../../model/explanation';
import { formatEnd } from '../../model/flow';
import { useAsked } from '../asked';
import { announcement, go } from '../book';
import type { Explained } from '../engine/types';
import { askEngine } from '../engine-client';
import { CommandLine, KeyCap } from '../parts/controls';
import { Hops } from '../parts/hops';
import { Icon } from '../parts/icon';
import { markWord, VerdictMark } from '../parts/mark';
import { type Rails, railsOf } from '../parts/rails';
import type { RouteFlow } from '../route';
import { openStand, standKey } from '../worlds';
import { useKeys } from './keyboard';
import { chooseFlow, type LabViewProps } from './lab-place';

interface FlowPanelProps extends LabViewProps {
  readonly flow: RouteFlow;
}

/** Why a flow of a stage is allowed or not: verdict, reason, the change that turns it, every hop. */
export function FlowPanel({ data, stage, flow, place }: FlowPanelProps) {
  const { value, error } = useAsked(`${standKey(data, stage)} ${flow.from} ${flow.to}`, async () =>
    askEngine('explain', { key: await openStand(data, stage), ...flow }),
  );
  const hop = place.hop;
  return (
    <aside class="panel" aria-label="Explanation of a flow">
      <button type="button" class="close" aria-label="Close" onClick={() => chooseFlow(undefined)}>
        <Icon name="close" />
      </button>
      {error !== undefined && <p role="alert">{error.message}</p>}
      {value?.kind === 'unknown-flow' && (
        <p role="alert">
          {value.problem}. {value.fix}
        </p>
      )}
      {value?.kind === 'explained' && (
        <FlowExplanation
          explained={value}
          hop={hop}
          onHop={(next) => go({ ...place, flow, hop: next }, 'replace')}
          onLeave={() => chooseFlow(undefined)}
        />
      )}
    </aside>
  );
}

interface FlowExplanationProps {
  readonly explained: Explained;
  readonly hop: number | undefined;
  readonly onHop: (hop: number) => void;
  readonly onLeave: () => void;
}

/** The panel's content; it opens at the hop that decided. */
export function FlowExplanation({ explained, hop, onHop, onLeave }: FlowExplanationProps) {
  const { explanation, flip, lookup } = explained;
  const rails = railsOf(explanation);
  const chosen = hop ?? rails.stop?.number;
  useHopKeys(rails, chosen, { onHop, onLeave });
  const { flow } = explanation;
  return (
    <>
      <h2 class="flow-title">
        {formatEnd(flow.from)} <span class="arrow">→</span> {formatEnd(flow.to)}{' '}
        <span class="flow-port">
          {flow.protocol} {flow.port ?? ''}
        </span>
      </h2>
      <p class={`verdict-head verdict-${explanation.verdict}`}>
        <VerdictMark kind={explanation.verdict} />
        {headline(explanation, rails)}
      </p>
      <Reasons explanation={explanation} />
      {lookup !== undefined && lookup.verdict !== 'allowed' && (
        <p class="because">
          By name it fails before that: {lookup.by.map(({ because }) => because).join('; ')}.
        </p>
      )}
      {flip !== undefined && (
        <p class="flip">
          <strong>One change would {flip.becomes === 'allowed' ? 'allow' : 'deny'} it.</strong>{' '}
          {sentence(flip.change)}
        </p>
      )}
      {rails.count > 0 && (
        <>
          <Hops rails={rails} onChoose={onHop} {...(chosen !== undefined && { chosen })} />
          <p class="panel-foot">
            <KeyCap>←</KeyCap> <KeyCap>→</KeyCap> step
            <span class="hop-count">
              {chosen === undefined ? `${rails.count} hops` : `hop ${chosen} of ${rails.count}`}
            </span>
          </p>
        </>
      )}
      <p class="remark">
        Predicted in this page. Packets show it on your machine:{' '}
        <CommandLine
          command={`lab explain ${formatEnd(flow.from)} ${targetWords(explanation)} --observed`}
        />
      </p>
    </>
  );
}

/** An allowed flow is explained by its hops: many rules that allow it are folded in. */
function Reasons({ explanation: { verdict, by } }: { readonly explanation: Explanation }) {
  const reasons = by.map(({ because }) => (
    <p key={because} class="because">
      {sentence(because)}
    </p>
  ));
  if (verdict !== 'allowed' || by.length <= FEW_REASONS) return <>{reasons}</>;
  return (
    <details class="checked">
      <summary>{by.length} rules and defaults allow it</summary>
      {reasons}
    </details>
  );
}

const FEW_REASONS = 3;

interface HopActions {
  readonly onHop: (hop: number) => void;
  readonly onLeave: () => void;
}

/** Arrows step through the hops, and a screen reader hears each. */
function useHopKeys(
  rails: Rails,
  chosen: number | undefined,
  { onHop, onLeave }: HopActions,
): void {
  const [moved, setMoved] = useState(false);
  const to = (number: number) => () => {
    if (number < 1 || number > rails.count) return;
    setMoved(true);
    onHop(number);
  };
  useKeys({
    ArrowLeft: to((chosen ?? 2) - 1),
    ArrowRight: to((chosen ?? 0) + 1),
    Home: to(1),
    End: to(rails.count),
    d: to(rails.stop?.number ?? 1),
    Escape: onLeave,
  });
  useEffect(() => {
    if (!moved || chosen === undefined) return;
    announcement.value = hopWords(rails, chosen);
    document.querySelector('.hops .chosen')?.scrollIntoView({ block: 'nearest' });
  }, [moved, chosen, rails]);
}

function hopWords(rails: Rails, number: number): string {
  const row = rails.rows.find(
    ({ there, back }) => there?.number === number || back?.number === number,
  );
  const hop = row?.there?.number === number ? row.there : row?.back;
  const words = hop?.hop.decisions.map(({ evidence }) => evidence.because) ?? [];
  return [`Hop ${number} of ${rails.count}, ${row?.device ?? ''}`, ...words].join(', ');
}

/** `Denied on the way back`: the verdict, with where. */
export function headline({ verdict }: Explanation, { stop }: Rails): string {
  const word = markWord(verdict);
  const begun = word.charAt(0).toUpperCase() + word.slice(1);
  if (stop === undefined) return begun;
  return `${begun} on the way ${stop.way}`;
}

const targetWords = ({ flow: { to, port, protocol } }: Explanation): string =>
  [
    formatEnd(to),
    port === undefined ? '' : `:${port}`,
    protocol === 'TCP' ? '' : `/${protocol}`,
  ].join('');

const sentence = (text: string): string => {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
};
