import type { Explanation } from '../../model/explanation';
import type { Flow } from '../../model/flow';
import type { MapStage } from '../../picture/ends';
import { layoutOf, type MapLayout } from '../../picture/layout';
import { pictureOf } from '../../picture/map';
import { pathPictureOf } from '../../picture/path';
import { svgOf } from '../../picture/svg';
import { drawLegend, LEGEND_WORDS } from '../../picture/svg-legend';
import { LIGHT, type PictureTheme } from '../../picture/theme';
import type { Picture } from '../../picture/types';
import { isolationsOf } from '../../reach/questions/isolation';
import { parseFlow } from '../../read/flows/flows';
import { wordsOf } from './grid';
import type { AskedFlow, Pictured, PictureQuestion, Unreadable } from './types';
import { isUnread, type OpenWorld, type Worlds } from './worlds';

/** Draws worlds that were opened; a topology is laid out once, so nothing moves between its stages. */
export interface Pictures {
  readonly draw: (question: PictureQuestion) => Pictured | Unreadable;
}

/** Colours as variables of the page, so that a picture follows its theme without being drawn again. */
const VARIABLES: PictureTheme = {
  ...LIGHT,
  canvas: 'var(--canvas)',
  surface: 'var(--surface)',
  sunk: 'var(--sunk)',
  line: 'var(--line)',
  lineStrong: 'var(--line-strong)',
  box: 'var(--box)',
  wall: 'var(--wall)',
  ink: 'var(--ink)',
  ink2: 'var(--ink-2)',
  ink3: 'var(--ink-3)',
  edge: 'var(--edge)',
  accent: 'var(--accent)',
  onAccent: 'var(--on-accent)',
  allow: 'var(--allow)',
  deny: 'var(--deny)',
  onDeny: 'var(--on-accent)',
};

export function createPictures(worlds: Worlds): Pictures {
  const stages = new WeakMap<OpenWorld, MapStage>();
  const layouts = new Map<string, MapLayout>();
  const stageOf = (open: OpenWorld): MapStage => {
    const known = stages.get(open);
    if (known !== undefined) return known;
    const { world } = open;
    const isolation = isolationsOf(world, { staged: 'as-written' });
    const made = { world, matrix: open.matrix(), isolation };
    stages.set(open, made);
    return made;
  };
  const layoutFor = ({ topology, compact, direction }: PictureQuestion): MapLayout => {
    const key = [...topology, compact, direction].join('\n');
    const known = layouts.get(key);
    if (known !== undefined) return known;
    const all = topology
      .map((one) => worlds.get(one))
      .flatMap((open) => (isUnread(open) ? [] : [open]));
    const layout = layoutOf(all.map(stageOf), { compact, direction });
    layouts.set(key, layout);
    return layout;
  };
  const draw = (question: PictureQuestion): Pictured | Unreadable => {
    const { key, before, failed = [] } = question;
    const open = worlds.get(key);
    if (isUnread(open)) return { kind: 'problems', problems: open };
    const old = before === undefined ? undefined : worlds.get(before);
    const picture = pictureOf(stageOf(open), {
      layout: layoutFor(question),
      failed: failed.flatMap((one) => flowsIn(open, one)),
      ...(old !== undefined && !isUnread(old) && { before: stageOf(old) }),
    });
    return picturedOf(picture);
  };
  return { draw };
}

/** The flow that was asked, where the world has its ends. */
function flowsIn({ world }: OpenWorld, { from, to }: AskedFlow): readonly Flow[] {
  const flow = parseFlow(from, to, world);
  return 'problem' in flow ? [] : [flow];
}

/** One flow hop by hop, in the colours of the page. */
export const wayOf = (
  { world }: OpenWorld,
  explanation: Explanation,
  step: number | undefined,
): Pictured => picturedOf(pathPictureOf(world, explanation, step === undefined ? {} : { step }));

function picturedOf(picture: Picture): Pictured {
  const { boxes, edges, width, height, about, legend } = picture;
  return {
    kind: 'pictured',
    svg: svgOf(picture, VARIABLES, { framed: false }),
    width,
    height,
    about,
    boxes: boxes.map(({ id, kind, about, parent, walls }) => ({
      id,
      kind,
      about,
      policies: [...new Set(walls.flatMap(({ by }) => by))],
      ...(parent !== undefined && { parent }),
    })),
    edges: edges.map(({ id, from, to, state, about, examples: [example] }) => ({
      id,
      from,
      to,
      state,
      about,
      ...(example !== undefined && { flow: wordsOf(example) }),
    })),
    legend: legend.map((entry) => {
      const { svg } = drawLegend([entry], { x: 0, y: 2 }, 400, VARIABLES);
      return { word: LEGEND_WORDS[entry], svg };
    }),
  };
}
