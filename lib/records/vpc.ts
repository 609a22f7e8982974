import type { Explanation } from '../model/explanation';
import type { Flow, Protocol } from '../model/flow';
import type { Outcome } from '../model/observation';
import { EPHEMERAL_PORTS } from '../model/ports';
import type { World } from '../model/world';
import { type Passage, passagesOf } from './vpc-passages';

/** The fields of a record, in the order of the flow log that the network stack makes. */
export const VPC_FIELDS = [
  'start',
  'interface-id',
  'subnet-id',
  'srcaddr',
  'dstaddr',
  'pkt-srcaddr',
  'pkt-dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'tcp-flags',
  'flow-direction',
  'traffic-path',
  'packets',
  'bytes',
  'action',
  'log-status',
] as const;

export type VpcField = (typeof VPC_FIELDS)[number];

/** Numbers that IANA gives the protocols (RFC 790 and its successors). */
export const PROTOCOL_NUMBERS: Readonly<Record<Protocol, number>> = {
  ICMP: 1,
  TCP: 6,
  UDP: 17,
  SCTP: 132,
};

/** A flow that was tried. */
export interface ProbedFlow {
  readonly explanation: Explanation;
  readonly outcome: Outcome;
  readonly at: Date;
  /** Tells connections apart: the client's port follows from it, since the real one is not recorded. */
  readonly index: number;
}

/**
 * The records that the VPC's flow log would hold of a connection: one a direction for each interface
 * it passes, as text lines in the order of `VPC_FIELDS`. Security groups and network ACLs show as
 * REJECT. What stays on one node, and what a policy drops before it leaves the pod, passes no
 * interface and leaves no record; what a policy drops on arrival was accepted before.
 *
 * `packets` and `bytes` are `-`, which AWS writes for what could not be computed.
 */
export function vpcFlowLog(world: World, tried: ProbedFlow): readonly string[] {
  const { explanation, outcome, index } = tried;
  const { forward, replies } = passagesOf(world, explanation);
  const client = clientPort(index);
  const { port, protocol } = explanation.flow;
  const portsAt = (one: Passage): readonly number[] =>
    protocol === 'ICMP' ? [0, 0] : [client, one.port ?? Number(port)];
  const answered = outcome === 'connected' || outcome === 'refused';
  return [
    ...forward.map((one) => line(one, { tried, ports: portsAt(one), flags: asks(tried) })),
    ...(answered || replies.some(({ action }) => action === 'REJECT') ? replies : []).map((one) =>
      line(one, { tried, ports: portsAt(one).toReversed(), flags: answers(tried) }),
    ),
  ];
}

/** The port that a connection's client took: the record's own choice, as the real one is not recorded. */
function clientPort(index: number): number {
  const { first, last } = EPHEMERAL_PORTS;
  return first + (index % (last - first + 1));
}

interface Written {
  readonly tried: ProbedFlow;
  readonly ports: readonly number[];
  readonly flags: number;
}

/**
 * `srcaddr` and `dstaddr` are the interface's own first address of the family where it is its own side, the
 * packet's addresses stand in `pkt-` (VPC guide, flow log limitations).
 */
function line(passage: Passage, { tried, ports, flags }: Written): string {
  const { eni, direction, source, destination, action, path } = passage;
  const own = (address: string): string =>
    eni.addresses.find((one) => one.includes(':') === address.includes(':')) ?? address;
  const fields: Readonly<Record<VpcField, string | number>> = {
    start: Math.floor(tried.at.getTime() / 1000),
    'interface-id': eni.id,
    'subnet-id': eni.subnet,
    srcaddr: direction === 'egress' ? own(source) : source,
    dstaddr: direction === 'ingress' ? own(destination) : destination,
    'pkt-srcaddr': source,
    'pkt-dstaddr': destination,
    srcport: ports[0] ?? 0,
    dstport: ports[1] ?? 0,
    protocol: PROTOCOL_NUMBERS[tried.explanation.flow.protocol],
    'tcp-flags': flags,
    'flow-direction': direction,
    'traffic-path': action === 'REJECT' ? '-' : path,
    packets: '-',
    bytes: '-',
    action,
    'log-status': 'OK',
  };
  return VPC_FIELDS.map((field) => String(fields[field])).join(' ');
}

const isTcp = ({ protocol }: Flow): boolean => protocol === 'TCP';

/** Flags of all packets of a direction, ORed (VPC guide, `tcp-flags`): SYN 2, FIN 1. */
const asks = ({ explanation: { flow }, outcome }: ProbedFlow): number => {
  if (!isTcp(flow)) return 0;
  return outcome === 'connected' ? 3 : 2;
};

/** SYN-ACK 18 and FIN 1; RST 4 where no process listens. */
const answers = ({ explanation: { flow }, outcome }: ProbedFlow): number => {
  if (!isTcp(flow)) return 0;
  if (outcome === 'connected') return 19;
  return outcome === 'refused' ? 4 : 18;
};
