import type { Pictured } from '../engine/types';

/** What moves a picture in its frame: wheel, drag and keys. */
export interface PictureView {
  readonly show: (svg: SVGSVGElement, picture: Pictured) => void;
  readonly close: () => void;
}

/** Scale and offset in pixels of the frame. */
interface ViewState {
  scale: number;
  x: number;
  y: number;
}

const NARROW = '(max-width: 700px)';
const LEAST = 0.15;
const MOST = 3;
/** Below these scales second lines, ports and all but namespaces are left out. */
const STEPS = [
  [0.6, 'far'],
  [0.45, 'farther'],
  [0.3, 'farthest'],
] as const;

/** A frame in which a picture pans and zooms. The browser moves it as a layer: nothing is drawn again. */
export function createView(frame: HTMLElement): PictureView {
  const state: ViewState = { scale: 1, x: 0, y: 0 };
  const abort = new AbortController();
  let shown: { readonly svg: SVGSVGElement; readonly picture: Pictured } | undefined;
  let asked = 0;
  let moved = false;
  const apply = (): void => {
    if (shown === undefined) return;
    const { svg } = shown;
    svg.style.transform = `translate(${state.x}px, ${state.y}px) scale(${state.scale})`;
    for (const [below, name] of STEPS) frame.classList.toggle(name, state.scale < below);
  };
  const soon = (): void => {
    if (asked === 0)
      asked = requestAnimationFrame(() => {
        asked = 0;
        apply();
      });
  };
  const fitToFrame = (): void => {
    if (shown === undefined) return;
    const { width, height } = shown.picture;
    const { clientWidth } = frame;
    // On a narrow screen the page scrolls: the picture is as wide as the screen and as high as it then is.
    if (matchMedia(NARROW).matches)
      frame.style.minHeight = `${Math.ceil(height * Math.min(1, clientWidth / width))}px`;
    const { clientHeight } = frame;
    state.scale = Math.min(1, clientWidth / width, clientHeight / height);
    state.x = (clientWidth - width * state.scale) / 2;
    state.y = (clientHeight - height * state.scale) / 2;
    apply();
  };
  const zoom = (factor: number, x: number, y: number): void => {
    const scale = Math.min(MOST, Math.max(LEAST, state.scale * factor));
    const by = scale / state.scale;
    Object.assign(state, { scale, x: x - (x - state.x) * by, y: y - (y - state.y) * by });
    moved = true;
    soon();
  };
  listen(frame, {
    state,
    soon,
    zoom,
    fitToFrame,
    moved: () => (moved = true),
    signal: abort.signal,
  });
  const watch = new ResizeObserver(() => moved || fitToFrame());
  watch.observe(frame);
  return {
    show: (svg, picture) => {
      shown = { svg, picture };
      if (moved) apply();
      else fitToFrame();
    },
    close: () => {
      abort.abort();
      watch.disconnect();
      cancelAnimationFrame(asked);
    },
  };
}

interface ViewActions {
  readonly state: ViewState;
  readonly soon: () => void;
  readonly zoom: (factor: number, x: number, y: number) => void;
  readonly fitToFrame: () => void;
  readonly moved: () => void;
  readonly signal: AbortSignal;
}

function listen(frame: HTMLElement, actions: ViewActions): void {
  const { state, soon, zoom, fitToFrame, moved, signal } = actions;
  frame.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { left, top } = frame.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - left, event.clientY - top);
    },
    { passive: false, signal },
  );
  frame.addEventListener(
    'pointerdown',
    (event) => {
      const target = event.target as Element;
      if (event.button !== 0 || target.closest('[role="button"],.line-button') !== null) return;
      const start = { x: event.clientX - state.x, y: event.clientY - state.y };
      const drag = (move: PointerEvent): void => {
        state.x = move.clientX - start.x;
        state.y = move.clientY - start.y;
        moved();
        soon();
      };
      frame.setPointerCapture(event.pointerId);
      frame.addEventListener('pointermove', drag, { signal });
      frame.addEventListener('pointerup', () => frame.removeEventListener('pointermove', drag), {
        once: true,
        signal,
      });
    },
    { signal },
  );
  frame.addEventListener(
    'keydown',
    (event) => {
      const middle = [frame.clientWidth / 2, frame.clientHeight / 2] as const;
      if (event.key === '+' || event.key === '=') zoom(1.2, ...middle);
      else if (event.key === '-') zoom(1 / 1.2, ...middle);
      else if (event.key === '0') fitToFrame();
    },
    { signal },
  );
}
