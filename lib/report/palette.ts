import picocolors from 'picocolors';

/** How parts of a text are set off; `PLAIN` leaves them as they are. */
export interface Palette {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly doubt: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly quiet: (text: string) => string;
}

const same = (text: string): string => text;

/** For files, pipes and JSON. */
export const PLAIN: Palette = { good: same, bad: same, doubt: same, strong: same, quiet: same };

const colours = picocolors.createColors(true);

/** For a terminal. */
export const COLOURED: Palette = {
  good: colours.green,
  bad: colours.red,
  doubt: colours.yellow,
  strong: colours.bold,
  quiet: colours.dim,
};
