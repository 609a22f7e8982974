/** How many flows were tried at a stage, and how many went otherwise than predicted. */
export interface StageCounts {
  readonly flows: number;
  readonly differing: readonly unknown[];
  /** How long the packets took, in milliseconds. */
  readonly millis: number;
}

/** A proof of a stage in one line. */
export const stageLine = (name: string, { flows, differing, millis }: StageCounts): string =>
  `stage ${name}: ${flows} flows tried in ${Math.round(millis)} ms, ${flows - differing.length} as predicted, ${differing.length} differ`;
