import { planStage, planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import type { Datapath } from '../../../lib/model/datapath';
import type { Flow, FlowEnd } from '../../../lib/model/flow';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { pod, pods, policy, rule, shop, to } from '../../build/model';
import { describePackets } from '../kernel';

const open = { ...shop, policies: [] };
const closed = {
  ...shop,
  policies: [
    ...shop.policies,
    policy('shop/web-out', {
      subject: pods('shop', 'web').selector,
      egress: [rule({ destination: [pods('shop', 'api')], traffic: [to('TCP', 80)] })],
    }),
  ],
};
const scaled = {
  ...closed,
  pods: [
    ...closed.pods.filter(({ name }) => name !== 'stranger'),
    pod('shop/api-2', 'b', '10.0.2.12'),
  ],
};

const endOf = (text: string): FlowEnd => {
  if (text === 'internet') return { kind: 'internet' };
  if (text.startsWith('node:')) return { kind: 'node', name: text.slice(5) };
  if (text.startsWith('svc:')) return { kind: 'service', namespace: 'shop', name: text.slice(4) };
  const [namespace = '', name = ''] = text.split('/');
  return { kind: 'pod', namespace, name };
};

const flowOf = (text: string): Flow => {
  const [from = '', to_ = '', port = ''] = text.split(' ');
  return { from: endOf(from), to: endOf(to_), protocol: 'TCP', port: Number(port) };
};

const rows = {
  'shop/web shop/api 80': ['connected', 'timed-out'],
  'shop/web shop/db 5432': ['connected', 'timed-out'],
  'shop/api shop/db 5432': ['connected', 'connected'],
  'shop/api svc:db 5432': ['connected', 'connected'],
  'shop/db shop/web 80': ['connected', 'timed-out'],
  'node:a shop/web 80': ['connected', 'connected'],
  'node:a other/stranger 80': ['connected', 'connected'],
  'node:b node:a 22': ['refused', 'refused'],
  'shop/api internet 443': ['connected', 'connected'],
  'shop/web internet 443': ['connected', 'timed-out'],
  'internet other/stranger 80': ['connected', 'connected'],
} as const;

describePackets('data paths, by real packets', () => {
  test.each<Datapath>(['vpc-cni', 'calico-vxlan', 'flannel-vxlan', 'host-gw'])(
    '%s carries, and polices, the same',
    async (datapath) => {
      const sandbox = await openSandbox({ mode: 'tied' });
      const observe = async (world: typeof shop, flows: readonly string[]) =>
        (
          await sandbox.probe(
            flows.map((flow) => probeOf(world, flowOf(flow))),
            { timeoutMs: 300, trace: 'off' },
          )
        ).map(({ outcome }) => outcome);
      try {
        await sandbox.run(planWorld(open, { datapath }));
        const before = await observe(open, Object.keys(rows));
        expect(before).toEqual(Object.values(rows).map(([first]) => first));
        await sandbox.run(planStage(open, closed, { datapath }));
        const after = await observe(closed, Object.keys(rows));
        expect(after).toEqual(Object.values(rows).map(([, second]) => second));
        await sandbox.run(planStage(closed, scaled, { datapath }));
        expect(await observe(scaled, ['shop/db shop/api-2 80', 'node:a shop/api-2 80'])).toEqual([
          'timed-out',
          'timed-out',
        ]);
      } finally {
        await sandbox.close();
      }
    },
  );

  test('through a tunnel the node’s own addresses are outside, in VXLAN', async () => {
    const sandbox = await openSandbox({ mode: 'tied' });
    try {
      await sandbox.run(planWorld(open, { datapath: 'calico-vxlan' }));
      const counted = async () => {
        const { stdout } = await sandbox.exec('node/b', ['cat', '/proc/net/dev']);
        return Number(/vxlan\.calico:\s+\d+\s+(\d+)/.exec(stdout)?.[1]);
      };
      const before = await counted();
      await sandbox.probe([probeOf(open, flowOf('shop/web shop/db 5432'))], {
        timeoutMs: 300,
        trace: 'off',
      });
      expect((await counted()) - before).toBeGreaterThan(1);
    } finally {
      await sandbox.close();
    }
  });

  test('a host endpoint that denies everything lets tunnels through', async () => {
    const sandbox = await openSandbox({ mode: 'tied' });
    const guarded = {
      ...open,
      hostEndpoints: open.nodes.map(({ name }) => ({
        name,
        node: name,
        interfaceName: '*',
        labels: {},
        expectedIps: [],
        defaultAllow: false,
      })),
    };
    try {
      await sandbox.run(planWorld(guarded, { datapath: 'calico-vxlan' }));
      const flows = ['shop/web shop/db 5432', 'node:a node:b 22', 'node:a node:b 80'];
      const observed = await sandbox.probe(
        flows.map((flow) => probeOf(guarded, flowOf(flow))),
        { timeoutMs: 300, trace: 'off' },
      );
      expect(observed.map(({ outcome }) => outcome)).toEqual([
        'connected',
        'timed-out',
        'timed-out',
      ]);
    } finally {
      await sandbox.close();
    }
  });
});
