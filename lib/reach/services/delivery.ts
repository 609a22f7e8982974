import type { Translation } from '../../model/explanation';
import type { Packet } from '../ends/types';
import type { HopChange } from '../hops/types';
import type { Delivery } from './types';

/** A delivery without a translation. */
export const direct = (packet: Packet): Delivery => ({ sent: packet, received: packet });

/** What a trace says about a device that sends a packet on under other addresses. */
export function translationOf(
  { note, masquerade }: Pick<Delivery, 'note' | 'masquerade'>,
  before: Packet,
  after: Packet,
): HopChange {
  const [from, to] = [before.source.address, after.source.address];
  const [asked, given] = [before.target.party.address, after.target.party.address];
  const { port } = after.target;
  const becomes: Translation = {
    ...(from === to ? {} : { source: to }),
    ...(masquerade === undefined ? {} : { source: masquerade }),
    ...(asked === given ? {} : { destination: given }),
    ...(port === undefined || port === before.target.port ? {} : { port }),
  };
  const changed = Object.keys(becomes).length === 0 ? {} : { becomes };
  return { ...(note === undefined ? {} : { note }), ...changed };
}
