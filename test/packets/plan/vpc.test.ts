import { planStage, planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { ip } from '../../../lib/model/address';
import type { Flow, FlowEnd } from '../../../lib/model/flow';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { vpcWorld } from '../../build/peered-vpcs';
import { describePackets } from '../kernel';

const endOf = (text: string): FlowEnd => {
  if (text === 'internet') return { kind: 'internet' };
  const [kind, name = ''] = text.split(':');
  if (kind === 'ip') return { kind: 'ip', address: ip(name) };
  return kind === 'node' ? { kind: 'node', name } : { kind: 'pod', namespace: 'lab', name: text };
};

/** `from to protocol/port`. */
const flowOf = (text: string): Flow => {
  const [from = '', to = '', traffic = ''] = text.split(' ');
  const [protocol = 'TCP', port] = traffic.split('/');
  return {
    from: endOf(from),
    to: endOf(to),
    protocol: protocol as Flow['protocol'],
    port: port === undefined ? undefined : Number(port),
  };
};

/** A flow, what is seen, and why AWS would do so. */
const rows: readonly (readonly [flow: string, outcome: string, because: string])[] = [
  ['a1 a2 TCP/80', 'connected', 'same node: it never leaves it, second interface or not'],
  ['a2 a1 TCP/80', 'connected', 'and back'],
  ['a1 c1 TCP/80', 'connected', 'same subnet: no ACL; the group admits its own members'],
  ['a1 c1 TCP/9', 'refused', 'every port of the group'],
  ['a1 b1 TCP/80', 'connected', "other subnet: b's ACL lets 80 in, and the replies out"],
  ['a1 b1 TCP/8080', 'timed-out', 'rule 90 comes before rule 100'],
  ['a1 b1 TCP/22', 'timed-out', 'no rule of the ACL'],
  ['b1 a1 TCP/80', 'connected', 'replies come to an ephemeral port that rule 110 opens'],
  ['b1 a2 TCP/80', 'connected', 'an address of a prefix is its interface’s'],
  ['a1 b1 ICMP', 'connected', 'echo in by 120, reply out by 110'],
  ['b1 a1 ICMP', 'timed-out', 'the ACL judges an echo request out on its own'],
  ['b1 a1 UDP/53', 'timed-out', 'UDP may come in, and nothing out'],
  ['i1 a1 TCP/80', 'connected', 'the local route is in every table'],
  ['a1 p1 TCP/80', 'connected', 'the group web admits anybody at 80'],
  ['a1 p1 TCP/8080', 'timed-out', 'and nobody elsewhere'],
  ['p1 a1 TCP/80', 'timed-out', 'web is no member of nodes'],
  ['client db TCP/5432', 'connected', 'same node, strict: the groups of both are asked'],
  ['client db TCP/80', 'timed-out', 'the client may only go to 5432'],
  ['a1 db TCP/5432', 'timed-out', 'the node’s group is not the client’s, even on the same node'],
  ['client a1 TCP/80', 'timed-out', 'the client’s outbound rules hold on its own node too'],
  ['db a1 TCP/80', 'timed-out', 'the node’s group admits only its own'],
  ['b1 db TCP/5432', 'timed-out', 'not a client'],
  ['a1 internet TCP/443', 'connected', 'through the NAT gateway of a public subnet'],
  ['a2 internet TCP/443', 'connected', 'from a second interface as the node'],
  [
    'b1 internet TCP/443',
    'timed-out',
    'replies come from outside the VPC: rule 110 is not for them',
  ],
  ['p1 internet TCP/443', 'connected', 'as the node, which has a public address'],
  ['i1 internet TCP/443', 'unreachable', 'no route'],
  ['client internet TCP/5432', 'refused', 'a strict pod keeps its address up to the NAT gateway'],
  ['node:a internet TCP/443', 'connected', 'the node itself'],
  [
    'internet ip:198.51.100.80 TCP/80',
    'refused',
    'the public address is the node’s; it has no listener',
  ],
  ['internet ip:198.51.100.80 TCP/22', 'timed-out', 'its group'],
  ['internet ip:198.51.100.99 TCP/80', 'timed-out', 'a NAT gateway takes nothing in'],
  [
    'internet a1 TCP/80',
    'unreachable',
    'nobody on the internet knows the way to a private address',
  ],
  ['a1 ip:198.51.100.10 TCP/443', 'connected', 'the gateway endpoint, by prefix list'],
  ['i1 ip:198.51.100.10 TCP/443', 'unreachable', 'its table has no such route'],
  ['a1 ip:192.0.2.1 TCP/443', 'unreachable', 'a blackhole'],
  ['a1 ip:10.0.1.99 TCP/80', 'unreachable', 'nobody has that address'],
  ['a1 ip:10.0.1.200 TCP/443', 'connected', 'the interface endpoint admits its own subnet'],
  ['b1 ip:10.0.1.200 TCP/443', 'timed-out', 'and no other'],
  ['a1 o1 TCP/80', 'connected', 'the peering; both tables say so'],
  ['o1 a1 TCP/80', 'timed-out', 'the group of a does not know the other VPC'],
  ['o1 a1 ICMP', 'connected', 'except for echo'],
  ['i1 o1 TCP/80', 'unreachable', 'a table without the peering'],
  ['o1 internet TCP/443', 'unreachable', 'nothing leads through a peering'],
  ['a1 ip:169.254.169.254 TCP/80', 'connected', 'the metadata'],
  ['b1 ip:169.254.169.254 TCP/80', 'connected', 'which no ACL filters'],
  ['client ip:169.254.169.254 TCP/80', 'connected', 'nor a group'],
  ['b1 ip:10.0.0.2 TCP/80', 'connected', 'nor the resolver’s address'],
];

describePackets('a VPC around the nodes, by real packets', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    await sandbox.run(planWorld(vpcWorld));
  });
  afterAll(() => sandbox.close());

  const observe = async (flows: readonly string[], world = vpcWorld) => {
    const probes = flows.map((flow) => probeOf(world, flowOf(flow)));
    const observed = await sandbox.probe(probes, { timeoutMs: 300, trace: 'off' });
    return flows.map((flow, i) => `${flow}: ${observed[i]?.outcome}`);
  };

  test('routes, groups and ACLs answer as on AWS', async () => {
    const seen = await observe(rows.map(([flow]) => flow));
    const expected = rows.map(([flow, outcome]) => `${flow}: ${outcome}`);
    const because = rows.flatMap(([, , reason], i) => (seen[i] === expected[i] ? [] : [reason]));
    expect({ seen, because }).toEqual({ seen: expected, because: [] });
  });

  test('nobody is told "unreachable" only a few times: the kernel rations its own word, not ours', async () => {
    const asked = Array.from({ length: 20 }, () => 'i1 internet TCP/443');
    expect(await observe(asked)).toEqual(asked.map((flow) => `${flow}: unreachable`));
  });

  test('an ACL that forgets the clients’ ports is switched in without a new cable, and drops replies', async () => {
    const forgetful = {
      ...vpcWorld,
      vpcs: vpcWorld.vpcs.map((vpc) => ({
        ...vpc,
        networkAcls: vpc.networkAcls.map((acl) =>
          acl.id === 'b' ? { ...acl, ingress: acl.ingress.filter((e) => e.number !== 110) } : acl,
        ),
      })),
    };
    const plan = planStage(vpcWorld, forgetful);
    expect(new Set(plan.map(({ kind }) => kind))).toEqual(
      new Set(['load-ruleset', 'flush-conntrack']),
    );
    await sandbox.run(plan);
    const flows = ['b1 a1 TCP/80', 'a1 b1 TCP/80'];
    expect(await observe(flows, forgetful)).toEqual([
      'b1 a1 TCP/80: timed-out',
      'a1 b1 TCP/80: connected',
    ]);
    await sandbox.run(planStage(forgetful, vpcWorld));
    expect(await observe(flows)).toEqual(['b1 a1 TCP/80: connected', 'a1 b1 TCP/80: connected']);
  });
});
