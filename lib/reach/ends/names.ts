import { formatEnd } from '../../model/flow';
import type { Destination, Party } from './types';

/** A party as sentences name it. */
export function partyName(party: Party): string {
  const end = formatEnd(party.end);
  return party.end.kind === 'ip' || party.end.kind === 'internet'
    ? end.replace('ip:', '')
    : end.replace('node:', 'node ').replace('eni:', 'interface ');
}

/** A party as a trace names the device: `pod shop/web`, `node a`. */
export const deviceOf = (party: Party): string =>
  party.end.kind === 'pod' ? `pod ${partyName(party)}` : partyName(party);

/** `TCP 5432`, or `ICMP`. */
export const trafficName = ({ protocol, port }: Pick<Destination, 'protocol' | 'port'>): string =>
  port === undefined ? protocol : `${protocol} ${port}`;
