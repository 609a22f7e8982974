import { overlap, touches } from '../../lib/picture/labels';
import { segmentsOf } from '../../lib/picture/routes';
import { textArea } from '../../lib/picture/text-area';
import type { Picture, PictureArea, PictureBox } from '../../lib/picture/types';

/** Everything that is wrong with a picture's geometry, as sentences; a sound picture has none. */
export function flawsOf(picture: Picture): readonly string[] {
  return [
    ...boxFlaws(picture),
    ...textFlaws(picture),
    ...edgeFlaws(picture),
    ...labelFlaws(picture),
    ...markFlaws(picture),
  ];
}

/** Ids of the boxes around a box. */
function around(boxes: readonly PictureBox[], box: PictureBox): readonly string[] {
  const parent = boxes.find(({ id }) => id === box.parent);
  return parent === undefined ? [] : [parent.id, ...around(boxes, parent)];
}

function boxFlaws({ boxes, width, height }: Picture): readonly string[] {
  const outer = new Map(boxes.map((box) => [box.id, around(boxes, box)]));
  const ids = boxes.map(({ id }) => id);
  const doubles = ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `${id} is there twice`);
  const pairs = boxes.flatMap((a, i) =>
    boxes.slice(i + 1).flatMap((b) => {
      const isNested = outer.get(a.id)?.includes(b.id) || outer.get(b.id)?.includes(a.id);
      return !isNested && overlap(a, b) ? [`${a.id} overlaps ${b.id}`] : [];
    }),
  );
  const sticking = boxes.flatMap((box) => {
    const parent = boxes.find(({ id }) => id === box.parent) ?? { x: 0, y: 0, width, height };
    return isInside(box, parent) ? [] : [`${box.id} sticks out of ${box.parent ?? 'the picture'}`];
  });
  return [...doubles, ...pairs, ...sticking];
}

const isInside = (inner: PictureArea, outer: PictureArea, by = 0): boolean =>
  inner.x >= outer.x + by &&
  inner.y >= outer.y + by &&
  inner.x + inner.width <= outer.x + outer.width - by &&
  inner.y + inner.height <= outer.y + outer.height - by;

const placed = (text: PictureBox['texts'][number]): PictureArea => {
  const { anchor, width } = text;
  const shift = { start: 0, middle: width / 2, end: width }[anchor];
  return textArea({ ...text, x: text.x - shift });
};

/** A text is inside its box, and no two texts lie on each other or on a box inside. */
function textFlaws({ boxes }: Picture): readonly string[] {
  return boxes.flatMap((box) => {
    const areas = box.texts.map(placed);
    const out = box.texts.filter((text) => {
      const { x, width } = placed(text);
      return x < box.x + 2 || x + width > box.x + box.width - 2;
    });
    const children = boxes.filter(({ parent }) => parent === box.id);
    return [
      ...out.map(({ text }) => `text '${text}' is cut by ${box.id}`),
      ...areas.flatMap((a, i) =>
        areas
          .slice(i + 1)
          .filter((b) =>
            overlap({ ...a, y: a.y + 3, height: 13 }, { ...b, y: b.y + 3, height: 13 }),
          )
          .map(() => `texts of ${box.id} overlap`),
      ),
      ...areas.flatMap((a) =>
        children.filter((child) => overlap(a, child)).map(({ id }) => `${id} lies on a text`),
      ),
    ];
  });
}

const GROUND = ['namespace', 'vpc', 'zone', 'router', 'machine'];

