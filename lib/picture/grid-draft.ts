import type { BoxKind, PictureArea, PictureBox, PictureText } from './types';

/** A box of a grid before it has an emphasis. */
export interface BoxDraft extends PictureArea {
  readonly id: string;
  readonly kind: BoxKind;
  readonly parent?: string | undefined;
  readonly texts: readonly PictureText[];
  readonly about: string;
}

/** A plain box without walls. */
export const gridBox = ({ parent, ...draft }: BoxDraft): PictureBox => ({
  ...draft,
  ...(parent === undefined ? {} : { parent }),
  outline: 'plain',
  emphasis: 'normal',
  walls: [],
});
