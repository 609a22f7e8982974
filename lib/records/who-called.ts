import type { FlowEnd, Protocol } from '../model/flow';
import { EPHEMERAL_PORTS } from '../model/ports';
import { FIRST_CLIENT_PORT, isServicePort } from './service-ports';

/** Two ends of one conversation with their ports, as one record has them. */
export interface PortPair {
  /** 0: the record does not say. */
  readonly own: number;
  readonly other: number;
}

/** What is known of the two ends. */
export interface PortKnowledge {
  /** Does the end of `own` declare that port, or was it named as a server's? */
  readonly ownServes: boolean;
  readonly otherServes: boolean;
}

/** Which side was called; `unknown` is an answer. */
export type Called = 'own' | 'other' | 'unknown';

/** Flags of a TCP record (VPC guide, `tcp-flags`): SYN alone opens, SYN with ACK answers. */
export function byFlags(flags: number | undefined): 'source' | 'destination' | 'unknown' {
  if (flags === undefined || (flags & 2) === 0) return 'unknown';
  return (flags & 16) === 0 ? 'source' : 'destination';
}

/** What one record tells by itself: a declared port, or one below 1024 against one above. */
export function byPorts({ own, other }: PortPair, known: PortKnowledge): Called {
  if (known.ownServes !== known.otherServes) return known.ownServes ? 'own' : 'other';
  if (own === 0) return other < FIRST_CLIENT_PORT && other > 0 ? 'other' : 'unknown';
  if (other === 0) return own < FIRST_CLIENT_PORT ? 'own' : 'unknown';
  if (own < FIRST_CLIENT_PORT !== other < FIRST_CLIENT_PORT) {
    return own < FIRST_CLIENT_PORT ? 'own' : 'other';
  }
  return 'unknown';
}

/** How many different ports of the far side each port of a pair was seen with. */
export interface PortDegrees {
  readonly own: number;
  readonly other: number;
}

/** The port that stays while the other side's changes is the server's. */
export function byDegrees({ own, other }: PortDegrees): Called {
  if (own >= 2 && own >= 3 * other - 1) return 'own';
  if (other >= 2 && other >= 3 * own - 1) return 'other';
  return 'unknown';
}

/** The last resort, where nothing of the whole file tells: what ports usually are. */
export function byCustom(
  { own, other }: PortPair,
  ends: { readonly own: readonly FlowEnd[]; readonly other: readonly FlowEnd[] },
): Called {
  const [first, second] = [isServicePort(own), isServicePort(other)];
  if (first !== second) return first ? 'own' : 'other';
  if (own === 0 || other === 0) return 'unknown';
  // Pods and nodes take client ports of this range (Linux: ip_local_port_range); others may not.
  const isInside = [...ends.own, ...ends.other].every(
    ({ kind }) => kind === 'pod' || kind === 'node',
  );
  const [ownHigh, otherHigh] = [isEphemeral(own), isEphemeral(other)];
  if (!isInside || ownHigh === otherHigh) return 'unknown';
  return ownHigh ? 'other' : 'own';
}

const isEphemeral = (port: number): boolean => port >= EPHEMERAL_PORTS.first;

/** Key of a port that an end serves. */
export const servedKey = (party: number, protocol: Protocol, port: number): string =>
  `${party} ${protocol} ${port}`;
