import type { Command, Plan } from '../../lib/dataplane/commands/command';
import { netnsOf } from '../../lib/dataplane/commands/names';
import { formatInvocation, toInvocation } from '../../lib/dataplane/commands/render';
import { planPod, planStage, planWorld } from '../../lib/dataplane/plan';
import { ip } from '../../lib/model/address';
import { node, pod, pods, policy, rule, service, shop, to, world } from '../build/model';
import { vpcWorld } from '../build/peered-vpcs';

const text = (plan: Plan): string =>
  plan
    .map(toInvocation)
    .flatMap((one) => [formatInvocation(one), one.stdin?.replace(/^(?=.)/gm, '    ') ?? []].flat())
    .join('\n');

const ofKind = <K extends Command['kind']>(plan: Plan, kind: K) =>
  plan.filter((c): c is Command & { readonly kind: K } => c.kind === kind);

const rulesets = (plan: Plan): string =>
  ofKind(plan, 'load-ruleset')
    .map(({ ruleset }) => ruleset)
    .join('');

test('the shop, as a person would type it', () => {
  const plan = text(planWorld(shop));
  expect(plan).toContain('meta l4proto tcp ip daddr . meta l4proto . th dport @sockets4');
  expect(plan).toContain('accept comment "network-policy ingress shop/db-from-api rule 0"');
  expect(plan).toContain('drop comment "network-policy ingress shop/default-deny default"');
  expect(plan).toMatchSnapshot();
});

test('the same world is the same plan, whatever the order of its policies', () => {
  const reversed = { ...shop, policies: [...shop.policies].reverse() };
  expect(planWorld(reversed)).toEqual(planWorld(shop));
});

describe('a plan for many', () => {
  const many = world({
    nodes: [node('a', '10.0.0.10'), node('b', '10.0.0.20')],
    pods: Array.from({ length: 400 }, (_, i) =>
      pod(`ns-${i % 7}/pod-${i}`, i % 2 ? 'a' : 'b', `10.1.${i >> 8}.${i & 255}`),
    ),
    policies: Array.from({ length: 700 }, (_, i) =>
      policy(`ns-${i % 7}/policy-${i}`, {
        subject: pods(`ns-${i % 7}`, `pod-${i % 400}`).selector,
        ingress: [rule({ source: [pods(`ns-${i % 5}`)], traffic: [to('TCP', 80 + (i % 3))] })],
      }),
    ),
  });
  const plan = planWorld(many);

  test.each<readonly [string, Plan]>([
    ['many pods', plan],
    ['a VPC', planWorld(vpcWorld)],
    ['Calico over VXLAN', planWorld(many, { datapath: 'calico-vxlan' })],
    ['flannel over VXLAN', planWorld(many, { datapath: 'flannel-vxlan' })],
    ['host gateways', planWorld(many, { datapath: 'host-gw' })],
  ])(
    '%s: makes every namespace and device before it is used, under names the kernel takes',
    (_, all) => {
      const made = new Set<string>();
      const devices = new Set<string>();
      for (const command of all) {
        if (command.kind === 'add-netns') made.add(command.netns);
        const used = command.kind === 'add-veth' ? [command.a.netns, command.b.netns] : [];
        const named = 'netns' in command ? [command.netns] : used;
        expect(named.filter((netns) => !made.has(netns))).toEqual([]);
        for (const end of command.kind === 'add-veth' ? [command.a, command.b] : []) {
          expect(end.device.length).toBeLessThanOrEqual(15);
          expect(devices.has(`${end.netns} ${end.device}`)).toBe(false);
          devices.add(`${end.netns} ${end.device}`);
        }
      }
      const macs = ofKind(all, 'add-veth').flatMap(({ a, b }) => [a.mac, b.mac]);
      expect(new Set(macs).size).toBe(macs.length);
    },
  );

  test('loads rules in transactions that a plain user may send', () => {
    const loads = ofKind(plan, 'load-ruleset').map(({ ruleset }) => ruleset.split('\n').length);
    expect(loads.length).toBeGreaterThan(4);
    expect(Math.max(...loads)).toBeLessThan(700);
  });

  test('no rule is reached before everything it needs is there', () => {
    for (const node of ['node/a', 'node/b']) {
      const loads = ofKind(plan, 'load-ruleset').filter(({ netns }) => netns === node);
      const hooked = loads.filter(({ ruleset }) => ruleset.includes(' hook '));
      expect(hooked).toHaveLength(2);
      expect(loads.at(-1)).toBe(hooked.at(-1));
    }
  });
});

