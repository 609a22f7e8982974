import type { Hop } from '../model/explanation';

/** Hops up to the one that refused, it included: nothing behind it saw the packet. */
export function reached(hops: readonly Hop[]): readonly Hop[] {
  const stop = hops.findIndex(isRefusal);
  return stop === -1 ? hops : hops.slice(0, stop + 1);
}

/** Did this device not let the packet on? */
export const isRefusal = ({ decisions }: Hop): boolean =>
  decisions.some(({ kind }) => kind === 'denied' || kind === 'no-route');
