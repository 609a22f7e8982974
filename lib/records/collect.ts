import type { Protocol } from '../model/flow';
import type { RecordPlace } from '../model/flow-evidence';
import type { World } from '../model/world';
import type { CallTally } from './call-tally';
import { type Conversation, count, keepOpen, newConversation, settle } from './conversations';
import type { PortProtocol, RecordedPackets } from './observation';
import { createParties, type RecordParty } from './parties';
import { byCustom, byDegrees, byPorts, type Called, servedKey } from './who-called';

/** Ports that a person says are a server's: `shop/api:50051/TCP`, `10.9.0.5:9000`. */
export interface ServerPort {
  /** As `RecordParty.name` has it. */
  readonly end: string;
  readonly port: number;
  /** Absent: each protocol. */
  readonly protocol?: Protocol;
}

/** A conversation whose caller stays unknown after the last record. */
export interface DoubtfulCall {
  readonly ends: readonly [RecordParty, RecordParty];
  readonly ports: readonly [number, number];
  readonly protocol: PortProtocol;
  readonly records: number;
  readonly example: RecordPlace;
}

/** Everything that records said, after the last of them. */
export interface Collected {
  readonly calls: readonly CallTally[];
  readonly doubtful: readonly DoubtfulCall[];
  /** Records of conversations with more pairs of ports than are kept; none of them was decided. */
  readonly dropped: number;
}

/** Takes observations one by one, in bounded memory, and says at the end who called whom. */
export interface Collector {
  /** False where an end is no address. */
  readonly add: (observation: RecordedPackets, place: RecordPlace) => boolean;
  readonly collected: () => Collected;
}

/** Prepares a collector for records of one world. */
export function createCollector(world: World, servers: readonly ServerPort[] = []): Collector {
  const parties = createParties(world);
  const talks = new Map<number, Conversation>();
  const judge = createJudge(world, servers);
  return {
    add: (observation, place) => {
      const { start, end } = observation;
      const source = parties(observation.source, start, end);
      const destination = parties(observation.destination, start, end);
      if (source === undefined || destination === undefined) return false;
      const fromFirst = source.id <= destination.id;
      const talk = talkOf(talks, observation.protocol, {
        first: fromFirst ? source : destination,
        second: fromFirst ? destination : source,
      });
      const called = judge.one(talk, observation, fromFirst);
      if (called === 'unknown') keepOpen(talk, observation, fromFirst, place);
      else count(talk, observation, { fromFirst, calledFirst: called === 'own' }, place);
      if (talk.open.size > SOME_OPEN && talk.open.size % SOME_OPEN === 0) judge.early(talk);
      return true;
    },
    collected: () => {
      const all = [...talks.values()];
      for (const talk of all) judge.last(talk);
      return {
        calls: all.flatMap(({ calls }) => [...calls.values()]),
        doubtful: all.flatMap(doubtsOf),
        dropped: all.reduce((sum, { dropped }) => sum + dropped, 0),
      };
    },
  };
}

/** So many pairs of ports wait before those that are clear by then are counted. */
const SOME_OPEN = 64;
/** A port seen with so many of the far side, each of which has few, is a server's before the end. */
const CLEAR = 8;

const NUMBERS: Readonly<Record<PortProtocol, number>> = { TCP: 0, UDP: 1, SCTP: 2 };

function talkOf(
  talks: Map<number, Conversation>,
  protocol: PortProtocol,
  { first, second }: { readonly first: RecordParty; readonly second: RecordParty },
): Conversation {
  const key = (first.id * 4 + NUMBERS[protocol]) * 2 ** 24 + second.id;
  const known = talks.get(key);
  if (known !== undefined) return known;
  const talk = newConversation(first, second, protocol);
  talks.set(key, talk);
  return talk;
}

interface Judge {
  /** What one record tells, with what was learned before. */
  readonly one: (talk: Conversation, seen: RecordedPackets, fromFirst: boolean) => Called;
  /** Counts what is clear while the file goes on. */
  readonly early: (talk: Conversation) => void;
  /** Counts what the whole file tells. */
  readonly last: (talk: Conversation) => void;
}

