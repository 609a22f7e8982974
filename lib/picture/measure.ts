import type { PictureText, TextStyle } from './types';

/** A font size in pixels, its weight, and whether all characters are equally wide. */
export interface TextFont {
  readonly size: number;
  readonly weight: 400 | 500 | 600;
  readonly mono: boolean;
}

/** The fonts of a picture. */
export const FONTS: Readonly<Record<TextStyle, TextFont>> = {
  title: { size: 14, weight: 500, mono: false },
  group: { size: 13, weight: 600, mono: false },
  detail: { size: 12, weight: 400, mono: false },
  mono: { size: 11.5, weight: 400, mono: true },
  label: { size: 11.5, weight: 500, mono: true },
  badge: { size: 10, weight: 600, mono: false },
  caption: { size: 12, weight: 600, mono: false },
};

/**
 * Widths of characters in parts of the font size: those of DejaVu Sans, which is wider than the fonts
 * of other systems, so that a text that fits here is cut nowhere.
 */
const WIDTHS: readonly (readonly [characters: string, width: number])[] = [
  ["iljI|'", 0.32],
  ['ft.,:;!()[]/\\ -"`', 0.42],
  ['rJsczxvy?*', 0.56],
  ['abdeghknopqu0123456789LFTkE$€#_~·', 0.65],
  ['PSBXVYZKRACUDGHNOQ&+=<>^', 0.8],
  ['mwM%@W…→', 1],
];

const WIDTH_OF = new Map(
  WIDTHS.flatMap(([characters, width]) => [...characters].map((one) => [one, width] as const)),
);

/** The widest a text can be, in pixels. */
export function textWidth(text: string, style: TextStyle): number {
  const { size, weight, mono } = FONTS[style];
  const bold = weight === 400 ? 1 : 1.06;
  const each = (character: string): number => {
    const isWide = (character.codePointAt(0) ?? 0) > 0x2e7f;
    if (isWide) return 1.1;
    return mono ? 0.63 : (WIDTH_OF.get(character) ?? 0.85);
  };
  return [...text].reduce((sum, character) => sum + each(character), 0) * size * (mono ? 1 : bold);
}

/** The text, or its beginning with an ellipsis where it is wider than `most` pixels. */
export function fitText(text: string, style: TextStyle, most: number): string {
  if (textWidth(text, style) <= most) return text;
  const characters = [...text];
  for (let length = characters.length - 1; length > 0; length -= 1) {
    const shorter = `${characters.slice(0, length).join('').trimEnd()}…`;
    if (textWidth(shorter, style) <= most) return shorter;
  }
  return '…';
}

/** A text in lines of at most `most` pixels, broken between words; a longer word is shortened. */
export function wrapText(text: string, style: TextStyle, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && textWidth(longer, style) <= most) lines[lines.length - 1] = longer;
    else lines.push(fitText(word, style, most));
  }
  return lines;
}

/** A text at a place, shortened to a width. */
export function textAt(
  place: { readonly x: number; readonly y: number; readonly anchor?: PictureText['anchor'] },
  text: string,
  style: TextStyle,
  most = Number.POSITIVE_INFINITY,
): PictureText {
  const shown = fitText(text, style, most);
  const { x, y, anchor = 'start' } = place;
  return { x, y, anchor, text: shown, style, width: textWidth(shown, style) };
}
