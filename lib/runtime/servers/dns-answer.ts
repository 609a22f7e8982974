import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Packet } from 'dns-packet';
import type { DnsRecord } from '../../dataplane/commands/command';
import type { Zone, ZoneAnswer } from './zone';

/** Answers one DNS message; `undefined` where it is itself an answer, so that no two servers talk. */
export type DnsResponder = (message: Buffer, transport: 'udp' | 'tcp') => Buffer | undefined;

/**
 * A responder over a zone. A UDP answer larger than the client takes is cut and marked, so the
 * client asks again by TCP (RFC 2181 section 9); without EDNS that is 512 bytes (RFC 1035).
 */
export const createResponder =
  (zone: Zone): DnsResponder =>
  (message, transport) => {
    const query = readQuery(message);
    const question = query?.questions?.[0];
    if (query === undefined || question === undefined) return formatError(message);
    const known = zone(question.name, question.type);
    const opt = query.additionals?.find((record) => record.type === 'OPT');
    const own: Answer[] = opt === undefined ? [] : [EDNS];
    const answer: Packet = {
      type: 'response',
      id: query.id ?? 0,
      flags: flagsOf(query, known),
      questions: [question],
      ...sectionsOf(known, zone),
    };
    const size = opt?.type === 'OPT' ? Math.max(512, opt.udpPayloadSize) : 512;
    const all = { ...answer, additionals: [...(answer.additionals ?? []), ...own] };
    if (transport === 'tcp') return encode(all);
    return fitting(all, own, size);
  };

/** The answer and what goes with it: addresses of the names that SRV and NS records give. */
function sectionsOf(
  known: ZoneAnswer,
  zone: Zone,
): Pick<Packet, 'answers' | 'authorities' | 'additionals'> {
  if (known.kind === 'start-of-authority') return { answers: startOfAuthority(known.zone) };
  if (known.kind !== 'answered') return { answers: [], authorities: startOfAuthority(known.zone) };
  const targets = known.records.flatMap(({ type, data }) =>
    type === 'SRV' || type === 'NS' ? [data.split(' ').at(-1) ?? ''] : [],
  );
  const additionals = [...new Set(targets)].flatMap((target) =>
    ['A', 'AAAA'].flatMap((type) => {
      const found = zone(target, type);
      return found.kind === 'answered' ? found.records.map(toAnswer) : [];
    }),
  );
  return { answers: known.records.map(toAnswer), additionals };
}

/** As much of an answer as a datagram takes: additional records go first, then answers, with TC set. */
function fitting(answer: Packet, own: readonly Answer[], size: number): Buffer {
  let { answers = [] } = answer;
  let bytes = encode(answer);
  const cut = { ...answer, flags: (answer.flags ?? 0) | TRUNCATED, additionals: [...own] };
  for (let i = 0; bytes.length > size; i += 1) {
    if (i > 0) answers = answers.slice(0, -1);
    bytes = encode({ ...cut, answers: [...answers] });
  }
  return bytes;
}

// Seconds; CoreDNS' kubernetes plugin answers with 5.
const TTL = 5;
/** Of the version of the names' schema, its only TXT record. */
const SCHEMA_TTL = 28_800;
const TRUNCATED = 1 << 9;
const RECURSION_DESIRED = 1 << 8;
const RECURSION_AVAILABLE = 1 << 7;
const NXDOMAIN = 3;
const EDNS: Answer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

const FORMAT_ERROR = 1;
const IS_RESPONSE = 0x80;

/**
 * What cannot be read is answered with the error of that name and nothing else, as CoreDNS does
 * (RFC 1035 section 4.1.1): silence would look like a firewall.
 */
function formatError(message: Buffer): Buffer | undefined {
  if (((message[2] ?? 0) & IS_RESPONSE) !== 0) return undefined;
  const id = message.length >= 2 ? message.readUInt16BE(0) : 0;
  return encode({ type: 'response', id, flags: FORMAT_ERROR });
}

function readQuery(message: Buffer): Packet | undefined {
  try {
    const packet = decode(message);
    return packet.type === 'query' ? packet : undefined;
  } catch {
    return undefined;
  }
}

function flagsOf(query: Packet, known: ZoneAnswer): number {
  const authoritative = known.kind === 'answered' ? known.authoritative : known.zone !== undefined;
  return (
    ((query.flags ?? 0) & RECURSION_DESIRED) |
    RECURSION_AVAILABLE |
    (authoritative ? AUTHORITATIVE_ANSWER : 0) |
    (known.kind === 'no-name' ? NXDOMAIN : 0)
  );
}

/** A denial carries the zone's SOA (RFC 2308), where the zone is ours. */
const startOfAuthority = (zone: string | undefined): Answer[] =>
  zone === undefined
    ? []
    : [
        {
          type: 'SOA',
          name: zone,
          ttl: TTL,
          data: {
            mname: `ns.dns.${zone}`,
            rname: `hostmaster.${zone}`,
            serial: 1,
            refresh: 7200,
            retry: 1800,
            expire: 86_400,
            minimum: TTL,
          },
        },
      ];

function toAnswer({ name, type, data }: DnsRecord): Answer {
  switch (type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { type, name, ttl: TTL, class: 'IN', data };
    case 'TXT':
      return { type, name, ttl: SCHEMA_TTL, class: 'IN', data };
    case 'SRV': {
      const [priority = '0', weight = '0', port = '0', target = ''] = data.split(' ');
      return {
        type,
        name,
        ttl: TTL,
        class: 'IN',
        data: { priority: Number(priority), weight: Number(weight), port: Number(port), target },
      };
    }
  }
}