/** Keeps which ports are known to be a server's: declared, named by a person, or called with a SYN. */
function createJudge(world: World, servers: readonly ServerPort[]): Judge {
  const served = new Set<string>();
  const declared = createDeclared(world, servers);
  const serves = (party: RecordParty, protocol: PortProtocol, port: number): boolean =>
    declared(party, protocol, port) || served.has(servedKey(party.id, protocol, port));
  const byKnowledge = (talk: Conversation, [own, other]: readonly [number, number]): Called =>
    byPorts(
      { own, other },
      {
        ownServes: serves(talk.first, talk.protocol, own),
        otherServes: serves(talk.second, talk.protocol, other),
      },
    );
  const learn = (talk: Conversation, called: Called, ports: readonly [number, number]): void => {
    const [party, port] = called === 'own' ? [talk.first, ports[0]] : [talk.second, ports[1]];
    served.add(servedKey(party.id, talk.protocol, port));
  };
  return {
    one: (talk, { caller, sourcePort, port }, fromFirst) => {
      const ports = fromFirst ? ([sourcePort, port] as const) : ([port, sourcePort] as const);
      if (caller === 'unknown') {
        const isOwn = isCounted(talk, 'own', ports);
        if (isOwn !== isCounted(talk, 'other', ports)) return isOwn ? 'own' : 'other';
        return byKnowledge(talk, ports);
      }
      const called = (caller === 'source') === fromFirst ? 'other' : 'own';
      if (talk.calls.size === 0 || !isCounted(talk, called, ports)) learn(talk, called, ports);
      return called;
    },
    early: (talk) => {
      for (const waiting of [...talk.open.values()]) {
        const degrees = talk.roles.degrees(waiting.ports);
        const called = byDegrees(degrees);
        if (called === 'unknown' || Math.max(degrees.own, degrees.other) < CLEAR) continue;
        learn(talk, called, waiting.ports);
        settle(talk, waiting, called === 'own');
      }
    },
    last: (talk) => {
      for (const waiting of [...talk.open.values()]) {
        const { ports } = waiting;
        const called = firstKnown(
          () => byKnowledge(talk, ports),
          () => byDegrees(talk.roles.degrees(ports)),
          () =>
            byCustom(
              { own: ports[0], other: ports[1] },
              { own: talk.first.ends, other: talk.second.ends },
            ),
        );
        if (called !== 'unknown') settle(talk, waiting, called === 'own');
      }
    },
  };
}

const isCounted = (
  { calls }: Conversation,
  called: Called,
  [own, other]: readonly [number, number],
): boolean => calls.has(called === 'own' ? own * 2 + 1 : other * 2);

const firstKnown = (...ways: readonly (() => Called)[]): Called => {
  for (const way of ways) {
    const called = way();
    if (called !== 'unknown') return called;
  }
  return 'unknown';
};

/** Ports that pods declare and ports that a person named. */
function createDeclared(
  world: World,
  servers: readonly ServerPort[],
): (party: RecordParty, protocol: PortProtocol, port: number) => boolean {
  const declared = new Set(
    world.pods.flatMap(({ namespace, name, ports }) =>
      ports.map(({ protocol, port }) => `${namespace}/${name} ${protocol} ${port}`),
    ),
  );
  const isNamed = (name: string, protocol: PortProtocol, port: number): boolean =>
    servers.some(
      (one) =>
        one.end === name &&
        one.port === port &&
        (one.protocol === undefined || one.protocol === protocol),
    );
  return ({ name, ends }, protocol, port) =>
    (servers.length > 0 && isNamed(name, protocol, port)) ||
    ends.some(
      (end) =>
        end.kind === 'pod' && declared.has(`${end.namespace}/${end.name} ${protocol} ${port}`),
    );
}

const doubtsOf = ({ first, second, protocol, open }: Conversation): readonly DoubtfulCall[] =>
  [...open.values()].map(({ ports, records, example }) => ({
    ends: [first, second],
    ports,
    protocol,
    records,
    example,
  }));