/** An edge begins and ends at the border of its boxes, and runs through no other box. */
function edgeFlaws({ boxes, edges }: Picture): readonly string[] {
  const outer = new Map(boxes.map((box) => [box.id, around(boxes, box)]));
  return edges
    .filter(({ state }) => !['there', 'back', 'unreached'].includes(state))
    .flatMap((edge) => {
      const [from, to] = [edge.from, edge.to].map((id) => boxes.find((box) => box.id === id));
      if (from === undefined || to === undefined) return [`${edge.id} ends at no box`];
      const ends = [from.id, to.id, ...(outer.get(from.id) ?? []), ...(outer.get(to.id) ?? [])];
      const [first, last] = [edge.points[0], edge.points.at(-1)];
      const segments = segmentsOf(edge.points);
      const through = boxes.filter(
        (box) => !ends.includes(box.id) && segments.some((one) => touches(box, one)),
      );
      const own = [from, to].filter(
        (box) => !GROUND.includes(box.kind) && segments.some((one) => touches(shrunk(box), one)),
      );
      const isSkew = segments.some(([a, b]) => a.x !== b.x && a.y !== b.y);
      return [
        ...(isSkew ? [`${edge.id} is not made of straight parts`] : []),
        ...(first && onBorder(from, first) ? [] : [`${edge.id} begins off ${from.id}`]),
        ...(last && onBorder(to, last) ? [] : [`${edge.id} ends off ${to.id}`]),
        ...through.map(({ id }) => `${edge.id} runs through ${id}`),
        ...own.map(({ id }) => `${edge.id} runs through its own end ${id}`),
      ];
    });
}

const shrunk = ({ x, y, width, height }: PictureArea): PictureArea => ({
  x: x + 1,
  y: y + 1,
  width: width - 2,
  height: height - 2,
});

const onBorder = (
  box: PictureArea,
  { x, y }: { readonly x: number; readonly y: number },
): boolean =>
  isInside({ x, y, width: 0, height: 0 }, box) &&
  (x === box.x || y === box.y || x === box.x + box.width || y === box.y + box.height);

/** A label lies on nothing: no box but those around it, no title, no other label, no other line. */
function labelFlaws({ boxes, edges, width, height }: Picture): readonly string[] {
  const labelled = edges.flatMap((edge) =>
    edge.label === undefined ? [] : [{ edge, label: edge.label }],
  );
  const titles = boxes.flatMap(({ texts }) => texts.map(placed));
  const cards = boxes.filter(({ kind }) => !GROUND.includes(kind));
  return labelled.flatMap(({ edge, label }, i) => [
    ...(isInside(label, { x: 0, y: 0, width, height }) ? [] : [`label of ${edge.id} is cut`]),
    ...(label.text.x + label.text.width <= label.x + label.width
      ? []
      : [`text of ${edge.id} is cut`]),
    ...cards
      .filter((box) => overlap(box, label))
      .map(({ id }) => `label of ${edge.id} lies on ${id}`),
    ...titles
      .filter((title) => overlap(title, label))
      .map(() => `label of ${edge.id} lies on a title`),
    ...labelled
      .slice(i + 1)
      .filter((other) => overlap(other.label, label))
      .map((other) => `labels of ${edge.id} and ${other.edge.id} overlap`),
    ...edges
      .filter(
        (other) => other !== edge && segmentsOf(other.points).some((one) => touches(label, one)),
      )
      .map((other) => `label of ${edge.id} lies on ${other.id}`),
  ]);
}

/** Marks lie in the picture, and round ones not on each other. */
function markFlaws({ marks, width, height }: Picture): readonly string[] {
  const round = marks.filter(({ kind }) => ['hop', 'denied', 'unknown', 'no-route'].includes(kind));
  return [
    ...marks
      .filter(
        ({ x, y, radius }) => x - radius < 0 || x + radius > width || y - 9 < 0 || y + 9 > height,
      )
      .map(({ id }) => `mark ${id} is cut`),
    ...round.flatMap((a, i) =>
      round
        .slice(i + 1)
        .filter((b) => Math.hypot(a.x - b.x, a.y - b.y) < Math.min(a.radius, b.radius) * 1.5)
        .map((b) => `marks ${a.id} and ${b.id} lie on each other`),
    ),
  ];
}
