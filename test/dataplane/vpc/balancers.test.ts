import { addWaysBack, balancerTable, waysBack } from '../../../lib/dataplane/vpc/balancers';
import { farEnd } from '../../../lib/dataplane/vpc/places';
import { ip } from '../../../lib/model/address';
import type { NetworkInterface, Vpc } from '../../../lib/model/vpc';
import type { LoadBalancer, ServicePort } from '../../../lib/model/world';
import { service } from '../../build/model';
import { mainVpc, vpcWorld } from '../../build/peered-vpcs';

const front = (id: string, ...addresses: string[]): NetworkInterface => ({
  id,
  subnet: 'private-a',
  securityGroups: [],
  addresses: addresses.map(ip),
  prefixes: [],
  owner: { kind: 'load-balancer', id: 'nlb' },
});

const eni = front('nlb-a', '10.0.1.250');
const inVpc = (...more: readonly NetworkInterface[]): Vpc => ({
  ...mainVpc,
  interfaces: [...mainVpc.interfaces, ...more],
});

/** Sends TCP 80 to the pod `lab/a1`, TCP 81 to no pod. */
const port = (number: number, ...addresses: string[]): ServicePort => ({
  protocol: 'TCP',
  port: number,
  backends: addresses.map((address) => ({ address: ip(address), port: 8080, ready: true })),
});

/** The chains with a hook, and their rules without comments. */
function hooked(balancer: Partial<LoadBalancer>) {
  const web = service('lab/web', {
    type: 'LoadBalancer',
    ports: [port(80, '10.0.1.11'), port(81)],
    loadBalancer: {
      addresses: [ip('10.0.1.250')],
      targets: 'ip',
      scheme: 'internal',
      preserveClientIp: false,
      zones: 'all',
      ...balancer,
    },
  });
  const { sets, chains } = balancerTable({ ...vpcWorld, services: [web] }, inVpc(eni), eni);
  const rules = chains
    .filter(({ base }) => base !== undefined)
    .map(({ name, rules: all }) => [name, all.map((rule) => rule.replace(/ comment .*/, ''))]);
  return { fronts: sets.flatMap(({ elements }) => elements), ...Object.fromEntries(rules) };
}

const SERVED = {
  fronts: ['tcp . 80 : goto balancer/lab/web/tcp/80'],
  prerouting: ['ip daddr 10.0.1.250 meta l4proto . th dport vmap @fronts'],
  unserved: ['meta l4proto tcp th dport 81 reject with icmpx no-route'],
};

test('what listens with targets is sent on as the balancer, the rest is rejected', () => {
  expect(hooked({})).toEqual({
    ...SERVED,
    postrouting: ['oifname "eth0" ct status dnat snat ip to 10.0.1.250'],
  });
});

test('a balancer that preserves the client’s address translates no source', () => {
  expect(hooked({ preserveClientIp: true })).toEqual({ ...SERVED, postrouting: [] });
});

test('an interface that no listener has translates nothing', () => {
  expect(hooked({ addresses: [ip('10.0.1.251')] })).toEqual({ fronts: [], unserved: [] });
});

describe('answers go back through the balancer that carried the connection', () => {
  const both = inVpc(eni, front('nlb-b', '2001:db8::250', '10.0.1.251'));

  test('by a table and a mark of its own for each interface, over its IPv4 address', () => {
    const told = addWaysBack(both).map((command) => {
      if (command.kind === 'add-route' && command.hop.kind === 'via')
        return `table ${command.table}: ${command.hop.device} via ${command.hop.gateway}`;
      return command.kind === 'add-rule' ? `mark ${command.mark}: table ${command.table}` : command;
    });
    const [first, second] = ['nlb-a', 'nlb-b'].map((id) => {
      const found = both.interfaces.find((one) => one.id === id) ?? eni;
      return farEnd(both, found).device;
    });
    expect(told).toEqual([
      `table 2000: ${first} via 10.0.1.250`,
      'mark 1: table 2000',
      `table 2001: ${second} via 10.0.1.251`,
      'mark 2: table 2001',
    ]);
    expect(waysBack(both).sets.map(({ elements }) => elements)).toEqual([
      [`"${first}" : 1`, `"${second}" : 2`],
    ]);
  });

  test('nothing where the VPC has no balancer, or its interface no IPv4 address', () => {
    expect(waysBack(mainVpc)).toEqual({ sets: [], chains: [] });
    expect(addWaysBack(inVpc(front('nlb-6', '2001:db8::250')))).toEqual([]);
  });
});
