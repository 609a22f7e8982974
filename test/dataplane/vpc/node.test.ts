import type { Plan } from '../../../lib/dataplane/commands/command';
import { addNodeInVpc, translationTable } from '../../../lib/dataplane/vpc/node';
import { placeOf } from '../../../lib/dataplane/vpc/places';
import { TABLE } from '../../../lib/dataplane/wiring/routes';
import { cidr, formatCidr, ip } from '../../../lib/model/address';
import type { NodeEndpoint, World } from '../../../lib/model/world';
import { vpcWorld } from '../../build/peered-vpcs';

/** Node `a` of the world, changed, and its place. */
function nodeA(world: World, more: Partial<NodeEndpoint> = {}) {
  const found = world.nodes.find(({ name }) => name === 'a');
  if (found === undefined) throw new Error('the world has a node a');
  const node = { ...found, ...more };
  const place = placeOf(world, node);
  if (place === undefined) throw new Error('node a has a place in a VPC');
  return { node, place };
}

const placement = { ...nodeA(vpcWorld).place.placement };

describe('what leaves the VPC leaves as the node', () => {
  const table = (more: Partial<NodeEndpoint> = {}) => {
    const { node, place } = nodeA(vpcWorld, more);
    const { sets, chains } = translationTable(vpcWorld, node, place);
    return {
      pods: sets.find(({ name }) => name === 'pods')?.elements,
      rules: chains.flatMap(({ rules }) => rules).map((rule) => rule.replace(/ comment .*/, '')),
    };
  };
  const RULE = 'ip saddr @pods ip daddr != @vpc oifname "eth*" snat ip to 10.0.1.10';
  const hidden = ['10.0.1.11', '10.0.1.33'];

  test.each([
    ['as the CNI starts, strict branch pods apart', {}, hidden, [RULE]],
    [
      'branch pods too in standard mode',
      { placement: { ...placement, podSecurityGroups: 'standard' as const } },
      [...hidden, '10.0.1.60', '10.0.1.61'],
      [RULE],
    ],
    [
      'no pod where another translates',
      { placement: { ...placement, snat: 'external' as const } },
      [],
      [RULE],
    ],
    ['no rule where the node has IPv6 alone', { addresses: [ip('2001:db8::10')] }, hidden, []],
  ])('%s', (_, more, pods, rules) => {
    expect(table(more)).toEqual({ pods, rules });
  });
});

describe('ways out of a node', () => {
  const routes = (plan: Plan): readonly string[] =>
    plan.flatMap((one) => {
      if (one.kind !== 'add-route' || one.netns !== 'node/a' || one.hop.kind !== 'via') return [];
      const { device, gateway } = one.hop;
      return [`${device} ${formatCidr(one.to)} via ${gateway} table ${one.table}`];
    });
  const dual = {
    ...vpcWorld,
    vpcs: vpcWorld.vpcs.map((vpc) => ({
      ...vpc,
      cidrs: [...vpc.cidrs, cidr('2001:db8::/56')],
      subnets: vpc.subnets.map((one) => ({ ...one, cidrs: [...one.cidrs, cidr('2001:db8::/64')] })),
    })),
  };
  const waysOf = (world: World, more: Partial<NodeEndpoint> = {}) => {
    const { node, place } = nodeA(world, more);
    return routes(addNodeInVpc(node, place));
  };
  const branches = [
    'vlan.eth.2 0.0.0.0/0 via 10.0.1.1 table 102',
    'vlan.eth.3 0.0.0.0/0 via 10.0.1.1 table 103',
  ];

  test('the first interface leads everywhere, the second to the VPC, branches everywhere', () => {
    expect(waysOf(vpcWorld)).toEqual([
      `eth0 0.0.0.0/0 via 10.0.1.1 table ${TABLE.last}`,
      'eth1 10.0.0.0/16 via 10.0.1.1 table 101',
      ...branches,
    ]);
  });

  test('the second leads everywhere too where another translates', () => {
    expect(waysOf(vpcWorld, { placement: { ...placement, snat: 'external' } })).toEqual([
      `eth0 0.0.0.0/0 via 10.0.1.1 table ${TABLE.last}`,
      'eth1 0.0.0.0/0 via 10.0.1.1 table 101',
      ...branches,
    ]);
  });

  test('each family leads to its own blocks alone', () => {
    const addresses = [ip('10.0.1.10'), ip('2001:db8::10')];
    expect(waysOf(dual, { addresses }).filter((one) => one.startsWith('eth1'))).toEqual([
      'eth1 10.0.0.0/16 via 10.0.1.1 table 101',
      'eth1 2001:db8::/56 via 2001:db8::1 table 101',
    ]);
  });
});
