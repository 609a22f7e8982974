import { environmentOf } from '../../../lib/cloud/config/environments';
import type { SubnetGroup } from '../../../lib/cloud/config/layout';
import {
  type SecurityRule,
  type Side,
  securityRules,
} from '../../../lib/cloud/network/security-rules';
import {
  PEER_TRAFFIC,
  TRAFFIC,
  type TrafficPlace,
  type TrafficRow,
} from '../../../lib/cloud/network/traffic';
import { cidr, contains, ip } from '../../../lib/model/address';
import { synthesize } from '../synthesized';
import { aclLinesOf, groupLinesOf } from './lines';

// Synthesis is seconds of work, and the machine may have other work too.
jest.setTimeout(120_000);

/**
 * The ports that replies come to, said here once more from the sources: Linux' own range
 * (kernel, networking/ip-sysctl: ip_local_port_range), and for clients behind a translation every
 * unprivileged port (VPC user guide, network ACLs, ephemeral ports).
 */
const REPLIES = {
  pods: [32768, 60999],
  nodes: [1024, 65535],
  public: [1024, 65535],
  'control-plane': [1024, 65535],
  internet: [1024, 65535],
  peer: [1024, 65535],
} as const;

/** An address of every place in the default layout, and one of the VPC that no group has. */
const ADDRESS: Readonly<Record<TrafficPlace | 'unassigned', string>> = {
  nodes: '10.0.0.10',
  public: '10.0.128.10',
  'control-plane': '10.0.192.4',
  pods: '100.64.0.10',
  peer: '10.1.0.10',
  internet: '198.51.100.7',
  unassigned: '10.0.224.1',
};

/** A packet that crosses the edge of a group's subnets. */
interface Crossing {
  readonly group: SubnetGroup;
  readonly direction: 'in' | 'out';
  /** Where it comes from, or where it goes. */
  readonly peer: keyof typeof ADDRESS;
  /** `tcp 443`, `udp 53`, `icmp 3/4`. */
  readonly packet: string;
}

const within = (port: number, [first, last]: readonly [number, number]): boolean =>
  first <= port && port <= last;

/** Is this crossing half of a connection of the table? Nothing else may cross. */
const isInTable = (crossing: Crossing, table: readonly TrafficRow[]): boolean =>
  table.some((traffic) => isHalfOf(traffic, crossing));

function isHalfOf(traffic: TrafficRow, { group, direction, peer, packet }: Crossing): boolean {
  switch (traffic.kind) {
    case 'mesh': {
      const [a, b] = traffic.between;
      return (a === group && b === peer) || (b === group && a === peer);
    }
    case 'path-mtu':
      return traffic.to === group && packet === 'icmp 3/4';
    case 'tcp': {
      const [protocol, port] = packet.split(' ');
      if (protocol !== 'tcp') return false;
      const { client, server } = traffic;
      const request = traffic.ports.some(({ first, last }) => within(Number(port), [first, last]));
      const reply = within(Number(port), REPLIES[client]);
      const isServer = server === group && isPeer(client, peer);
      const isClient = client === group && isPeer(server, peer);
      return direction === 'in'
        ? (isServer && request) || (isClient && reply)
        : (isClient && request) || (isServer && reply);
    }
  }
}

/** The table's `internet` is every address. */
const isPeer = (place: TrafficPlace, peer: Crossing['peer']): boolean =>
  place === 'internet' || place === peer;

/** Does a line let this crossing through? Lines that deny would be a mistake of ours. */
function isLetThrough({ group, direction, peer, packet }: Crossing, lines: readonly string[]) {
  const [protocol, number] = packet.split(' ');
  const address = ip(ADDRESS[peer]);
  return lines.some((line) => {
    const [name, way, , action, match, ...rest] = line.split(' ');
    const block = rest.pop() ?? '';
    if (name !== group || way !== direction || action !== 'allow') return false;
    if (block.includes('v') || block.includes(':') || !contains(cidr(block), address)) return false;
    if (match === 'any') return true;
    const [ports = ''] = rest;
    if (match !== protocol) return false;
    if (match === 'icmp') return ports === number;
    const [first = '', last = first] = ports.split('-');
    return within(Number(number), [Number(first), Number(last)]);
  });
}

