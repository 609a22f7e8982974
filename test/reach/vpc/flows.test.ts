import fc from 'fast-check';
import { contains, type Ip, ip } from '../../../lib/model/address';
import type { Evidence } from '../../../lib/model/explanation';
import type { FlowEnd, Protocol } from '../../../lib/model/flow';
import { createEngine } from '../../../lib/reach/engine';
import { vpcWorld } from '../../build/production-vpc';
import { VPC_FLOWS } from '../../build/production-vpc-flows';
import { asker, gatesOf, sendingOf } from './ask';

const world = vpcWorld();
const ask = asker(world);

test('the set asks at least sixty questions, each once', () => {
  expect(VPC_FLOWS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(VPC_FLOWS.map(({ id }) => id)).size).toBe(VPC_FLOWS.length);
});

test.each(VPC_FLOWS)('$id: $from to $to, $protocol $port, is $verdict', (flow) => {
  const answer = ask(sendingOf(world, flow));
  const by = gatesOf(answer);
  expect({ verdict: answer.verdict, by }).toEqual({ verdict: flow.verdict, by: flow.by });
});

test.each(VPC_FLOWS)('$id: what is cited is what decides', (flow) => {
  const { there, back } = ask(sendingOf(world, flow));
  const strangers = [...there, ...back].filter((evidence) => !exists(evidence));
  expect(strangers).toEqual([]);
});

test.each(VPC_FLOWS)('$id: the whole engine says so too', (flow) => {
  const engine = createEngine(world, { staged: 'as-written' });
  const { protocol, port } = flow;
  const { verdict } = engine.explain({
    from: endOf(flow.from),
    to: endOf(flow.to),
    protocol,
    port,
  });
  expect(verdict).toBe(flow.verdict);
});

function endOf(text: string): FlowEnd {
  const [kind = '', rest = ''] = text.split(/[:/](.*)/);
  if (text === 'internet') return { kind: 'internet' };
  if (kind === 'node') return { kind: 'node', name: rest };
  if (kind === 'ip') return { kind: 'ip', address: ip(rest) };
  return { kind: 'pod', namespace: kind, name: rest };
}

/** Does the template hold the rule that is cited, and is it an allowance where one is meant? */
function exists({ filter, direction, object, rule }: Evidence): boolean {
  if (rule === null) return true;
  const [vpc] = world.vpcs;
  if (vpc === undefined) return false;
  switch (filter) {
    case 'network-acl': {
      const acl = vpc.networkAcls.find(({ name }) => name === object);
      return acl?.[direction].some((entry) => entry.number === rule) ?? false;
    }
    case 'security-group': {
      const group = vpc.securityGroups.find(({ name }) => name === object);
      return group?.[direction][rule] !== undefined;
    }
    case 'route':
      return vpc.routeTables.some(({ name, routes }) => name === object && rule < routes.length);
    default:
      return false;
  }
}

describe('whoever is let out gets the replies', () => {
  const addresses: readonly Ip[] = [
    ...world.pods.flatMap((pod) => pod.addresses),
    ...world.nodes.flatMap((node) => node.addresses),
    ...world.vpcs.flatMap((vpc) =>
      vpc.interfaces
        .filter(({ owner }) => owner.kind === 'control-plane' || owner.kind === 'vpc-endpoint')
        .flatMap((own) => own.addresses),
    ),
    ip('203.0.113.10'),
    ip('52.216.0.10'),
  ];

  test('the network ACLs of the production VPC are complete', () => {
    const anyone = fc.constantFrom(...addresses);
    const protocol = fc.constantFrom<Protocol>('TCP', 'UDP', 'SCTP', 'ICMP');
    const port = fc.oneof(
      fc.constantFrom(22, 53, 80, 443, 5432, 5443, 8080, 10250, 30080),
      fc.integer({ min: 1, max: 65535 }),
    );
    fc.assert(
      fc.property(anyone, anyone, protocol, port, (source, destination, kind, number) => {
        const { verdict, back } = ask({
          source,
          destination,
          protocol: kind,
          port: kind === 'ICMP' ? undefined : number,
        });
        // A denial on the way back shows as evidence of replies.
        const cut = verdict === 'denied' && back.length > 0;
        expect(cut ? back.map(({ because }) => because) : []).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  test('the property sees traffic that does cross ACLs', () => {
    const crossing = VPC_FLOWS.filter(({ by }) => by.some(({ way }) => way === 'back'));
    expect(crossing.length).toBeGreaterThan(20);
  });
});

test('every address stands in the subnet it is counted to, and belongs to one alone', () => {
  const holders = world.vpcs.flatMap((vpc) =>
    vpc.interfaces.flatMap((own) => {
      const subnet = vpc.subnets.find(({ id }) => id === own.subnet);
      const inside = (address: Ip): boolean =>
        subnet?.cidrs.some((block) => contains(block, address)) ?? false;
      return own.addresses.map((address) => ({ address, inside: inside(address) }));
    }),
  );
  expect(holders.filter(({ inside }) => !inside)).toEqual([]);
  expect(new Set(holders.map(({ address }) => address)).size).toBe(holders.length);
});
