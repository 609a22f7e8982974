import type { Hop } from '../model/explanation';

/** Did this device not let the packet on? */
export const isRefusal = ({ decisions }: Hop): boolean =>
  decisions.some(({ kind }) => kind === 'denied' || kind === 'no-route');
