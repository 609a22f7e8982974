import type { Explanation, Hop } from '../model/explanation';
import type { FlowEnd } from '../model/flow';
import type { NetworkInterface } from '../model/vpc';
import type { World } from '../model/world';

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
  'flow-direction',
  'action',
  'log-status',
] as const;

type Field = (typeof VPC_FIELDS)[number];

/** Linux's first ephemeral port: which one a client really had, no prediction knows. */
const CLIENT_PORT = 32768;
const NUMBERS: Readonly<Record<string, number>> = { TCP: 6, UDP: 17, ICMP: 1, SCTP: 132 };

/**
 * The records that the VPC's flow log would hold of a flow: one for each interface it passes, as
 * text lines in the order of `VPC_FIELDS`. Security groups and network ACLs show as REJECT; what
 * stays on one node passes no interface and leaves no record (VPC guide: flow log limitations).
 */
export function vpcFlowLog(world: World, explanation: Explanation, at: Date): readonly string[] {
  const { flow, trace } = explanation;
  const [from, to] = [addressOf(world, flow.from), addressOf(world, flow.to)];
  if (from === undefined || to === undefined) return [];
  const passed = trace.forward.flatMap((hop) => interfaceAt(world, hop));
  return passed.map(({ eni, hop }, index) => {
    const fields: Record<Field, string> = {
      start: String(Math.floor(at.getTime() / 1000)),
      'interface-id': eni.id,
      'subnet-id': eni.subnet,
      srcaddr: index === 0 ? (eni.addresses[0] ?? from) : from,
      dstaddr: index === 0 ? to : (eni.addresses[0] ?? to),
      'pkt-srcaddr': from,
      'pkt-dstaddr': to,
      srcport: String(CLIENT_PORT),
      dstport: String(flow.port ?? 0),
      protocol: String(NUMBERS[flow.protocol] ?? 0),
      'flow-direction': index === 0 ? 'egress' : 'ingress',
      action: isRejected(hop, trace.forward) ? 'REJECT' : 'ACCEPT',
      'log-status': 'OK',
    };
    return VPC_FIELDS.map((field) => fields[field]).join(' ');
  });
}

interface Passed {
  readonly hop: Hop;
  readonly eni: NetworkInterface;
}

/** The interface that a hop stands for; hops name them `interface <id>`. */
function interfaceAt(world: World, hop: Hop): readonly Passed[] {
  const id = /^interface (.+)$/.exec(hop.device)?.[1];
  const all = world.vpcs.flatMap(({ interfaces }) => interfaces);
  const eni = all.find((one) => one.id === id);
  return eni === undefined ? [] : [{ hop, eni }];
}

/** Refused here, or at the subnet's edge that the flow log counts to the same interface. */
function isRejected(hop: Hop, hops: readonly Hop[]): boolean {
  const next = hops[hops.indexOf(hop) + 1];
  return [hop, ...(next?.device.startsWith('subnet ') ? [next] : [])].some(({ decisions }) =>
    decisions.some(
      ({ kind, evidence: { filter } }) =>
        kind === 'denied' && (filter === 'security-group' || filter === 'network-acl'),
    ),
  );
}

function addressOf(world: World, end: FlowEnd): string | undefined {
  switch (end.kind) {
    case 'pod':
      return world.pods.find((pod) => pod.namespace === end.namespace && pod.name === end.name)
        ?.addresses[0];
    case 'node':
      return world.nodes.find((node) => node.name === end.name)?.addresses[0];
    case 'ip':
      return end.address;
    case 'internet':
      return world.outside.find(({ name }) => name === 'internet')?.addresses[0];
    case 'service':
      return world.services.find((one) => one.namespace === end.namespace && one.name === end.name)
        ?.clusterIps[0];
  }
}
