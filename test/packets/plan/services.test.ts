import { planStage, planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { ip } from '../../../lib/model/address';
import type { Flow, FlowEnd } from '../../../lib/model/flow';
import type { LoadBalancer, Service, World } from '../../../lib/model/world';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { node, pod, pods, policy, rule, service, world } from '../../build/model';
import { describePackets } from '../kernel';

const backend = (address: string, on: string, ready = true) => ({
  address: ip(address),
  port: 8080,
  ready,
  node: on,
});

const ALL = [
  backend('10.0.1.10', 'a'),
  backend('10.0.2.10', 'b'),
  backend('10.0.2.12', 'b', false),
];

const shop = (id: string, at: string, parts: Partial<Service> = {}, backends = ALL): Service =>
  service(id, {
    clusterIps: [ip(at)],
    ...parts,
    ports: [
      {
        name: 'http',
        protocol: 'TCP',
        port: 80,
        backends,
        ...(parts.type === undefined ? {} : { nodePort: 30000 + Number(at.split('.')[3]) }),
      },
    ],
  });

const nodePort = { type: 'NodePort' } as const;
const local = { ...nodePort, externalTrafficPolicy: 'Local' } as const;
const balanced = (address: string, parts: Partial<LoadBalancer> = {}) => ({
  type: 'LoadBalancer' as const,
  loadBalancer: {
    addresses: [ip(address)],
    targets: 'ip' as const,
    scheme: 'internet-facing' as const,
    preserveClientIp: true,
    ...parts,
  },
});

const onlyA = [backend('10.0.1.10', 'a')];
const http = { ports: [{ name: 'http', protocol: 'TCP' as const, port: 8080 }] };

const w: World = world({
  nodes: [node('a', '10.0.0.10'), node('b', '10.0.0.20'), node('c', '10.0.0.30')],
  pods: [
    pod('s/web-a', 'a', '10.0.1.10', http),
    pod('s/web-b', 'b', '10.0.2.10', http),
    pod('s/late', 'b', '10.0.2.12', { ...http, ready: false }),
    pod('s/client', 'a', '10.0.1.11'),
    pod('s/far', 'c', '10.0.3.11'),
  ],
  outside: [{ kind: 'outside', name: 'internet', addresses: [ip('203.0.113.10')], ports: [] }],
  services: [
    shop('s/plain', '172.20.0.1'),
    shop('s/one', '172.20.0.2', {}, onlyA),
    shop('s/empty', '172.20.0.3', nodePort, [backend('10.0.2.12', 'b', false)]),
    shop('s/near', '172.20.0.4', { internalTrafficPolicy: 'Local' }),
    shop('s/ports', '172.20.0.5', nodePort, onlyA),
    shop('s/stay', '172.20.0.6', local, onlyA),
    shop('s/sticky', '172.20.0.7', { affinitySeconds: 60 }),
    shop('s/to-pods', '172.20.0.8', balanced('198.51.100.8')),
    shop('s/to-nodes', '172.20.0.9', balanced('198.51.100.9', { targets: 'instance' }), onlyA),
    shop('s/hidden', '172.20.0.10', balanced('198.51.100.10', { preserveClientIp: false }), onlyA),
    shop('s/inner', '172.20.0.11', balanced('198.51.100.11', { scheme: 'internal' }), onlyA),
    shop(
      's/healthy',
      '172.20.0.12',
      { ...balanced('198.51.100.12', { targets: 'instance' }), externalTrafficPolicy: 'Local' },
      onlyA,
    ),
  ],
});

const endOf = (text: string): FlowEnd => {
  const [kind = '', name = ''] = text.split(':');
  if (kind === 'internet') return { kind: 'internet' };
  if (kind === 'ip') return { kind: 'ip', address: ip(name) };
  if (kind === 'node') return { kind: 'node', name };
  return kind === 'svc'
    ? { kind: 'service', namespace: 's', name }
    : { kind: 'pod', namespace: 's', name: kind };
};

const flowOf = (text: string): Flow => {
  const [from = '', to = '', port = '80'] = text.split(' ');
  return { from: endOf(from), to: endOf(to), protocol: 'TCP', port: Number(port) };
};

/** A flow, what is seen, and who answers. */
const rows: readonly (readonly [flow: string, outcome: string, answers: readonly string[]])[] = [
  ['client svc:plain', 'connected', ['s/web-a', 's/web-b']],
  ['client svc:plain 81', 'unreachable', []],
  ['client svc:empty', 'unreachable', []],
  ['client ip:172.20.9.9', 'unreachable', []],
  ['web-a svc:one', 'connected', ['s/web-a']],
  ['node:b svc:one', 'connected', ['s/web-a']],
  ['internet ip:172.20.0.1', 'unreachable', []],
  ['client svc:near', 'connected', ['s/web-a']],
  ['web-b svc:near', 'connected', ['s/web-b']],
  ['far svc:near', 'timed-out', []],
  ['node:c svc:near', 'timed-out', []],
  ['internet node:a 30005', 'connected', ['s/web-a']],
  ['internet node:b 30005', 'connected', ['s/web-a']],
  ['far node:b 30005', 'connected', ['s/web-a']],
  ['node:c node:b 30005', 'connected', ['s/web-a']],
  ['internet node:a 30003', 'unreachable', []],
  ['internet node:a 30099', 'refused', []],
  ['internet node:a 30006', 'connected', ['s/web-a']],
  ['internet node:b 30006', 'timed-out', []],
  ['internet svc:stay', 'connected', ['s/web-a']],
  ['far svc:stay', 'connected', ['s/web-a']],
  ['internet svc:to-pods', 'connected', ['s/web-a', 's/web-b']],
  ['far ip:198.51.100.8', 'connected', ['s/web-a', 's/web-b']],
  ['internet ip:198.51.100.8 81', 'unreachable', []],
  ['internet svc:to-nodes', 'connected', ['s/web-a']],
  ['internet svc:hidden', 'connected', ['s/web-a']],
  ['internet svc:inner', 'unreachable', []],
  ['far ip:198.51.100.11', 'connected', ['s/web-a']],
  ['internet svc:healthy', 'connected', ['s/web-a']],
];

describePackets('Services, by real packets', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    await sandbox.run(planWorld(w));
  });
  afterAll(() => sandbox.close());

  const ask = async (flows: readonly string[], in_: World = w) =>
    sandbox.probe(
      flows.map((flow) => probeOf(in_, flowOf(flow))),
      { timeoutMs: 300, trace: 'off' },
    );

  test('who is reached, from where', async () => {
    const tries = 32; // one backend of two stays unseen once in two billion rows
    const flows = rows.flatMap(([flow]) => Array.from({ length: tries }, () => flow));
    const observed = await ask(flows);
    const seen = rows.map(([flow], i) => {
      const mine = observed.slice(i * tries, (i + 1) * tries);
      const outcomes = new Set(mine.map(({ outcome }) => outcome));
      const answers = new Set(mine.flatMap(({ answer }) => answer ?? []));
      return [flow, [...outcomes].join(' and '), [...answers].sort()];
    });
    expect(seen).toEqual(rows);
  });

  test('with affinity a client stays with its backend', async () => {
    for (const client of ['client', 'far', 'node:c']) {
      const answers = (await ask(Array(12).fill(`${client} svc:sticky`))).map((o) => o.answer);
      expect(new Set(answers).size).toBe(1);
    }
  });

  test('policies see the client where it is kept, the balancer or the node where not', async () => {
    const admit = (address: string): World => ({
      ...w,
      policies: [
        policy('s/who', {
          subject: pods('s', 'web-a').selector,
          ingress: [rule({ source: [{ nets: [{ address: ip(address), prefix: 32 }] }] })],
        }),
      ],
    });
    const flows = [
      'internet svc:hidden',
      'internet svc:healthy',
      'internet node:b 30005',
      'internet node:a 30006',
    ];
    const seen: Record<string, readonly string[]> = {};
    let before = w;
    for (const address of ['203.0.113.10', '198.51.100.10', '10.0.0.20']) {
      const after = admit(address);
      await sandbox.run(planStage(before, after));
      before = after;
      seen[address] = (await ask(flows, after)).map(({ outcome }) => outcome);
    }
    await sandbox.run(planStage(before, w));
    expect(seen).toEqual({
      '203.0.113.10': ['timed-out', 'connected', 'timed-out', 'connected'],
      '198.51.100.10': ['connected', 'timed-out', 'timed-out', 'timed-out'],
      '10.0.0.20': ['timed-out', 'timed-out', 'connected', 'timed-out'],
    });
  });
});
