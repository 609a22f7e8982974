import { planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { cidr, ip } from '../../../lib/model/address';
import type { Flow, FlowEnd } from '../../../lib/model/flow';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { node, pod, pods, policy, rule, service, to, world } from '../../build/model';
import { describePackets } from '../kernel';

const dual = world({
  nodes: [node('a', '10.0.0.10', '2001:db8::10'), node('b', '10.0.0.20', '2001:db8::20')],
  pods: [
    pod('s/web', 'a', ['10.0.1.10', '2001:db8:1::10']),
    pod('s/api', 'a', ['10.0.1.11', '2001:db8:1::11']),
    pod('s/db', 'b', ['10.0.2.10', '2001:db8:2::10']),
  ],
  outside: [
    {
      kind: 'outside',
      name: 'internet',
      addresses: [ip('203.0.113.10'), ip('2001:db8:ffff::1')],
      ports: [{ protocol: 'TCP', port: 443 }],
    },
  ],
  services: [
    service('s/db', {
      clusterIps: [ip('172.20.0.5'), ip('fd00:20::5')],
      ports: [
        {
          protocol: 'TCP',
          port: 80,
          backends: [
            { address: ip('10.0.2.10'), port: 80, ready: true, node: 'b' },
            { address: ip('2001:db8:2::10'), port: 80, ready: true, node: 'b' },
          ],
        },
      ],
    }),
  ],
  policies: [
    policy('s/db', {
      subject: pods('s', 'db').selector,
      ingress: [rule({ source: [pods('s', 'web')], traffic: [to('TCP', 'http')] })],
    }),
    policy('s/web', {
      subject: pods('s', 'web').selector,
      egress: [
        rule({ destination: [pods('s', 'db')] }),
        rule({ index: 1, ipVersion: 6, destination: [{ nets: [cidr('2001:db8:ffff::/64')] }] }),
      ],
    }),
  ],
});

const at = (address: string): FlowEnd => ({ kind: 'ip', address: ip(address) });
const tcp = (from: string, target: string, port = 80): Flow => ({
  from: at(from),
  to: at(target),
  protocol: 'TCP',
  port,
});

describePackets('both families, by real packets', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    await sandbox.run(planWorld(dual));
  });
  afterAll(() => sandbox.close());

  test.each`
    from                | target                | port   | outcome          | because
    ${'2001:db8:1::10'} | ${'2001:db8:2::10'}   | ${80}  | ${'connected'}   | ${'a selector holds addresses of both'}
    ${'10.0.1.10'}      | ${'10.0.2.10'}        | ${80}  | ${'connected'}   | ${'and IPv4 beside it'}
    ${'2001:db8:1::11'} | ${'2001:db8:2::10'}   | ${80}  | ${'timed-out'}   | ${'another pod is not selected'}
    ${'2001:db8:1::10'} | ${'2001:db8:1::11'}   | ${80}  | ${'timed-out'}   | ${'egress is isolated in both'}
    ${'2001:db8:1::10'} | ${'2001:db8:ffff::1'} | ${443} | ${'connected'}   | ${'a block of IPv6'}
    ${'10.0.1.10'}      | ${'203.0.113.10'}     | ${443} | ${'timed-out'}   | ${'says nothing of IPv4'}
    ${'2001:db8:1::10'} | ${'fd00:20::5'}       | ${80}  | ${'connected'}   | ${'a Service’s second address'}
    ${'2001:db8::10'}   | ${'2001:db8:1::10'}   | ${80}  | ${'connected'}   | ${'a node reaches its own'}
    ${'2001:db8:1::11'} | ${'2001:db8:9::9'}    | ${80}  | ${'unreachable'} | ${'nobody has it'}
  `('$from to $target: $outcome, $because', async ({ from, target, port, outcome }) => {
    const [seen] = await sandbox.probe([probeOf(dual, tcp(from, target, port))], {
      timeoutMs: 300,
      trace: 'off',
    });
    expect(seen?.outcome).toBe(outcome);
  });
});