/** Every port at which a range of either side begins or ends, and its neighbours. */
function boundaries(lines: readonly string[], traffic: readonly TrafficRow[]): readonly number[] {
  const edges = [
    ...lines.flatMap((line) => (/ tcp ([0-9-]+) /.exec(line)?.[1] ?? '0').split('-').map(Number)),
    ...traffic.flatMap((each) =>
      each.kind === 'tcp' ? each.ports.flatMap(({ first, last }) => [first, last]) : [],
    ),
    ...Object.values(REPLIES).flat(),
  ];
  const near = edges.flatMap((port) => [port - 1, port, port + 1]);
  return [...new Set(near)].filter((port) => port >= 0 && port <= 65535);
}

const LOAD_BALANCERS = { size: 'production', allowedCidrs: '203.0.113.7/32' };

const GROUPS = ['public', 'nodes', 'control-plane', 'pods'] as const;

test.each`
  lab                       | context              | traffic
  ${'k8s-5-network-policy'} | ${{ size: 'small' }} | ${TRAFFIC}
  ${'k8s-5-network-policy'} | ${{ ipv6: 'true' }}  | ${TRAFFIC}
  ${'capstone'}             | ${LOAD_BALANCERS}    | ${TRAFFIC}
  ${'mc-1-two-clusters'}    | ${{}}                | ${[...TRAFFIC, ...PEER_TRAFFIC]}
`('$lab $context: no ACL line is wider than the traffic table, and none is missing', (row) => {
  const { lab, context, traffic } = row as {
    readonly lab: string;
    readonly context: Readonly<Record<string, string>>;
    readonly traffic: readonly TrafficRow[];
  };
  const lines = aclLinesOf(synthesize({ lab, ...context }));
  const packets = [
    ...boundaries(lines, traffic).map((port) => `tcp ${port}`),
    ...['udp 53', 'udp 443', 'udp 40000', 'icmp 8/0', 'icmp 0/0', 'icmp 3/4', 'icmp 3/1'],
  ];
  const crossings = GROUPS.flatMap((group) =>
    (['in', 'out'] as const).flatMap((direction) =>
      (Object.keys(ADDRESS) as readonly (keyof typeof ADDRESS)[]).flatMap((peer) =>
        packets.map((packet): Crossing => ({ group, direction, peer, packet })),
      ),
    ),
  );
  const saying = ({ group, direction, peer, packet }: Crossing) =>
    `${group} ${direction} ${peer} ${packet}`;
  const wider = crossings.filter((c) => isLetThrough(c, lines) && !isInTable(c, traffic));
  const missing = crossings.filter((c) => !isLetThrough(c, lines) && isInTable(c, traffic));
  expect({ wider: wider.map(saying), missing: missing.map(saying) }).toEqual({
    wider: [],
    missing: [],
  });
  expect(crossings.filter((c) => isInTable(c, traffic)).length).toBeGreaterThan(100);
});

/** The addresses of the sides that are no groups, in the default layout. */
const BLOCKS: Readonly<Partial<Record<Side, readonly string[]>>> = {
  vpc: ['10.0.0.0/16', '100.64.0.0/16'],
  allowed: ['203.0.113.7/32'],
  peer: ['10.1.0.0/16'],
  internet: ['0.0.0.0/0'],
};

/** What the two groups of a rule must have: one may go out, the other may be entered. */
function halvesOf({ from, to, protocol, ports }: SecurityRule): readonly string[] {
  const range = ports.first === ports.last ? ports.first : `${ports.first}-${ports.last}`;
  const match = protocol === 'any' ? 'any' : `${protocol} ${range}`;
  const out = (BLOCKS[to] ?? [to]).map((peer) => `${from} out ${match} ${peer}`);
  const into = (BLOCKS[from] ?? [from]).map((peer) => `${to} in ${match} ${peer}`);
  return [...(from in BLOCKS ? [] : out), ...(to in BLOCKS ? [] : into)];
}

test.each`
  lab                       | context                    | privateEndpoints
  ${'k8s-5-network-policy'} | ${{ size: 'small' }}       | ${false}
  ${'capstone'}             | ${LOAD_BALANCERS}          | ${false}
  ${'aws-3-vpc-cni'}        | ${{ privateOnly: 'true' }} | ${true}
  ${'mc-1-two-clusters'}    | ${{}}                      | ${false}
`('$lab: no group rule is wider than the table of rules, and none is missing', (row) => {
  const { lab, context, privateEndpoints } = row;
  const rules = securityRules(environmentOf(lab), { privateEndpoints });
  const wanted = [...new Set(rules.flatMap(halvesOf))].sort();
  const found = groupLinesOf(synthesize({ lab, ...context })).filter(
    (line) => !line.startsWith('peer/') && !line.endsWith(' nothing'),
  );
  expect(found).toEqual(wanted);
});
