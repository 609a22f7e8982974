/** Icons of the book: discs, rings, crosses, bars, triangles and arrows, 14 px, drawn with lines. */
export type IconName =
  | 'search'
  | 'done'
  | 'begun'
  | 'ready'
  | 'blocked'
  | 'up'
  | 'down'
  | 'error'
  | 'warning'
  | 'note'
  | 'close'
  | 'brand';

/** An icon that only repeats what a word beside it says. */
export function Icon({ name }: { readonly name: IconName }) {
  const size = name === 'brand' ? 20 : 14;
  return (
    <svg
      class={`icon icon-${name}`}
      width={size}
      height={size}
      viewBox={name === 'brand' ? '0 0 20 20' : '0 0 14 14'}
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[name]}
    </svg>
  );
}

const line = { fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5 } as const;

const SHAPES = {
  search: (
    <g {...line}>
      <circle cx="6" cy="6" r="4" />
      <path d="M9 9l3.5 3.5" />
    </g>
  ),
  done: (
    <g>
      <circle cx="7" cy="7" r="6.2" fill="currentColor" />
      <path d="M4.2 7.2l2 2 3.6-4.2" fill="none" class="icon-cut" stroke-width="1.6" />
    </g>
  ),
  begun: (
    <g>
      <circle cx="7" cy="7" r="5.5" {...line} />
      <path d="M7 3.4a3.6 3.6 0 0 1 0 7.2z" fill="currentColor" />
    </g>
  ),
  ready: <circle cx="7" cy="7" r="5.5" {...line} />,
  blocked: <circle cx="7" cy="7" r="5.5" {...line} stroke-dasharray="1.6 1.86" />,
  up: <circle cx="7" cy="7" r="4" fill="currentColor" />,
  down: <circle cx="7" cy="7" r="3.2" {...line} />,
  error: (
    <g {...line}>
      <path d="M7 1.6L13 12.4H1z" stroke-linejoin="round" />
      <path d="M7 5.4v3.4M7 10v1" />
    </g>
  ),
  warning: (
    <g {...line}>
      <circle cx="7" cy="7" r="5.6" />
      <path d="M7 3.8v4M7 9v1.2" />
    </g>
  ),
  note: (
    <g {...line}>
      <circle cx="7" cy="7" r="5.6" />
      <path d="M7 6.2v4M7 3.8v1.2" />
    </g>
  ),
  close: <path d="M3 3l8 8M11 3l-8 8" {...line} />,
  brand: (
    <g fill="none" stroke="currentColor" stroke-width="1.7">
      <rect x="1" y="1" width="18" height="18" rx="4.5" />
      <path d="M5.6 10h8" />
      <circle cx="5.8" cy="10" r="1.1" fill="currentColor" />
      <path d="M12.2 7.4L15 10l-2.8 2.6z" fill="currentColor" stroke="none" />
    </g>
  ),
} as const;
