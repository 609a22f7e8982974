import { type Answer, decode, encode, type Packet, RECURSION_DESIRED } from 'dns-packet';
import type { DnsRecord, Netns } from '../../dataplane/commands/command';
import type { Ip } from '../../model/address';
import { close, errno, IPPROTO, readable, recv, SOCK, send } from '../kernel/libc';
import type { Namespaces } from '../kernel/namespaces';
import { openSocket, outcomeOf } from './attempt';
import { namesToTry, type ResolvConf, readResolvConf } from './resolv-conf';

/** What one question to one name came to. */
export type Lookup = { readonly name: string } & (
  | { readonly kind: 'answered'; readonly records: readonly DnsRecord[] }
  /** `no-name` is NXDOMAIN; `no-data`: the name exists and has no such record. */
  | { readonly kind: 'no-name' | 'no-data' }
  /** No server answered: silence, or an ICMP error. */
  | { readonly kind: 'timed-out' | 'refused' | 'unreachable' }
  | { readonly kind: 'failed'; readonly code: string }
);

/** Every name that was tried, in order: the search list at work. The last one is the answer. */
export type Resolution = readonly Lookup[];

export type RecordType = DnsRecord['type'];

/** A real query from inside a namespace, as its resolv.conf says (resolv.conf(5)). */
export interface Inquiry {
  readonly netns: Netns;
  readonly name: string;
  readonly type: RecordType;
  readonly timeoutMs: number;
}

/**
 * Resolves a name as glibc does: the search list first where the name has fewer dots than `ndots`,
 * else the name itself first; a name that some server left unanswered ends the search. Each
 * server is asked twice. Throws where the namespace has no resolv.conf or no server in it.
 */
export async function resolve(
  { namespaces, text }: { readonly namespaces: Namespaces; readonly text: string | undefined },
  inquiry: Inquiry,
): Promise<Resolution> {
  const conf = readResolvConf(text ?? '');
  if (conf.servers.length === 0) throw new Error(`'${inquiry.netns}' has no nameserver to ask`);
  const lookups: Lookup[] = [];
  for (const name of namesToTry(inquiry.name, conf)) {
    const lookup = await ask(namespaces, { ...inquiry, name }, conf);
    lookups.push(lookup);
    if (lookup.kind !== 'no-name' && lookup.kind !== 'no-data') break;
  }
  return lookups;
}

async function ask(
  namespaces: Namespaces,
  inquiry: Inquiry,
  { servers }: ResolvConf,
): Promise<Lookup> {
  let last: Lookup = { name: inquiry.name, kind: 'timed-out' };
  for (const server of [...servers, ...servers]) {
    last = await askServer(namespaces, inquiry, server);
    if (last.kind !== 'timed-out' && last.kind !== 'refused' && last.kind !== 'unreachable') break;
  }
  return last;
}

let lastId = 0;

async function askServer(namespaces: Namespaces, inquiry: Inquiry, server: Ip): Promise<Lookup> {
  const { netns, name, type, timeoutMs } = inquiry;
  lastId = (lastId + 1) & 0xffff;
  const id = lastId;
  const probe = { netns, destination: server, protocol: 'UDP', port: 53 } as const;
  const opened = namespaces.enter(netns, () => openSocket(probe, SOCK.DGRAM, IPPROTO.UDP));
  if (opened.kind === 'done') return { name, kind: silence(opened.outcome) };
  try {
    const questions = [{ name, type }];
    const query = encode({
      type: 'query',
      id,
      flags: RECURSION_DESIRED,
      questions,
      additionals: [EDNS],
    });
    const sent = send(opened.fd, query, query.length, 0) >= 0;
    if (!sent) return { name, kind: silence(outcomeOf(errno())) };
    return { name, ...(await hear(opened.fd, id, performance.now() + timeoutMs)) };
  } finally {
    close(opened.fd);
  }
}

type Unnamed<T> = T extends unknown ? Omit<T, 'name'> : never;

async function hear(fd: number, id: number, until: number): Promise<Unnamed<Lookup>> {
  while (performance.now() < until) {
    await readable(fd, until - performance.now());
    const size = recv(fd, input, input.length, 0);
    const error = size < 0 ? outcomeOf(errno()) : undefined;
    if (error !== undefined) return { kind: silence(error) };
    const packet = size > 0 ? decode(input.subarray(0, size)) : undefined;
    if (packet?.id === id) return readAnswer(packet);
  }
  return { kind: 'timed-out' };
}

function readAnswer(packet: Packet): Unnamed<Lookup> {
  const code = (packet.flags ?? 0) & 15;
  if (code === NXDOMAIN) return { kind: 'no-name' };
  if (code !== 0) return { kind: 'failed', code: CODES[code] ?? `code ${code}` };
  const records = (packet.answers ?? []).flatMap(toRecord);
  return records.length === 0 ? { kind: 'no-data' } : { kind: 'answered', records };
}

function toRecord(answer: Answer): readonly DnsRecord[] {
  switch (answer.type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'PTR':
      return [{ name: answer.name, type: answer.type, data: answer.data }];
    case 'SRV': {
      const { priority = 0, weight = 0, port, target } = answer.data;
      return [{ name: answer.name, type: 'SRV', data: `${priority} ${weight} ${port} ${target}` }];
    }
    default:
      return [];
  }
}

const NXDOMAIN = 3;
const CODES: Readonly<Record<number, string>> = {
  1: 'FORMERR',
  2: 'SERVFAIL',
  4: 'NOTIMP',
  5: 'REFUSED',
};
const input = Buffer.allocUnsafeSlow(65536);

const EDNS: Answer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: 4096,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

const silence = (outcome: string | undefined): 'timed-out' | 'refused' | 'unreachable' =>
  outcome === 'refused' || outcome === 'unreachable' ? outcome : 'timed-out';
