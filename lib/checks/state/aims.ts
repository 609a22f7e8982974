import { bitsOf, type Cidr, familyOf, type Ip, ipFromBits, rangeOf } from '../../model/address';
import type { FlowEnd, Protocol } from '../../model/flow';
import type { Policy, PortMatch, PortRange, Rule, Traffic } from '../../model/policy';
import { uniqueBy } from '../../model/unique';
import type { World } from '../../model/world';

/** A protocol with a port, or ICMP without one: one of its class, which no rule tells apart. */
export interface AskedPort {
  readonly protocol: Protocol;
  readonly port: number | undefined;
}

/** A port that no lab serves: discard (RFC 863). It stands for all ports that no rule names. */
export const UNSERVED_PORT = 9;

/** Packets that a line of a rule matches, by protocol and destination port. */
interface PortLine {
  /** IP protocol number, or every protocol. */
  readonly protocol: 'any' | number;
  /** Every port where absent. */
  readonly ranges?: readonly PortRange[];
}

/** IP protocol numbers (IANA). */
const NUMBERS: Readonly<Record<string, number>> = {
  ICMP: 1,
  TCP: 6,
  UDP: 17,
  ICMPv6: 58,
  SCTP: 132,
  UDPLite: 136,
};

/**
 * One port of every class that a rule of these worlds tells apart, in TCP, UDP and SCTP, and ICMP:
 * two ports that the same lines match are one class, except ports that pods serve.
 */
export function askedPorts(worlds: readonly World[]): readonly AskedPort[] {
  const lines = worlds.flatMap((world) => [...policyLines(world.policies), ...vpcLines(world)]);
  const edges = lines
    .flatMap(({ ranges = [] }) => ranges)
    .flatMap(({ first, last }) => [first - 1, first, last, last + 1]);
  const served = worlds.flatMap(({ pods }) => pods.flatMap((pod) => pod.ports));
  const own = new Set(served.map(({ protocol, port }) => `${protocol} ${port}`));
  const numbers = [...new Set([UNSERVED_PORT, ...served.map(({ port }) => port), ...edges])].filter(
    (port) => port >= 1 && port <= 65_535,
  );
  const ports = PROTOCOLS.flatMap((protocol) => numbers.map((port) => ({ protocol, port })));
  const classOf = ({ protocol, port }: (typeof ports)[number]): string => {
    const name = `${protocol} ${port}`;
    const met = lines.map((line) => (meets(line, NUMBERS[protocol] ?? 0, port) ? '1' : '0'));
    return own.has(name) ? name : `${protocol} ${met.join('')}`;
  };
  const one = uniqueBy(ports.toReversed(), classOf).toReversed();
  return [...one, { protocol: 'ICMP', port: undefined }];
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

const meets = ({ protocol, ranges }: PortLine, number: number, port: number): boolean =>
  (protocol === 'any' || protocol === number) &&
  (ranges === undefined || ranges.some(({ first, last }) => first <= port && port <= last));

const policyLines = (policies: readonly Policy[]): readonly PortLine[] =>
  policies
    .flatMap(rulesOf)
    .flatMap(({ traffic }) => (traffic === 'any' ? [] : traffic.flatMap(linesIn)));

/** What a line of a policy matches, and apart what it leaves out. */
function linesIn(traffic: Traffic): readonly PortLine[] {
  const { destinationPorts, notDestinationPorts = [], notProtocol } = traffic;
  const protocol = numberOf(traffic.protocol);
  const ranges = destinationPorts === 'any' ? undefined : destinationPorts.flatMap(rangeIn);
  return [
    ranges === undefined ? { protocol } : { protocol, ranges },
    ...(notDestinationPorts.length === 0
      ? []
      : [{ protocol, ranges: notDestinationPorts.flatMap(rangeIn) }]),
    ...(notProtocol === undefined ? [] : [{ protocol: numberOf(notProtocol) }]),
  ];
}

const numberOf = (protocol: Traffic['protocol']): PortLine['protocol'] =>
  typeof protocol === 'string' && protocol !== 'any' ? (NUMBERS[protocol] ?? 0) : protocol;

const rangeIn = (match: PortMatch): readonly PortRange[] => ('name' in match ? [] : [match]);

const vpcLines = ({ vpcs }: World): readonly PortLine[] =>
  vpcs
    .flatMap(({ networkAcls, securityGroups }) => [...networkAcls, ...securityGroups])
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .map(({ protocol, ports }) => (ports === 'any' ? { protocol } : { protocol, ranges: [ports] }));

const rulesOf = ({ ingress = [], egress = [] }: Policy): readonly Rule[] => [...ingress, ...egress];

/**
 * Addresses at both edges of every block that a policy of these worlds names, and the ones beyond
 * them: a block that is too wide or too narrow differs there. Addresses that an end of the worlds has
 * are left out.
 */
export function askedAddresses(worlds: readonly World[]): readonly FlowEnd[] {
  const blocks = worlds.flatMap(({ policies, networkSets }) => [
    ...policies.flatMap(rulesOf).flatMap(blocksOf),
    ...networkSets.flatMap(({ nets }) => nets),
  ]);
  const taken = new Set<string>(
    worlds.flatMap(({ pods, nodes, outside, services }) => [
      ...[...pods, ...nodes, ...outside].flatMap(({ addresses }) => addresses),
      ...services.flatMap(({ clusterIps }) => clusterIps),
    ]),
  );
  const edges = uniqueBy(blocks.flatMap(edgesOf), (address) => address);
  return edges.filter((address) => !taken.has(address)).map((address) => ({ kind: 'ip', address }));
}

const blocksOf = ({ source, destination }: Rule): readonly Cidr[] =>
  [...(source === 'any' ? [] : source), ...(destination === 'any' ? [] : destination)].flatMap(
    ({ nets = [], notNets = [] }) => [...nets, ...notNets],
  );

function edgesOf(block: Cidr): readonly Ip[] {
  const family = familyOf(block.address);
  if (family === 6) return [];
  const [first, last] = rangeOf(block);
  return [first - 1n, first, last, last + 1n].filter(isUsable).map((bits) => ipFromBits(bits, 4));
}

/** Neither the zero network, loopback, nor multicast and beyond (RFC 6890): no host has them. */
const isUsable = (bits: bigint): boolean =>
  bits >= 1n << 24n && bits < 224n << 24n && bits >> 24n !== 127n;

/** Ends that the lab has: pods, nodes, machines of the VPC and hosts outside the cluster. */
export function realEnds(world: World): readonly FlowEnd[] {
  return [
    ...world.pods.map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name })),
    ...world.nodes.map(({ name }): FlowEnd => ({ kind: 'node', name })),
    ...machinesOf(world),
    ...world.outside.flatMap(({ name, addresses: [address] }): FlowEnd[] => {
      if (name === 'internet') return [{ kind: 'internet' }];
      return address === undefined || bitsOf(address) === 0n ? [] : [{ kind: 'ip', address }];
    }),
  ];
}

const machinesOf = ({ vpcs }: World): readonly FlowEnd[] =>
  vpcs
    .flatMap(({ interfaces }) => interfaces)
    .filter(({ owner, serves = [] }) => owner.kind === 'resource' && serves.length > 0)
    .map(({ id }) => ({ kind: 'eni', name: id }));
