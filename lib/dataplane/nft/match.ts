import type { IpFamily } from '../../model/address';
import { hash64 } from '../../model/hash';
import { isDiscrete, isEmpty, isEverything, type Ranges, spanTexts } from './ranges';
import type { NftSet } from './ruleset';

/** A condition on a packet as nft writes it, and the named sets it speaks of. */
export interface Match {
  /** The family it can be true for; `any` where it does not look at addresses. */
  readonly family: IpFamily | 'any';
  /** Empty where every packet matches. */
  readonly text: string;
  readonly sets: readonly NftSet[];
}

export const ANY: Match = { family: 'any', text: '', sets: [] };

export const plain = (text: string): Match => ({ family: 'any', text, sets: [] });

/** Every way to satisfy one of the left and one of the right: an AND of two ORs. */
export const both = (left: readonly Match[], right: readonly Match[]): readonly Match[] =>
  left.flatMap((a) => right.flatMap((b) => joined(a, b)));

function joined(a: Match, b: Match): readonly Match[] {
  if (a.family !== 'any' && b.family !== 'any' && a.family !== b.family) return [];
  const text = [a.text, b.text].filter((part) => part !== '').join(' ');
  return [{ family: a.family === 'any' ? b.family : a.family, text, sets: [...a.sets, ...b.sets] }];
}

export type AddressSide = 'source' | 'destination';

/** `ip saddr`, `ip6 daddr` and their like. */
export const addressField = (family: IpFamily, side: AddressSide): string =>
  `${family === 4 ? 'ip' : 'ip6'} ${side === 'source' ? 'saddr' : 'daddr'}`;

/** Packets whose address on one side is in the set; nothing where the set is empty. */
export function inRanges(ranges: Ranges, side: AddressSide): readonly Match[] {
  const { family } = ranges;
  if (isEmpty(ranges)) return [];
  if (isEverything(ranges)) {
    return [{ family, text: `meta nfproto ${family === 4 ? 'ipv4' : 'ipv6'}`, sets: [] }];
  }
  const field = addressField(family, side);
  const texts = spanTexts(ranges);
  if (texts.length === 1) return [{ family, text: `${field} ${texts[0]}`, sets: [] }];
  const set = addressSet(ranges);
  return [{ family, text: `${field} @${set.name}`, sets: [set] }];
}

function addressSet(ranges: Ranges): NftSet {
  const elements = spanTexts(ranges);
  return {
    name: `addresses${ranges.family}-${hash64(elements.join()).slice(0, 10)}`,
    type: addressType(ranges.family),
    interval: !isDiscrete(ranges),
    elements,
  };
}

export const addressType = (family: IpFamily): string => (family === 4 ? 'ipv4_addr' : 'ipv6_addr');

/** A port at an address, as a named port or a Service's backend resolves to. */
export interface Socket {
  readonly address: string;
  /** As nft names it: `tcp`, `udp`, `sctp`. */
  readonly protocol: string;
  readonly port: number;
}

/** Packets of one family whose address, protocol and port on one side are (or are not) among these. */
export function atSockets(
  family: IpFamily,
  side: AddressSide,
  sockets: readonly Socket[],
  polarity: 'in' | 'not in' = 'in',
): readonly Match[] {
  const isIn = polarity === 'in';
  if (sockets.length === 0) return isIn ? [] : [ANY];
  const port = side === 'source' ? 'sport' : 'dport';
  const elements = [...new Set(sockets.map((s) => `${s.address} . ${s.protocol} . ${s.port}`))];
  const set: NftSet = {
    name: `sockets${family}-${hash64(elements.join()).slice(0, 10)}`,
    type: `${addressType(family)} . inet_proto . inet_service`,
    interval: false,
    elements,
  };
  const field = `${addressField(family, side)} . meta l4proto . th ${port}`;
  return [{ family, text: `${field} ${isIn ? '' : '!= '}@${set.name}`, sets: [set] }];
}
