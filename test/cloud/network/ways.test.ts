import { ip } from '../../../lib/model/address';
import type { RouteTarget, Vpc } from '../../../lib/model/vpc';
import { indexVpcs } from '../../../lib/reach/vpc/lookup';
import { askTable } from '../../../lib/reach/vpc/route-table';
import { readTemplates } from '../../../lib/read/cloudformation/templates';
import { synthesize } from '../synthesized';

// Synthesis is seconds of work, and the machine may have other work too.
jest.setTimeout(120_000);

/** The VPCs of a lab's templates, read as the engines read them. */
function vpcsOf(context: Readonly<Record<string, string>>): readonly Vpc[] {
  const reading = readTemplates(synthesize(context).files);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value.vpcs;
}

/** Where each subnet of the first VPC sends a packet for an address: `subnet -> target`. */
function ways(vpcs: readonly Vpc[], address: string): readonly string[] {
  const [vpc] = vpcs;
  const index = indexVpcs({ vpcs, nodes: [] });
  return (vpc?.subnets ?? []).flatMap((subnet) => {
    const table = index.table(subnet);
    const target = table === undefined ? undefined : askTable(index, table, ip(address)).target;
    return [`${subnet.name} -> ${nameOf(target, vpcs)}`];
  });
}

function nameOf(target: RouteTarget | undefined, vpcs: readonly Vpc[]): string {
  if (target === undefined) return 'nowhere';
  if (target.kind !== 'nat-gateway') return target.kind;
  const nat = vpcs.flatMap((vpc) => vpc.natGateways).find(({ id }) => id === target.id);
  const home = vpcs.flatMap((vpc) => vpc.subnets).find(({ id }) => id === nat?.subnet);
  return `nat-gateway in ${home?.name ?? 'no subnet'}`;
}

const INTERNET = '198.51.100.7';

test('small: two zones share the NAT gateway of the first', () => {
  expect(ways(vpcsOf({ lab: 'aws-1-vpc' }), INTERNET)).toEqual([
    'publicSubnet1 -> internet-gateway',
    'publicSubnet2 -> internet-gateway',
    'nodesSubnet1 -> nat-gateway in publicSubnet1',
    'nodesSubnet2 -> nat-gateway in publicSubnet1',
    'control-planeSubnet1 -> nowhere',
    'control-planeSubnet2 -> nowhere',
    'podsSubnet1 -> nat-gateway in publicSubnet1',
    'podsSubnet2 -> nat-gateway in publicSubnet1',
  ]);
});

test('production: every zone has its own, so losing one zone is losing one zone', () => {
  expect(ways(vpcsOf({ lab: 'aws-1-vpc', size: 'production' }), INTERNET)).toEqual([
    'publicSubnet1 -> internet-gateway',
    'publicSubnet2 -> internet-gateway',
    'publicSubnet3 -> internet-gateway',
    'nodesSubnet1 -> nat-gateway in publicSubnet1',
    'nodesSubnet2 -> nat-gateway in publicSubnet2',
    'nodesSubnet3 -> nat-gateway in publicSubnet3',
    'control-planeSubnet1 -> nowhere',
    'control-planeSubnet2 -> nowhere',
    'control-planeSubnet3 -> nowhere',
    'podsSubnet1 -> nat-gateway in publicSubnet1',
    'podsSubnet2 -> nat-gateway in publicSubnet2',
    'podsSubnet3 -> nat-gateway in publicSubnet3',
  ]);
});

test('regional: one NAT gateway that stands in no subnet', () => {
  const found = ways(vpcsOf({ lab: 'aws-1-vpc', nat: 'regional' }), INTERNET);
  expect(found.filter((way) => way.endsWith('nat-gateway in no subnet'))).toHaveLength(4);
});

test('inside the VPC, and to its pods, everything is local', () => {
  const vpcs = vpcsOf({ lab: 'aws-1-vpc' });
  for (const address of ['10.0.0.10', '100.64.0.10', '10.0.192.4']) {
    expect(ways(vpcs, address).filter((way) => !way.endsWith('-> local'))).toEqual([]);
  }
});

test('S3 goes by its gateway endpoint from nodes and pods, never through a billed NAT gateway', () => {
  const vpcs = vpcsOf({ lab: 'aws-1-vpc' });
  const [endpoint] = vpcs.flatMap(({ endpoints }) => endpoints);
  const list = vpcs.flatMap(({ prefixLists }) => prefixLists)[0]?.cidrs[0];
  expect(endpoint).toMatchObject({ kind: 'gateway', service: expect.stringContaining('s3') });
  expect(ways(vpcs, list?.address ?? '').filter((way) => way.endsWith('-> vpc-endpoint'))).toEqual(
    ['nodesSubnet1', 'nodesSubnet2', 'podsSubnet1', 'podsSubnet2'].map(
      (name) => `${name} -> vpc-endpoint`,
    ),
  );
});

test('IPv6 leaves by the egress-only gateway from nodes, and both ways from public subnets', () => {
  const found = ways(vpcsOf({ lab: 'aws-1-vpc', ipv6: 'true' }), '3fff::7');
  expect(found.filter((way) => !way.endsWith('-> nowhere'))).toEqual([
    'publicSubnet1 -> internet-gateway',
    'publicSubnet2 -> internet-gateway',
    'nodesSubnet1 -> egress-only-internet-gateway',
    'nodesSubnet2 -> egress-only-internet-gateway',
  ]);
});

test('two peered VPCs do not overlap, and nodes of each know the way to the other', () => {
  const vpcs = vpcsOf({ lab: 'mc-1-two-clusters' });
  expect(vpcs.map(({ cidrs }) => cidrs.map(({ address }) => address))).toEqual([
    ['10.0.0.0', '100.64.0.0'],
    ['10.1.0.0', '100.65.0.0'],
  ]);
  const toSecond = ways(vpcs, '10.1.0.10').filter((way) => way.endsWith('-> peering'));
  const toFirst = ways(vpcs.toReversed(), '10.0.0.10').filter((way) => way.endsWith('-> peering'));
  expect([toSecond, toFirst]).toEqual([
    [1, 2].map((zone) => `Network/nodesSubnet${zone} -> peering`),
    [1, 2].map((zone) => `Peer/nodesSubnet${zone} -> peering`),
  ]);
});

test('every route is needed: without it a subnet loses its way, and is named', () => {
  const vpcs = vpcsOf({ lab: 'aws-1-vpc' });
  const [vpc] = vpcs;
  const added = (vpc?.routeTables ?? []).flatMap((table) =>
    table.routes.filter(({ target }) => target.kind !== 'local').map((route) => ({ table, route })),
  );
  const list = vpc?.prefixLists[0]?.cidrs[0]?.address ?? '';
  const all = (network: readonly Vpc[]) =>
    [INTERNET, list].flatMap((to) => ways(network, to).map((way) => `${way} for ${to}`));
  const sound = all(vpcs);
  expect(added).toHaveLength(10);
  for (const { table, route } of added) {
    const tables = (vpc?.routeTables ?? []).map((own) =>
      own.id === table.id ? { ...own, routes: own.routes.filter((other) => other !== route) } : own,
    );
    const broken = vpcs.map((own) => (own === vpc ? { ...own, routeTables: tables } : own));
    const changed = all(broken).filter((way) => !sound.includes(way));
    const subnet = vpc?.subnets.find(({ routeTable }) => routeTable === table.id);
    expect([...new Set(changed.map((way) => way.split(' ')[0]))]).toEqual([subnet?.name]);
  }
});
