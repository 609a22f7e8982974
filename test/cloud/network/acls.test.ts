import fc from 'fast-check';
import { REPLY_PORTS, TRAFFIC } from '../../../lib/cloud/network/traffic';
import { contains, ip } from '../../../lib/model/address';
import type { Decision } from '../../../lib/model/explanation';
import type { NetworkAcl, Vpc } from '../../../lib/model/vpc';
import { askAcl } from '../../../lib/reach/vpc/network-acl';
import { reversed } from '../../../lib/reach/vpc/packet';
import type { VpcPacket } from '../../../lib/reach/vpc/types';
import { readTemplates } from '../../../lib/read/cloudformation/templates';
import { resources, synthesize } from '../synthesized';
import { ADDRESS, type Journey, MUST_FAIL, MUST_WORK, nameOf, type Spot } from './journeys';

// Synthesis is seconds of work, and the machine may have other work too.
jest.setTimeout(120_000);

const lab = synthesize({ lab: 'k8s-5-network-policy', size: 'small' });
const vpc = vpcOf(lab.files);

function vpcOf(files: typeof lab.files): Vpc {
  const reading = readTemplates(files);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  const [first] = reading.value.vpcs;
  if (first === undefined) throw new Error('the templates have no VPC');
  return first;
}

/** The ACL in front of an address; none on the internet. */
function aclOf(network: Vpc, address: string): NetworkAcl | undefined {
  const subnet = network.subnets.find(({ cidrs }) =>
    cidrs.some((block) => contains(block, ip(address))),
  );
  return network.networkAcls.find(({ id }) => id === subnet?.networkAcl);
}

/** What the ACLs say of a packet that goes from one subnet to another. */
const edges = (network: Vpc, packet: VpcPacket): readonly Decision[] => {
  const [out, into] = [aclOf(network, packet.source), aclOf(network, packet.destination)];
  return [
    ...(out === undefined ? [] : askAcl(out, 'egress', packet)),
    ...(into === undefined ? [] : askAcl(into, 'ingress', packet)),
  ];
};

const packetOf = ({ from, to, protocol, port, clientPorts }: Journey): VpcPacket => ({
  source: ip(ADDRESS[from]),
  destination: ip(ADDRESS[to]),
  protocol,
  sourcePorts: clientPorts,
  ports: { first: port, last: port },
});

/** Why a connection fails: what refused it, there or back; empty where it works. */
function refusals(network: Vpc, journey: Journey): readonly string[] {
  const packet = packetOf(journey);
  const ways = { there: packet, back: reversed(packet) };
  return Object.entries(ways).flatMap(([way, each]) =>
    edges(network, each)
      .filter(({ kind }) => kind !== 'allowed')
      .map(({ evidence }) => `${nameOf(journey)} (${way}): ${evidence.because}`),
  );
}

test.each(MUST_WORK.map((journey) => [nameOf(journey), journey] as const))(
  '%s works, and its replies come back',
  (_, journey) => {
    expect(refusals(vpc, journey)).toEqual([]);
  },
);

test.each(MUST_FAIL.map((journey) => [nameOf(journey), journey] as const))(
  '%s does not work',
  (_, journey) => {
    expect(refusals(vpc, journey)).not.toEqual([]);
  },
);

test('every connection of the traffic table works from every port its client may have', () => {
  const connections = TRAFFIC.filter((traffic) => traffic.kind === 'tcp');
  const spot = (place: string): Spot => place as Spot;
  const journey = fc.constantFrom(...connections).chain(({ client, server, ports }) =>
    fc.record({
      from: fc.constant(spot(client)),
      to: fc.constant(spot(server)),
      protocol: fc.constant('TCP' as const),
      port: fc.constantFrom(...ports).chain((r) => fc.integer({ min: r.first, max: r.last })),
      clientPorts: fc
        .integer({ min: REPLY_PORTS[client].first, max: REPLY_PORTS[client].last })
        .map((port) => ({ first: port, last: port })),
    }),
  );
  fc.assert(
    fc.property(journey, (each) => {
      expect(refusals(vpc, each)).toEqual([]);
    }),
  );
});

describe('too-big messages', () => {
  const tooBig = (from: Spot, to: Spot): VpcPacket => ({
    source: ip(ADDRESS[from]),
    destination: ip(ADDRESS[to]),
    protocol: 'ICMP',
    sourcePorts: { first: 0, last: 0 },
    ports: { first: 3, last: 3 },
    icmp: { type: 3, code: 4 },
  });
  test.each(['nodes', 'pods', 'public'] as const)('reach and leave %s', (spot) => {
    const packets = [tooBig('internet', spot), tooBig(spot, 'internet')];
    const said = packets.flatMap((packet) => edges(vpc, packet).map(({ kind }) => kind));
    expect(said).toEqual(['allowed', 'allowed']);
  });
});

describe('every rule is needed: without it something breaks, and the break names its ACL', () => {
  // The VPC's default ACL stands in front of no subnet here.
  const used = vpc.networkAcls.filter(({ id }) =>
    vpc.subnets.some(({ networkAcl }) => networkAcl === id),
  );
  const rules = used.flatMap((acl) =>
    (['ingress', 'egress'] as const).flatMap((direction) =>
      acl[direction]
        .filter(({ icmp }) => icmp === undefined)
        .map(({ number }) => ({ acl: acl.name, direction, number })),
    ),
  );
  const without = ({ acl, direction, number }: (typeof rules)[number]): Vpc => ({
    ...vpc,
    networkAcls: vpc.networkAcls.map((own) =>
      own.name === acl
        ? { ...own, [direction]: own[direction].filter((rule) => rule.number !== number) }
        : own,
    ),
  });

  test.each(rules)('$acl $direction $number', (rule) => {
    const broken = MUST_WORK.flatMap((journey) => refusals(without(rule), journey));
    expect(broken).not.toEqual([]);
    expect(broken.filter((why) => !why.includes(rule.acl))).toEqual([]);
  });
});

test('each rule says why, and no direction has more than AWS allows by default', () => {
  const dual = synthesize({ lab: 'k8s-5-network-policy', ipv6: 'true' });
  for (const each of [lab, dual]) {
    const entries = resources(each, 'network', 'AWS::EC2::NetworkAclEntry');
    const counts = new Map<string, number>();
    for (const { Properties } of entries) {
      const group = JSON.stringify([Properties.NetworkAclId, Properties.Egress === true]);
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    expect(entries.filter(({ Metadata }) => !Array.isArray(Metadata?.because))).toEqual([]);
    // Twenty, and the two that say `*` count too: one for each family (VPC quotas).
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(18);
    expect(counts.size).toBe(8);
  }
});
