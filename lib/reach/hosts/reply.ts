import type { Evidence } from '../../model/explanation';
import { EPHEMERAL_PORTS } from '../../model/ports';
import { DEFAULT } from '../../model/rule-name';
import type { World } from '../../model/world';
import type { Packet } from '../ends/types';
import { answerOf } from '../hops/hop';
import type { FilterAnswer } from '../hops/types';
import { isFailsafe } from './failsafe';
import { hostFilter, hostOpinion } from './opinion';
import type { HostPacket, HostSide } from './types';

/**
 * What a host endpoint says of the replies to a packet that it let through. They pass the raw
 * table in the other direction like any packet; what is tracked passes the rest as established.
 * Where the request was not tracked, the kernel knows no connection: a reply then passes only by
 * an untracked rule of its own, or (UDP, which needs no handshake) as if it were a request.
 */
export function replyAnswers(
  side: HostSide,
  arrived: HostPacket,
  request: 'tracked' | 'untracked',
): readonly FilterAnswer[] {
  const { packet, kind, refused } = arrived;
  const direction = side.direction === 'ingress' ? 'egress' : 'ingress';
  const back: HostSide = { ...side, direction };
  const answered = outermost(arrived, side.direction);
  const heard = kind !== 'stopped' && refused === undefined && isAnswered(side.world, packet);
  const reply = heard ? replyTo(answered) : refusalOf(answered);
  const passesRaw = direction === 'ingress' || kind !== 'forwarded';
  // A refusal is ICMP, which has no ports that could be safe.
  const isSafe = heard && isFailsafe(answered, side.direction);
  const raw = passesRaw && !isSafe ? hostOpinion(back, reply, 'untracked') : undefined;
  if (raw?.verdict === 'allowed') return [raw, ...untrackedReply(back, arrived, reply)];
  if (raw !== undefined) return [raw];
  if (request === 'tracked') return [];
  if (heard && packet.target.protocol !== 'UDP') return [denial(back, NO_RULE)];
  if (!heard) return [denial(back, REFUSAL)];
  if (kind === 'forwarded') return asIfNew(back, reply);
  const filtered = hostFilter(back, reply, kind);
  return filtered === undefined ? [] : [filtered];
}

/**
 * What becomes of a reply that an untracked rule let in. A translation is undone for tracked
 * packets alone (kernel: nf_nat works on conntrack's entries). What the node passes on to a pod is
 * no established connection's any more, so the pod's own ingress policies are evaluated about it
 * (Felix: endpoints.go, where the accept bit is cleared before a workload's policies).
 */
function untrackedReply(
  back: HostSide,
  arrived: HostPacket,
  reply: Packet,
): readonly FilterAnswer[] {
  const { packet, before, after = packet, kind } = arrived;
  if (back.direction === 'egress') return [];
  const isTranslated = before !== undefined || after.source.address !== packet.source.address;
  if (isTranslated) return [denial(back, NOT_UNDONE)];
  const pod = kind === 'forwarded' ? back.policies.workload(reply, 'ingress') : undefined;
  return pod === undefined ? [] : [pod];
}

/**
 * A pod's reply by UDP to what its node never tracked is the first packet of a flow of its own: the
 * pod's egress policies judge it, then what is applied on forward. (Of other protocols a reply
 * without its request is invalid to the kernel, and Felix drops it: endpoints.go.)
 */
function asIfNew(back: HostSide, reply: Packet): readonly FilterAnswer[] {
  const raw = [back.policies.workload(reply, 'egress'), hostFilter(back, reply, 'forwarded')];
  return raw.filter((answer) => answer !== undefined);
}

/** The packet as it is on the wire at the node's interface: replies answer that. */
const outermost = ({ packet, before, after }: HostPacket, direction: HostSide['direction']) =>
  (direction === 'ingress' ? before : after) ?? packet;

const isAnswered = (world: World, packet: Packet): boolean =>
  packet.target.protocol !== 'UDP' || hasListener(world, packet);

/** A client's port is one of the ephemeral ones; the lowest stands for them all. */
const replyTo = ({ source, target }: Packet): Packet => ({
  source: target.party,
  target: {
    party: source,
    protocol: target.protocol,
    port: target.port === undefined ? undefined : EPHEMERAL_PORTS.first,
    ...(target.protocol === 'ICMP' ? { message: 'echo-reply' } : {}),
  },
  ...(target.port === undefined ? {} : { sourcePort: target.port }),
});

/** Without a listener on UDP, the reply is an ICMP error (RFC 1122, port unreachable). */
const refusalOf = ({ source, target }: Packet): Packet => ({
  source: target.party,
  target: { party: source, protocol: 'ICMP', port: undefined, message: 'port-unreachable' },
});

/** Is anybody known to listen there? On a node's own address only host-network pods do. */
function hasListener(
  { pods, outside }: World,
  { target: { party, port, protocol } }: Packet,
): boolean {
  const here = pods.filter((pod) =>
    party.nodeLabels === undefined ? pod === party.pod : pod.hostNetwork && pod.node === party.node,
  );
  const outsiders = outside.filter(({ addresses }) => addresses.includes(party.address));
  return [...here, ...outsiders].some(({ ports }) =>
    ports.some((own) => own.port === port && own.protocol === protocol),
  );
}

const NO_RULE =
  'a doNotTrack policy let the request in untracked, so its reply belongs to no connection and no doNotTrack rule lets it through';
const REFUSAL =
  'a doNotTrack policy let the request in untracked and no listener is known there, so the ICMP error of the receiver belongs to no connection and is dropped';
const NOT_UNDONE =
  'a doNotTrack policy lets the reply in untracked, so the node does not undo its translation and the caller does not receive it';

function denial({ direction, host }: HostSide, why: string): FilterAnswer {
  const because = `${why} (host endpoint ${host.name})`;
  const evidence: Evidence = {
    filter: 'calico-policy',
    direction,
    object: DEFAULT.hostEndpoint,
    rule: null,
    because,
  };
  return answerOf([{ kind: 'denied', evidence }]);
}
