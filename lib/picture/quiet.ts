import type { Emphasis, Picture } from './types';

/**
 * Lets everything but the failed edges, or the edges of a chosen box, go quiet. Quiet is another colour
 * and never opacity: pale text must stay readable.
 */
export function quieted(picture: Picture, chosen: string | undefined): Picture {
  const failed = picture.edges.filter(({ state }) => state === 'failed');
  if (failed.length === 0 && chosen === undefined) return picture;
  const loud =
    failed.length > 0
      ? failed
      : picture.edges.filter(({ from, to }) => from === chosen || to === chosen);
  const edges = new Set(loud.map(({ id }) => id));
  const ends = new Set([...loud.flatMap(({ from, to }) => [from, to]), chosen ?? '']);
  const parents = new Set(
    picture.boxes.flatMap(({ id, parent }) => (ends.has(id) && parent ? [parent] : [])),
  );
  const of = (id: string): Emphasis => {
    if (id === chosen) return 'chosen';
    return ends.has(id) || parents.has(id) ? 'normal' : 'quiet';
  };
  return {
    ...picture,
    boxes: picture.boxes.map((box) => ({ ...box, emphasis: of(box.id) })),
    edges: picture.edges.map((edge) => ({
      ...edge,
      emphasis: edges.has(edge.id) ? 'normal' : 'quiet',
    })),
  };
}
