import type { RecordPlace } from '../model/flow-evidence';
import { addTo, type CallTally, newTally } from './call-tally';
import { detached } from './detached';
import type { PlacedPackets, PortProtocol, RecordedPackets } from './observation';
import type { RecordParty } from './parties';
import { createPortRoles, type PortRoles } from './port-roles';

/** Records of one pair of ports whose caller is not known yet. */
export interface OpenPorts {
  /** Ports of the pair's first and second party. */
  readonly ports: readonly [number, number];
  readonly seen: { readonly observation: PlacedPackets; readonly fromFirst: boolean }[];
  records: number;
  readonly example: RecordPlace;
}

/** What is known of two parties and a protocol. */
export interface Conversation {
  readonly first: RecordParty;
  readonly second: RecordParty;
  readonly protocol: PortProtocol;
  /** By `port * 2 + (called is the first ? 1 : 0)`. */
  readonly calls: Map<number, CallTally>;
  /** By both ports. */
  readonly open: Map<number, OpenPorts>;
  readonly roles: PortRoles;
  /** Records that were too many to keep while their caller was not known. */
  dropped: number;
}

export const newConversation = (
  first: RecordParty,
  second: RecordParty,
  protocol: PortProtocol,
): Conversation => ({
  first,
  second,
  protocol,
  calls: new Map(),
  open: new Map(),
  roles: createPortRoles(),
  dropped: 0,
});

/** Pairs of ports that wait at most, in each conversation. */
const MOST_OPEN = 2048;
/** Records that are kept of each of them. */
const MOST_SEEN = 4;

/** Counts a record for the side that was called. */
export function count(
  talk: Conversation,
  observation: PlacedPackets,
  way: { readonly fromFirst: boolean; readonly calledFirst: boolean },
  place: RecordPlace,
): void {
  const { fromFirst, calledFirst } = way;
  const isRequest = fromFirst !== calledFirst;
  const port = isRequest ? observation.port : observation.sourcePort;
  const client = isRequest ? observation.sourcePort : observation.port;
  const key = port * 2 + (calledFirst ? 1 : 0);
  let tally = talk.calls.get(key);
  if (tally === undefined) {
    const [from, to] = calledFirst ? [talk.second, talk.first] : [talk.first, talk.second];
    tally = newTally({ from, to, protocol: talk.protocol, port }, place);
    talk.calls.set(key, tally);
  }
  addTo(tally, observation, client);
}

/** Keeps a record until the file tells who called. */
export function keepOpen(
  talk: Conversation,
  observation: RecordedPackets,
  fromFirst: boolean,
  place: RecordPlace,
): void {
  const { sourcePort, port } = observation;
  const ports = fromFirst ? ([sourcePort, port] as const) : ([port, sourcePort] as const);
  const key = ports[0] * 65_536 + ports[1];
  const known = talk.open.get(key);
  if (known === undefined) {
    if (talk.open.size >= MOST_OPEN) {
      talk.dropped += 1;
      return;
    }
    talk.roles.note(ports);
    talk.open.set(key, {
      ports,
      seen: [{ observation: kept(observation), fromFirst }],
      records: 1,
      example: place,
    });
    return;
  }
  known.records += 1;
  if (known.seen.length < MOST_SEEN) {
    known.seen.push({ observation: kept(observation), fromFirst });
  }
}

/** A record without the texts of its line. */
function kept({ source: _, destination: __, ...packets }: RecordedPackets): PlacedPackets {
  const { interface: eni } = packets;
  return eni === undefined ? packets : { ...packets, interface: detached(eni) };
}

/** Counts all that waited for these ports, now that the called side is known. */
export function settle(talk: Conversation, waiting: OpenPorts, calledFirst: boolean): void {
  talk.open.delete(waiting.ports[0] * 65_536 + waiting.ports[1]);
  for (const { observation, fromFirst } of waiting.seen) {
    count(talk, observation, { fromFirst, calledFirst }, waiting.example);
  }
  const port = waiting.ports[calledFirst ? 0 : 1];
  const tally = talk.calls.get(port * 2 + (calledFirst ? 1 : 0));
  if (tally !== undefined) tally.records += waiting.records - waiting.seen.length;
}
