import type { Netns } from '../../dataplane/commands/command';
import type { Probe, TracedRule } from '../../dataplane/probe';
import type { Protocol } from '../../model/flow';
import type { Namespaces } from '../kernel/namespaces';
import { listRuleset, nft } from '../kernel/nft';
import { type RuleComments, readComments, ruleKey } from './rule-comments';
import type { TraceEvent } from './trace-event';
import { openTraceSocket, type TraceSocket } from './trace-socket';

/** Records which rules the packets of probes match, in every namespace that has rules. */
export interface Tracer {
  /** A source port (for ICMP an identifier) that no other attempt of this tracer has. */
  nextPort(): number;
  /** Reads what the kernel told so far; call it often, since its queue is short. */
  drain(): void;
  /** The rules that the packets of the attempt with this port met: the way there, then the way back. */
  rulesOf(probe: Probe, port: number): readonly TracedRule[];
  /** The attempt with this port is over; the port may come round again. */
  forget(protocol: Protocol, port: number): void;
  close(): Promise<void>;
}

/**
 * Starts tracing. Each namespace gets a table that marks the first packets of connections, and a
 * socket that receives the trace: neither mark nor packet id survives the way into the next
 * namespace. What joins the parts is the source port, since every attempt has its own and neither
 * Service nor masquerading changes it while it is free; what orders them is the TTL.
 */
export async function startTracer(
  namespaces: Namespaces,
  ruled: readonly Netns[],
): Promise<Tracer> {
  const posts = await Promise.all(ruled.map((netns) => openPost(namespaces, netns)));
  const seen = new Map<string, Seen[]>();
  return {
    nextPort() {
      lastPort = lastPort >= LAST_PORT ? FIRST_PORT : lastPort + 1;
      return lastPort;
    },
    drain() {
      for (const post of posts) hear(post, seen);
    },
    rulesOf({ protocol, netns }, ours) {
      const there = inOrder(seen.get(keyOf('there', protocol, ours)) ?? [], netns);
      const last = there.at(-1)?.post.netns;
      const back = inOrder(seen.get(keyOf('back', protocol, ours)) ?? [], last);
      return [...there, ...back].flatMap(({ post, events }) =>
        events.flatMap((event) => toRule(post, event)),
      );
    },
    forget(protocol, ours) {
      seen.delete(keyOf('there', protocol, ours));
      seen.delete(keyOf('back', protocol, ours));
    },
    async close() {
      for (const { socket } of posts) socket.close();
      await Promise.all(ruled.map((netns) => nft(namespaces, netns, `delete table ${TABLE}\n`)));
    },
  };
}

// Linux' own range of source ports (ip_local_port_range), which stateless filters expect.
const FIRST_PORT = 32768;
const LAST_PORT = 60999;
// Goes on from one tracer to the next: a server that was answered nothing sends its answer again
// for seconds (tcp_synack_retries), and a new attempt with that port would be shown its rules.
let lastPort = FIRST_PORT - 1;
const TABLE = 'inet lab-trace';

/**
 * Only what opens a connection, and the first answer to it. What carries another packet (VXLAN on
 * 4789 or 8472) has source ports of its own making and is left alone.
 */
const MARK = `add table ${TABLE}
add chain ${TABLE} in { type filter hook prerouting priority -500; }
add chain ${TABLE} out { type filter hook output priority -500; }
${['in', 'out']
  .flatMap((chain) =>
    [
      'tcp flags & syn == syn',
      'udp dport != { 4789, 8472 }',
      'sctp sport 1-65535',
      'icmp type { echo-request, echo-reply }',
      'icmpv6 type { echo-request, echo-reply }',
    ].map((match) => `add rule ${TABLE} ${chain} ${match} meta nftrace set 1`),
  )
  .join('\n')}
`;

interface Post {
  readonly netns: Netns;
  readonly socket: TraceSocket;
  readonly comments: RuleComments;
  readonly packets: Map<number, Seen>;
}

/** One packet as one namespace saw it. */
interface Seen {
  readonly post: Post;
  readonly ttl: number;
  readonly events: TraceEvent[];
}

const keyOf = (way: 'there' | 'back', protocol: Protocol, port: number): string =>
  `${way} ${protocol} ${port}`;

async function openPost(namespaces: Namespaces, netns: Netns): Promise<Post> {
  const comments = readComments(await listRuleset(namespaces, netns));
  const socket = namespaces.enter(netns, openTraceSocket);
  await nft(namespaces, netns, MARK);
  return { netns, socket, comments, packets: new Map() };
}

function hear(post: Post, seen: Map<string, Seen[]>): void {
  for (const event of post.socket.drain().events) {
    if (event.packet === undefined) {
      post.packets.get(event.id)?.events.push(event);
      continue;
    }
    const { protocol, sourcePort, destinationPort, ttl } = event.packet;
    const packet: Seen = { post, ttl, events: [event] };
    post.packets.set(event.id, packet);
    for (const key of [
      keyOf('there', protocol, sourcePort),
      keyOf('back', protocol, destinationPort),
    ]) {
      seen.set(key, [...(seen.get(key) ?? []), packet]);
    }
  }
}

/**
 * The order of the way: every router takes one off the TTL. A sender and the router next to it see
 * the same one, and the sender came first.
 */
const inOrder = (seen: readonly Seen[], sender: Netns | undefined): readonly Seen[] =>
  seen.toSorted(
    (a, b) => b.ttl - a.ttl || Number(b.post.netns === sender) - Number(a.post.netns === sender),
  );

/** Rules without a comment say nothing to a person, unless they decided. */
function toRule({ netns, comments }: Post, event: TraceEvent): readonly TracedRule[] {
  const { chain, kind, verdict, table, handle } = event;
  if (table === TABLE || kind === 'return') return [];
  if (kind === 'policy') return [{ netns, chain, comment: 'policy', verdict }];
  const comment = comments.get(ruleKey(table, handle));
  if (comment !== undefined) return [{ netns, chain, comment, verdict }];
  return verdict === 'drop' ? [{ netns, chain, comment: `rule ${handle}`, verdict }] : [];
}
