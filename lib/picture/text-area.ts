import type { PictureArea, PictureText } from './types';

/** The strip that a text takes, whose anchor is its start. */
export const textArea = ({ x, y, width }: PictureText): PictureArea => ({
  x,
  y: y - 13,
  width,
  height: 18,
});