describe('a stage', () => {
  const closed = {
    ...shop,
    policies: [
      ...shop.policies,
      policy('other/shut', { subject: pods('other').selector, ingress: [] }),
    ],
  };

  test('switches only the nodes whose rules change, in one transaction, and forgets connections', () => {
    const plan = planStage(shop, closed);
    const loads = ofKind(plan, 'load-ruleset');
    expect(new Set(loads.map(({ netns }) => netns))).toEqual(new Set(['node/b']));
    expect(loads.filter(({ ruleset }) => ruleset.includes('delete table'))).toEqual([loads.at(-1)]);
    expect(ofKind(plan, 'flush-conntrack').map(({ netns }) => netns)).toEqual([
      'node/a',
      'node/b',
      'router',
    ]);
    expect(ofKind(plan, 'add-netns')).toEqual([]);
  });

  test('there and back again deletes what it made', () => {
    const [there] = ofKind(planStage(shop, closed), 'load-ruleset').slice(-1);
    const [back] = ofKind(planStage(closed, shop), 'load-ruleset').slice(0, 1);
    const deleted = /delete table inet (\S+)/.exec(there?.ruleset ?? '')?.[1];
    expect(back?.ruleset).toContain(`add table inet ${deleted}\n`);
  });

  test('nothing changed is nothing to do but to forget', () => {
    expect(planStage(shop, shop).map(({ kind }) => kind)).toEqual([
      'flush-conntrack',
      'flush-conntrack',
      'flush-conntrack',
    ]);
  });

  test('a pod that went takes its route along, one that came gets everything', () => {
    const scaled = {
      ...shop,
      pods: [...shop.pods.slice(1), pod('shop/web-2', 'b', '10.0.2.12')],
    };
    const plan = planStage(shop, scaled);
    expect(ofKind(plan, 'remove-netns')).toEqual([{ kind: 'remove-netns', netns: 'pod/shop/web' }]);
    expect(ofKind(plan, 'remove-route').map(({ to }) => to.address)).toEqual(['10.0.1.10']);
    expect(ofKind(plan, 'add-netns').map(({ netns }) => netns)).toEqual(['pod/shop/web-2']);
    expect(ofKind(plan, 'listen').map(({ netns }) => netns)).toEqual(['pod/shop/web-2']);
  });

  test('a pod that moved to another address listens there as it did before', () => {
    const [first, ...others] = shop.pods;
    if (first === undefined) throw new Error('the shop has pods');
    const moved = { ...shop, pods: [{ ...first, addresses: [ip('10.0.1.99')] }, ...others] };
    expect(ofKind(planStage(shop, moved), 'listen').map(({ netns }) => netns)).toEqual([
      `pod/${first.namespace}/${first.name}`,
    ]);
  });

  test('where the ground differs, everything is built anew', () => {
    const moved = { ...shop, nodes: [...shop.nodes, node('c', '10.0.0.30')] };
    const plan = planStage(shop, moved);
    expect(ofKind(plan, 'remove-netns')).toHaveLength(8);
    expect(plan.slice(8)).toEqual(planWorld(moved));
  });
});

test('an address that a flow names is a host outside, unless somebody has it', () => {
  const extraAddresses = ['198.51.100.7', '10.0.1.10', '10.0.0.10', '203.0.113.10', '172.20.0.5'];
  const plan = planWorld(shop, { extraAddresses: extraAddresses.map(ip) });
  const outside = ofKind(plan, 'add-netns').filter(({ netns }) => netns.startsWith('outside/'));
  expect(outside.map(({ netns }) => netns)).toEqual(['outside/internet', 'outside/198.51.100.7']);
});

test('a host outside does not listen at an address within a VPC that no machine has', () => {
  const ports = [{ protocol: 'TCP', port: 443 }] as const;
  const ghost = { kind: 'outside', name: 'ghost', addresses: [ip('10.0.1.99')], ports } as const;
  const plan = planWorld({ ...vpcWorld, outside: [...vpcWorld.outside, ghost] });
  const listening = ofKind(plan, 'listen').map(({ netns }) => netns);
  expect(listening.filter((netns) => netns.startsWith('outside/'))).toEqual([
    'outside/internet',
    'outside/s3.example',
  ]);
});

