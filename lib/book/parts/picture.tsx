import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { AskedFlow, Pictured } from '../engine/types';
import { createView, type PictureView } from './picture-view';

interface PictureProps {
  readonly picture: Pictured;
  /** Id of the chosen box. */
  readonly chosen?: string;
  readonly onBox?: (id: string | undefined) => void;
  readonly onFlow?: (flow: AskedFlow) => void;
  /** A hop of a way was chosen, by its number. */
  readonly onStep?: (step: number) => void;
  /** It pans and zooms; else it only shrinks to its place. */
  readonly live: boolean;
}

/**
 * A picture as the engine drew it. Its SVG is parsed as XML: names of objects are text in it. Boxes are
 * buttons in reading order; lines that do not touch the box in focus go quiet.
 */
export function PictureFrame({ picture, chosen, onBox, onFlow, onStep, live }: PictureProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<PictureView | undefined>(undefined);
  useLayoutEffect(() => {
    const root = host.current;
    if (root === null) return;
    const focused = root.querySelector(':focus')?.getAttribute('data-box');
    const svg = parsed(picture.svg);
    root.replaceChildren(svg);
    prepare(svg, picture, { onBox, onFlow });
    if (onStep !== undefined) prepareSteps(svg, onStep);
    if (focused) boxIn(svg, focused)?.focus();
    if (live) {
      view.current ??= createView(root);
      view.current.show(svg, picture);
    }
  }, [picture]);
  useEffect(() => quieten(host.current, picture, chosen), [picture, chosen]);
  useEffect(() => () => view.current?.close(), []);
  return (
    <>
      <div class={live ? 'picture live' : 'picture'} ref={host} />
      <EdgeTable picture={picture} />
    </>
  );
}

function parsed(svg: string): SVGSVGElement {
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
  return window.document.importNode(document.documentElement, true) as unknown as SVGSVGElement;
}

const boxIn = (root: Element, id: string): SVGElement | null =>
  root.querySelector<SVGElement>(`[data-box="${CSS.escape(id)}"]`);

type PictureActions = Pick<PictureProps, 'onBox' | 'onFlow'>;

/** Makes boxes and lines of a picture answer to keys and clicks. */
function prepare(svg: SVGSVGElement, picture: Pictured, { onBox, onFlow }: PictureActions): void {
  if (onBox !== undefined) {
    // The parts have names of their own: the whole is a group, not one image.
    svg.setAttribute('role', 'group');
    for (const { id, kind, about } of picture.boxes) {
      const box = boxIn(svg, id);
      if (box === null || kind === 'namespace') continue;
      box.setAttribute('tabindex', '0');
      box.setAttribute('role', 'button');
      // The name says all of it; a second one would be read as visible text.
      box.querySelector(':scope > title')?.remove();
      for (const text of box.querySelectorAll(':scope > text')) text.after(' ');
      box.setAttribute('aria-label', `${wordsIn(box)}: ${about}`);
      box.addEventListener('click', () => onBox(id));
      box.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onBox(id);
      });
      box.addEventListener('mouseenter', () => quieten(svg, picture, id));
      box.addEventListener('focus', () => quieten(svg, picture, id));
      box.addEventListener('mouseleave', () => quieten(svg, picture, undefined));
      box.addEventListener('blur', () => quieten(svg, picture, undefined));
    }
  }
  if (onFlow === undefined) return;
  for (const { id, flow } of picture.edges) {
    if (flow === undefined) continue;
    const parts = svg.querySelectorAll<SVGElement>(
      `[data-edge="${CSS.escape(id)}"], [data-label="${CSS.escape(id)}"]`,
    );
    for (const part of parts) {
      part.classList.add('line-button');
      part.addEventListener('click', () => onFlow(flow));
    }
  }
}

/** Numbers of a way lead to their hop. The keys do the same: arrows step, and the list of hops has buttons. */
function prepareSteps(svg: SVGSVGElement, onStep: (step: number) => void): void {
  for (const mark of svg.querySelectorAll<SVGElement>('[data-step]')) {
    mark.classList.add('line-button');
    mark.addEventListener('click', () => onStep(Number(mark.dataset.step)));
  }
}

/** The words that stand on a box: its name begins with them. */
const wordsIn = (box: Element): string =>
  [...box.querySelectorAll(':scope > text')].map(({ textContent }) => textContent).join(' ');

/** Lines that do not touch a box, and boxes at no line of it, go quiet; without a box none does. */
function quieten(root: Element | null, picture: Pictured, id: string | undefined): void {
  if (root === null) return;
  const near = new Set(id === undefined ? [] : [id]);
  for (const { id: edge, from, to } of picture.edges) {
    const touches = id === undefined || from === id || to === id;
    if (touches && id !== undefined) near.add(from).add(to);
    const parts = root.querySelectorAll(
      `[data-edge="${CSS.escape(edge)}"], [data-label="${CSS.escape(edge)}"]`,
    );
    for (const part of parts) part.classList.toggle('quiet', !touches);
  }
  for (const box of root.querySelectorAll('[data-box]')) {
    const own = box.getAttribute('data-box') ?? '';
    const isGround = box.getAttribute('data-kind') === 'namespace';
    box.classList.toggle('quiet', id !== undefined && !isGround && !near.has(own));
    box.classList.toggle('picked', own === id);
  }
}

/** The same lines as a table, for screen readers. */
const EdgeTable = ({ picture }: { readonly picture: Pictured }) => (
  <div class="unseen">
    <p>{picture.about}</p>
    {picture.edges.length > 0 && (
      <ul aria-label="Lines of the map">
        {picture.edges.map(({ id, about }) => (
          <li key={id}>{about}</li>
        ))}
      </ul>
    )}
  </div>
);

/** What is on the picture: a sample and its word. */
export function PictureLegend({ picture }: { readonly picture: Pictured }) {
  return (
    <ul class="legend picture-legend" aria-label="Legend">
      {picture.legend.map(({ word, svg }) => (
        <li key={word}>
          <LegendSample svg={svg} />
          {word}
        </li>
      ))}
    </ul>
  );
}

/** The sample alone: its word stands beside it as text of the page. */
function LegendSample({ svg }: { readonly svg: string }) {
  const host = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const drawn = parsed(
      `<svg xmlns="http://www.w3.org/2000/svg" width="28" height="20" viewBox="0 0 28 20" aria-hidden="true">${svg}</svg>`,
    );
    for (const text of drawn.querySelectorAll(':scope > text, :scope > g > text:last-child'))
      text.remove();
    host.current?.replaceChildren(drawn);
  }, [svg]);
  return <span class="legend-sample" ref={host} />;
}
