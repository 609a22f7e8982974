import type { LegendEntry, Picture } from './types';

const ORDER: readonly LegendEntry[] = [
  'walled',
  'hollow',
  'open',
  'allows',
  'denies',
  'no-route',
  'unknown',
  'some',
  'new-wall',
  'removed-wall',
  'opened',
  'closed',
  'failed',
  'there',
  'back',
  'unreached',
  'stop',
];

/** Adds the legend: an entry for what is on the picture, and no other. */
export function legendOf(picture: Picture): Picture {
  const walls = picture.boxes.flatMap((box) => box.walls);
  const here = new Set<LegendEntry>([
    ...walls.flatMap(({ kind, change }): LegendEntry[] => {
      if (change === 'removed') return ['removed-wall'];
      if (change === 'new') return ['new-wall'];
      return [kind === 'hollow' ? 'hollow' : 'walled'];
    }),
    ...picture.boxes.flatMap(({ outline }): LegendEntry[] => (outline === 'open' ? ['open'] : [])),
    ...picture.edges.flatMap(({ state }): LegendEntry[] => (state === 'link' ? [] : [state])),
    ...picture.marks.flatMap(({ state }): LegendEntry[] => (state === 'stop' ? ['stop'] : [])),
  ]);
  return { ...picture, legend: ORDER.filter((entry) => here.has(entry)) };
}
