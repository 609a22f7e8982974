import { LEGEND_WORDS } from '../picture/svg-legend';
import type { Picture } from '../picture/types';
import type { Palette } from './palette';

/** A map as text: what is isolated by what, and every line with its state. */
export function pictureText(picture: Picture, palette: Palette): string {
  const { title, about, boxes, edges } = picture;
  const walled = boxes.filter(({ walls }) => walls.length > 0);
  const lines = edges.map(({ about: words, state }) => {
    const paint =
      state === 'closed' || state === 'denies' || state === 'no-route' ? palette.bad : plain;
    return paint(`  ${words}`);
  });
  return [
    palette.strong(title),
    about,
    ...(walled.length === 0 ? [] : ['', 'isolated', ...walled.map((box) => `  ${box.about}`)]),
    ...(lines.length === 0 ? [] : ['', 'drawn flows', ...lines]),
    ...(picture.legend.includes('open') ? ['', palette.quiet(`dashed: ${LEGEND_WORDS.open}`)] : []),
  ].join('\n');
}

const plain = (text: string): string => text;