// Felix: VXLANVNI 4096 and VXLANPort 4789 (RFC 7348); flannel: the kernel's 8472 and VNI 1.
test.each([
  ['calico-vxlan', ['vxlan.calico 4096 4789', 'vxlan.calico 4096 4789']],
  ['flannel-vxlan', ['flannel.1 1 8472', 'flannel.1 1 8472']],
  ['host-gw', []],
  ['vpc-cni', []],
] as const)('%s: tunnels are the plugin’s own, one a node', (datapath, tunnels) => {
  const plan = planWorld(shop, { datapath });
  expect(
    ofKind(plan, 'add-vxlan').map(({ device, vni, port }) => `${device} ${vni} ${port}`),
  ).toEqual(tunnels);
  const neighbours = ofKind(plan, 'set-master').filter(({ netns }) => netns === 'router');
  expect(neighbours).toHaveLength(datapath === 'host-gw' ? shop.nodes.length : 0);
});

test('a pod on the host network has no namespace; it listens in its node', () => {
  const agent = pod('kube-system/agent', 'a', '10.0.0.10', {
    hostNetwork: true,
    labels: {},
    ports: [{ protocol: 'TCP', port: 9100 }],
  });
  const plan = planWorld({ ...shop, pods: [...shop.pods, agent] });
  expect(ofKind(plan, 'listen').find(({ netns }) => netns === 'node/a')).toEqual({
    kind: 'listen',
    netns: 'node/a',
    listeners: [{ protocol: 'TCP', port: 9100, banner: 'kube-system/agent' }],
  });
  expect(ofKind(plan, 'add-netns').map(({ netns }) => netns)).not.toContain(
    'pod/kube-system/agent',
  );
});

test('both families where the world has both', () => {
  const dual = world({
    nodes: [node('a', '10.0.0.10', '2001:db8::10')],
    pods: [pod('s/web', 'a', ['10.0.1.10', '2001:db8:1::10'])],
    services: [
      service('s/web', {
        clusterIps: [ip('172.20.0.5'), ip('fd00::5')],
        ports: [
          {
            protocol: 'TCP',
            port: 80,
            backends: [{ address: ip('2001:db8:1::10'), port: 8080, ready: true }],
          },
        ],
      }),
    ],
    policies: [policy('s/own', { ingress: [rule({ source: [pods('s')] })] })],
  });
  const rules = rulesets(planWorld(dual));
  expect(rules).toContain('ip saddr 10.0.1.10 accept');
  expect(rules).toContain('ip6 saddr 2001:db8:1::10 accept');
  expect(rules).toContain('dnat ip6 to [2001:db8:1::10]:8080');
  expect(rules).toContain('ip daddr @cluster-ips4 reject');
});

describe('one pod’s place', () => {
  const datapaths = ['vpc-cni', 'calico-vxlan', 'flannel-vxlan', 'host-gw'] as const;
  const cases = [
    ...datapaths.map((datapath) => ({ name: datapath, of: shop, datapath })),
    { name: 'in a VPC', of: vpcWorld, datapath: 'vpc-cni' as const },
  ];
  test.each(cases)('$name: made by the commands that make it in the whole', ({ of, datapath }) => {
    const whole = planWorld(of, { datapath }).map((command) => JSON.stringify(command));
    for (const one of of.pods.filter(({ hostNetwork }) => !hostNetwork)) {
      const { remove, add } = planPod(of, one, { datapath });
      const netns = netnsOf(one);
      const made = add.map((command) => JSON.stringify(command));
      expect(whole).toEqual(expect.arrayContaining(made));
      const own = whole.filter((text) => JSON.parse(text).netns === netns);
      expect(made).toEqual(expect.arrayContaining(own));
      expect(remove).toContainEqual({ kind: 'remove-netns', netns });
      expect(ofKind(add, 'load-ruleset')).toEqual([]);
      // A rule for its packets outlives its cable: what is not taken away cannot be made again.
      const rules = ofKind(add, 'add-rule').map((rule) => ({ ...rule, kind: 'remove-rule' }));
      expect(remove).toEqual(expect.arrayContaining(rules));
      const byBridge = ofKind(add, 'add-route').filter(
        ({ hop }) => 'device' in hop && hop.device === 'cni0',
      );
      expect(byBridge.length > 0).toBe(datapath === 'flannel-vxlan');
      expect(remove).toEqual(
        expect.arrayContaining(byBridge.map((route) => ({ ...route, kind: 'remove-route' }))),
      );
    }
  });
});
