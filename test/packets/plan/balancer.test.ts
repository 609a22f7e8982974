import { planStage, planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { cidr } from '../../../lib/model/address';
import type { Flow, FlowEnd } from '../../../lib/model/flow';
import { type Outcome, verdictOf } from '../../../lib/model/observation';
import type { AclEntry, NetworkAcl, SecurityGroupRule } from '../../../lib/model/vpc';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { readWorld } from '../../../lib/read/world';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { admit, balancedService as service } from '../../build/balanced';
import { labTemplates } from '../../lab-templates';
import { describePackets } from '../kernel';

const templates = labTemplates({ lab: 'aws-4-load-balancers', size: 'production' });
type Told = Readonly<Record<string, string>>;

const pod = (name: string, node: string, labels: Told = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels },
  spec: {
    nodeName: node,
    containers: [{ name: 'main', image: 'none', ports: PORTS }],
  },
});

const PORTS = [{ containerPort: 8080 }, { containerPort: 5353, protocol: 'UDP' }];

const IP = { 'nlb-target-type': 'ip' };
const PUBLIC = { scheme: 'internet-facing' };
const KEPT = { 'target-group-attributes': 'preserve_client_ip.enabled=true' };
const HIDDEN = { 'target-group-attributes': 'preserve_client_ip.enabled=false' };
const LOCAL = { externalTrafficPolicy: 'Local' };
const UDP = { ports: [{ port: 53, targetPort: 5353, protocol: 'UDP' }] };

const OBJECTS: readonly object[] = [
  pod('web', 'node-a', { app: 'web' }),
  pod('client', 'node-b'),
  pod('near', 'node-a'),
  service('ip-hidden', { ...IP, ...PUBLIC }),
  service('ip-kept', { ...IP, ...PUBLIC, ...KEPT }),
  service('node-hidden', { ...PUBLIC, ...HIDDEN }, LOCAL),
  service('node-kept', PUBLIC, LOCAL),
  service('node-spread', { ...PUBLIC, ...HIDDEN }),
  service('inner-hidden', IP),
  service('inner-kept', { ...IP, ...KEPT }),
  service('inner-node', {}, LOCAL),
  service('ranged', { ...IP, ...PUBLIC }, { loadBalancerSourceRanges: ['192.0.2.0/24'] }),
  service('empty', { ...IP, ...PUBLIC }, { selector: { app: 'nobody' } }),
  service('closed', { ...IP, ...PUBLIC }, { ports: [{ port: 80, targetPort: 9090 }] }),
  service('names', { ...IP, ...PUBLIC }, UDP),
  service('inner-names', IP, UDP),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'door',
      namespace: 'shop',
      annotations: { 'alb.ingress.kubernetes.io/scheme': 'internet-facing' },
    },
    spec: {
      ingressClassName: 'alb',
      defaultBackend: { service: { name: 'node-spread', port: { number: 80 } } },
    },
  },
];

