import type { Evidence } from '../model/explanation';
import { DEFAULT } from '../model/rule-name';
import type { World } from '../model/world';
import { isFailsafe } from './failsafe';
import { type HostCrossing, type HostSide, hostFilter, hostOpinion } from './host-opinion';
import type { Judgement, Packet } from './judge';
import { EPHEMERAL } from './traffic';

/**
 * What a host endpoint says of the replies to a packet that it let through. They pass the raw
 * table in the other direction like any packet; what is tracked passes the rest as established.
 * Where the request was not tracked, the kernel knows no connection: a reply then passes only by
 * an untracked rule of its own, or (UDP, which needs no handshake) as if it were a request.
 */
export function replyAnswers(
  side: HostSide,
  { packet, before, kind }: HostCrossing,
  request: 'tracked' | 'untracked',
): readonly Judgement[] {
  const direction = side.direction === 'ingress' ? 'egress' : 'ingress';
  const back: HostSide = { ...side, direction };
  const heard = packet.target.protocol !== 'UDP' || isHeard(side.world, packet);
  const reply = heard ? replyTo(before ?? packet) : refusalOf(packet);
  const passesRaw = direction === 'ingress' || kind === 'local';
  // A refusal is ICMP, which has no ports that could be safe.
  const isSafe = heard && isFailsafe(before ?? packet, side.direction);
  const asked = passesRaw && !isSafe ? hostOpinion(back, reply, 'untracked') : undefined;
  if (asked !== undefined) return [asked];
  if (request === 'tracked') return [];
  if (kind === 'forwarded') return [answer(back, 'unknown', PASSING)];
  if (packet.target.protocol !== 'UDP') return [answer(back, 'denied', NOBODY)];
  if (!heard) return [answer(back, 'denied', REFUSAL)];
  const filtered = hostFilter(back, reply, kind);
  return filtered === undefined ? [] : [filtered];
}

/** A client's port is one of the ephemeral ones; the lowest stands for them all. */
const replyTo = ({ source, target }: Packet): Packet => ({
  source: target.party,
  target: {
    ...{ party: source, protocol: target.protocol },
    port: target.port === undefined ? undefined : EPHEMERAL.first,
  },
  ...(target.port === undefined ? {} : { sourcePort: target.port }),
});

/** Where nobody listens on UDP, the reply is an ICMP error (RFC 1122, port unreachable). */
const refusalOf = ({ source, target }: Packet): Packet => ({
  source: target.party,
  target: { party: source, protocol: 'ICMP', port: undefined },
});

/** Is anybody known to listen there? On a node's own address only host-network pods do. */
function isHeard({ pods, outside }: World, { target: { party, port, protocol } }: Packet): boolean {
  const here = pods.filter((pod) =>
    party.nodeLabels === undefined ? pod === party.pod : pod.hostNetwork && pod.node === party.node,
  );
  const strangers = outside.filter(({ addresses }) => addresses.includes(party.address));
  return [...here, ...strangers].some(({ ports }) =>
    ports.some((own) => own.port === port && own.protocol === protocol),
  );
}

const NOBODY =
  'a doNotTrack policy let the request in untracked, so its reply belongs to no connection and no doNotTrack rule lets it through';
const REFUSAL =
  'a doNotTrack policy let the request in untracked and nobody is known to listen there, so the refusal (an ICMP error) belongs to no connection and is dropped';
const PASSING =
  'a doNotTrack policy lets the request through untracked, so its replies are judged as packets of their own on every node, which is not followed here';

function answer(
  { direction, host }: HostSide,
  verdict: 'denied' | 'unknown',
  why: string,
): Judgement {
  const because = `${why} (host endpoint ${host.name})`;
  const evidence: Evidence = {
    ...{ filter: 'calico-policy', direction, object: DEFAULT.hostEndpoint, rule: null, because },
  };
  return { verdict, decisions: [{ kind: verdict, evidence }], by: [evidence] };
}
