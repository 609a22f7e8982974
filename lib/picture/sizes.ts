/** Which way the arrows of a map mostly run; `down` is for narrow screens. */
export type MapDirection = 'right' | 'down';

/** Sizes of a map in pixels; all are multiples of 8, the step of the router's grid. */
export interface MapSizes {
  readonly card: { readonly width: number; readonly height: number };
  readonly pill: { readonly width: number; readonly height: number };
  /** Between columns; a port label stands in it. */
  readonly gap: number;
  /** Between boxes of one column. */
  readonly row: number;
  readonly pad: { readonly side: number; readonly top: number; readonly bottom: number };
  /** Around the boxes; lines may run in its inner half. */
  readonly margin: number;
}

export const ROOMY: MapSizes = {
  card: { width: 192, height: 64 },
  pill: { width: 168, height: 48 },
  gap: 88,
  row: 32,
  pad: { side: 24, top: 56, bottom: 32 },
  margin: 48,
};

export const COMPACT: MapSizes = {
  card: { width: 136, height: 56 },
  pill: { width: 136, height: 48 },
  gap: 72,
  row: 24,
  pad: { side: 16, top: 40, bottom: 24 },
  margin: 48,
};

/** A step of the grid that boxes and lines stand on. */
export const STEP = 8;

/** The next multiple of the grid's step. */
export const onGrid = (value: number): number => Math.ceil(value / STEP) * STEP;
