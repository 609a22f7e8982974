import { UNKNOWN_REGION } from './scope';

/** May two names mean one zone? Where the region of one is not known, its letter decides. */
export function sameZone(a: string, b: string): boolean {
  if (a === b) return true;
  const partly = [a, b].some((zone) => zone.startsWith(UNKNOWN_REGION));
  return partly && a.at(-1) === b.at(-1);
}