function worldWith(...policies: readonly object[]): World {
  const text = [...OBJECTS, ...policies].map((m) => JSON.stringify(m)).join('\n---\n');
  const reading = readWorld({ manifests: [{ path: 'balancers.yaml', text }], templates });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

/** The world with one line more, before all others, in an ACL. */
function withLine(world: World, line: { acl: string; direction: 'ingress' | 'egress' } & Line) {
  const { acl: name, direction, ...entry } = line;
  const first: AclEntry = { number: 1, action: 'deny', protocol: 6, ...entry };
  const changed = (acl: NetworkAcl): NetworkAcl =>
    acl.name === name ? { ...acl, [direction]: [first, ...acl[direction]] } : acl;
  const vpcs = world.vpcs.map((vpc) => ({ ...vpc, networkAcls: vpc.networkAcls.map(changed) }));
  if (JSON.stringify(vpcs) === JSON.stringify(world.vpcs)) throw new Error(`no ACL ${name}`);
  return { ...world, vpcs };
}

/** No group and no ACL refuses anything. */
const withoutFilters = (world: World): World => {
  const everywhere = { protocol: 'any', cidr: cidr('0.0.0.0/0'), ports: 'any' } as const;
  const line: AclEntry = { number: 1, action: 'allow', ...everywhere };
  const rule: SecurityGroupRule = {
    protocol: 'any',
    ports: 'any',
    peer: { kind: 'cidr', cidr: everywhere.cidr },
  };
  const vpcs = world.vpcs.map((vpc) => ({
    ...vpc,
    networkAcls: vpc.networkAcls.map((acl) => ({ ...acl, ingress: [line], egress: [line] })),
    securityGroups: vpc.securityGroups.map((group) => ({
      ...group,
      ingress: [rule],
      egress: [rule],
    })),
  }));
  return { ...world, vpcs };
};

type Line = Pick<AclEntry, 'cidr' | 'ports'>;

/** `from service`: outside by its name, from inside at the balancer's own address. */
function flowOf(world: World, text: string): Flow {
  const [from = '', name = '', port = '80'] = text.split(' ');
  const protocol = port === '53' ? 'UDP' : 'TCP';
  const rest = { protocol, port: Number(port) } as const;
  const source = callerOf(from);
  if (from === 'internet' && name !== 'door') {
    return { from: source, to: { kind: 'service', namespace: 'shop', name }, ...rest };
  }
  const balancer =
    world.services.find((one) => one.name === name)?.loadBalancer ??
    world.http?.proxies.find(({ id }) => id.endsWith(`/${name}`))?.balancer;
  const [address] = balancer?.addresses ?? [];
  if (address === undefined) throw new Error(`${name} stands nowhere`);
  return { from: source, to: { kind: 'ip', address }, ...rest };
}

function callerOf(text: string): FlowEnd {
  if (text === 'internet') return { kind: 'internet' };
  const [kind = '', name] = text.split(':');
  return name === undefined
    ? { kind: 'pod', namespace: 'shop', name: kind }
    : { kind: 'node', name };
}

/** A call, what is seen, and why AWS would do so. */
const rows: readonly (readonly [call: string, outcome: Outcome, because: string])[] = [
  ['internet ip-hidden', 'connected', 'the pod is a target; the balancer opens its own connection'],
  ['internet ip-kept', 'connected', 'the pod answers to its client, and through the balancer'],
  ['internet node-hidden', 'connected', 'a node port, and the balancer as its client'],
  ['internet node-kept', 'connected', 'a node port, and the client as its client'],
  ['internet node-spread', 'connected', 'any node takes it'],
  ['client inner-hidden', 'connected', 'internal, from inside'],
  [
    'client inner-kept',
    'connected',
    'the client is next door, yet answers take the balancer’s way',
  ],
  ['client inner-node', 'connected', 'the same by a node port'],
  ['near inner-kept', 'timed-out', 'the answer would stay on the node: no hairpin'],
  ['near inner-node', 'timed-out', 'the same by a node port'],
  ['web inner-kept', 'timed-out', 'nor does a target reach itself'],
  ['near inner-hidden', 'connected', 'so does a client on the target’s own node'],
  ['web inner-hidden', 'connected', 'and the target itself'],
  ['client ip-hidden', 'connected', 'out by the NAT gateway, and in by the internet gateway'],
  ['client ip-kept', 'connected', 'the pod sees the NAT gateway’s public address'],
  ['internet inner-hidden', 'unreachable', 'internal: no public address'],
  ['internet ranged', 'timed-out', 'its own group admits other clients'],
  ['internet ip-hidden 443', 'timed-out', 'the group admits to the listener, and to nothing else'],
  ['internet inner-hidden 443', 'unreachable', 'and no address is no address'],
  ['internet empty', 'unreachable', 'nobody stands behind it'],
  ['internet closed', 'refused', 'the target refuses, and the client is told'],
  ['internet names 53', 'timed-out', 'no line of the ACLs is for UDP'],
  ['client inner-names 53', 'timed-out', 'the nodes’ group lets no UDP out'],
  ['internet door', 'connected', 'an application load balancer answers itself'],
  ['internet door 443', 'timed-out', 'where it listens, and nowhere else'],
];

/** Whom the pod sees: of three policies that each admit a block, those that let the call in. */
const seenAs: readonly (readonly [call: string, admitted: readonly string[]])[] = [
  ['internet ip-hidden', ['the balancer’s subnets']],
  ['internet ip-kept', ['the internet']],
  ['internet node-hidden', ['the balancer’s subnets']],
  ['internet node-kept', ['the internet']],
  ['client inner-hidden', ['the nodes’ subnets']],
  ['client inner-kept', ['the nodes’ subnets']],
  ['client ip-hidden', ['the balancer’s subnets']],
  ['client ip-kept', ['the NAT gateway']],
  ['node:node-b ip-kept', ['the NAT gateway']],
];

const BLOCKS: Told = {
  'the balancer’s subnets': '10.0.128.0/18',
  'the nodes’ subnets': '10.0.0.0/17',
  'the internet': '203.0.113.0/24',
  'the NAT gateway': '198.51.100.0/24',
};

/** A line in an ACL, and who suffers: `ip-hidden` and `ip-kept`, called from the internet. */
const lines: readonly (readonly [because: string, Parameters<typeof withLine>[1], Outcome[]])[] = [
  [
    'the public subnets shut clients out',
    { acl: 'Acl-public', direction: 'ingress', cidr: cidr('203.0.113.0/24'), ports: at(80) },
    ['timed-out', 'timed-out'],
  ],
  [
    'the public subnets do not let the answer go to the client',
    { acl: 'Acl-public', direction: 'egress', cidr: cidr('203.0.113.0/24'), ports: 'any' },
    ['timed-out', 'timed-out'],
  ],
  [
    'the public subnets let nothing go to the pods',
    { acl: 'Acl-public', direction: 'egress', cidr: cidr('10.0.0.0/16'), ports: at(8080) },
    ['timed-out', 'timed-out'],
  ],
  [
    'the nodes’ subnets shut the balancer out, who is not the client',
    { acl: 'Acl-nodes', direction: 'ingress', cidr: cidr('10.0.128.0/18'), ports: at(8080) },
    ['timed-out', 'connected'],
  ],
  [
    'the nodes’ subnets shut clients out, who arrive where they are kept',
    { acl: 'Acl-nodes', direction: 'ingress', cidr: cidr('203.0.113.0/24'), ports: at(8080) },
    ['connected', 'timed-out'],
  ],
  [
    'the nodes’ subnets let nothing go to clients, whom a kept client’s answer names',
    { acl: 'Acl-nodes', direction: 'egress', cidr: cidr('203.0.113.0/24'), ports: 'any' },
    ['connected', 'timed-out'],
  ],
];

function at(port: number) {
  return { first: port, last: port };
}

describePackets('load balancers in a VPC, by real packets', () => {
  const open = worldWith();
  let sandbox: Sandbox;
  let now = open;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    await sandbox.run(planWorld(open));
  }, 60_000);
  afterAll(() => sandbox.close());

  /** Brings a world about and calls; the engine must have said the same. */
  const observe = async (world: World, calls: readonly string[]) => {
    await sandbox.run(planStage(now, world));
    now = world;
    const flows = calls.map((call) => flowOf(world, call));
    const engine = createEngine(world, { staged: 'as-written' });
    const probes = flows.map((flow) => probeOf(world, flow));
    const seen = await sandbox.probe(probes, { timeoutMs: 400, trace: 'off' });
    return flows.map((flow, i) => {
      const outcome = seen[i]?.outcome ?? 'unsupported';
      const { verdict } = engine.explain(flow);
      return { outcome, engine: verdict === verdictOf(outcome) ? 'agrees' : verdict };
    });
  };

  test('who comes through, and the engine says so', async () => {
    const seen = await observe(
      open,
      rows.map(([call]) => call),
    );
    const told = rows.map(([call, , because], i) => ({ call, ...seen[i], because }));
    expect(told).toEqual(
      rows.map(([call, outcome, because]) => ({ call, outcome, engine: 'agrees', because })),
    );
  });

  test('the listener that answers is the pod, or the balancer where it speaks HTTP', async () => {
    await observe(open, []);
    const calls = ['internet ip-kept', 'internet node-hidden', 'internet door'];
    const probes = calls.map((call) => probeOf(open, flowOf(open, call)));
    const seen = await sandbox.probe(probes, { timeoutMs: 400, trace: 'off' });
    expect(seen.map(({ answer }) => answer)).toEqual(['shop/web', 'shop/web', 'load-balancer']);
  });

  test('whom the pod sees decides which policy admits it', async () => {
    const admitted = new Map<string, string[]>(seenAs.map(([call]) => [call, []]));
    for (const [who, block] of Object.entries(BLOCKS)) {
      const world = worldWith(admit(block));
      const calls = seenAs.map(([call]) => call);
      const seen = await observe(world, calls);
      expect(seen.map(({ engine }) => engine)).toEqual(calls.map(() => 'agrees'));
      for (const [i, call] of calls.entries()) {
        if (seen[i]?.outcome === 'connected') admitted.get(call)?.push(who);
      }
    }
    expect([...admitted]).toEqual(seenAs);
  });

  test.each(lines)('network ACLs: %s', async (_, line, expected) => {
    const seen = await observe(withLine(open, line), ['internet ip-hidden', 'internet ip-kept']);
    expect(seen).toEqual(expected.map((outcome) => ({ outcome, engine: 'agrees' })));
  });

  test('UDP takes the same ways, where filters admit it', async () => {
    const calls = ['internet names 53', 'client inner-names 53'];
    const seen = await observe(withoutFilters(open), calls);
    expect(seen).toEqual(calls.map(() => ({ outcome: 'connected', engine: 'agrees' })));
  });

  test('a target’s rule that names the balancer’s group admits the clients it keeps', async () => {
    const without = (world: World): World => ({
      ...world,
      vpcs: world.vpcs.map((vpc) => ({
        ...vpc,
        securityGroups: vpc.securityGroups.map((group) => ({
          ...group,
          ingress: group.ingress.filter(
            ({ peer }) => peer.kind !== 'security-group' || !peer.id.startsWith('k8s-traffic'),
          ),
        })),
      })),
    });
    const calls = ['internet ip-hidden', 'internet ip-kept', 'internet node-kept'];
    const seen = await observe(without(open), calls);
    expect(seen).toEqual(calls.map(() => ({ outcome: 'timed-out', engine: 'agrees' })));
  });
});
