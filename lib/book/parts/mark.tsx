import type { Verdict } from '../../model/explanation';
import { VERDICTS } from '../../model/matrix';

/** What a mark shows: a verdict, `differ` among replicas, or no flow at all. */
export type MarkKind = Verdict | 'differ' | 'none';

const WORDS: Readonly<Record<MarkKind, string>> = {
  allowed: 'allowed',
  denied: 'denied',
  'no-route': 'no route',
  unknown: 'unknown',
  differ: 'replicas differ',
  none: 'no flow',
};

export const markWord = (kind: MarkKind): string => WORDS[kind];

/** A verdict in one word, from its place in the counts of a cell. */
export function kindOf(counts: readonly number[]): MarkKind {
  const found = VERDICTS.filter((_, i) => (counts[i] ?? 0) > 0);
  if (found.length === 0) return 'none';
  return found.length === 1 ? (found[0] ?? 'unknown') : 'differ';
}

/** `2 of 4 allowed` for a cell whose replicas differ; else the verdict's word. */
export function countsWords(counts: readonly number[]): string {
  const kind = kindOf(counts);
  if (kind !== 'differ') return markWord(kind);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return `${counts[0] ?? 0} of ${all} allowed`;
}

/**
 * A verdict as a mark: thin where it is only predicted, solid where packets showed it too. Its word
 * stands beside it or in the label of what holds it, so the mark itself is silent.
 */
export function VerdictMark({
  kind,
  seen = false,
}: {
  readonly kind: MarkKind;
  readonly seen?: boolean;
}) {
  return (
    <svg
      class={`mark mark-${kind}${seen ? ' mark-seen' : ''}`}
      width="14"
      height="14"
      viewBox="0 0 14 14"
      aria-hidden="true"
      focusable="false"
    >
      {shapeOf(kind, seen)}
    </svg>
  );
}

function shapeOf(kind: MarkKind, seen: boolean) {
  const stroke = { fill: 'none', stroke: 'currentColor' } as const;
  const width = seen ? 2.4 : 1.4;
  switch (kind) {
    case 'allowed':
      return seen ? (
        <circle cx="7" cy="7" r="5" fill="currentColor" />
      ) : (
        <circle cx="7" cy="7" r="4.4" {...stroke} stroke-width="1.5" />
      );
    case 'denied':
      return <path d="M2.8 2.8l8.4 8.4M11.2 2.8l-8.4 8.4" {...stroke} stroke-width={width} />;
    case 'no-route':
      return <path d="M1 7h4.6M8.4 7H13" {...stroke} stroke-width={width} />;
    case 'differ':
      return (
        <g>
          <circle cx="7" cy="7" r="4.8" {...stroke} stroke-width="1.4" />
          <path d="M7 2.2a4.8 4.8 0 0 1 0 9.6z" fill="currentColor" />
        </g>
      );
    case 'unknown':
      return (
        <text x="7" y="11.4" text-anchor="middle" fill="currentColor">
          ?
        </text>
      );
    case 'none':
      return null;
  }
}

/** A mark with its word. */
export function VerdictWord({
  kind,
  seen = false,
}: {
  readonly kind: MarkKind;
  readonly seen?: boolean;
}) {
  return (
    <span class={`verdict verdict-${kind}`}>
      <VerdictMark kind={kind} seen={seen} />
      <span>{markWord(kind)}</span>
    </span>
  );
}
