import { ip } from '../../../lib/model/address';
import type { Clock } from '../../../lib/model/clock';
import type { Flow, FlowEnd } from '../../../lib/model/flow';
import { applyStage } from '../../../lib/targets/cluster/apply';
import { checkEnforcement } from '../../../lib/targets/cluster/canary';
import { objectsOf } from '../../../lib/targets/cluster/cluster';
import { outcomeOf, probeFlows, probeUntil } from '../../../lib/targets/cluster/probe';
import { type Answer, type FakeApi, type FakeOptions, type Stored, startApi } from './api-server';

let api: FakeApi;
const start = async (options: FakeOptions) => {
  api = await startApi(options);
  return api;
};
afterEach(() => api?.stop());

const clock = (): Clock => {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
};

const SHOP = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec: { replicas: 2, template: { spec: { containers: [{ name: agn, image: agnhost, ports: [{ name: http, containerPort: 8080 }] }] } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: dns, namespace: shop }
spec: { replicas: 1, template: { spec: { containers: [{ name: dns, image: coredns }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: 172.20.0.9, ports: [{ name: http, port: 80 }] }
`;
const pod = (name: string): FlowEnd => ({ kind: 'pod', namespace: 'shop', name });
const flow = (to: FlowEnd, more: Partial<Flow> = {}): Flow => ({
  from: pod('web-0'),
  to,
  protocol: 'TCP',
  port: 8080,
  ...more,
});
const bringUp = () =>
  applyStage(api.cluster, { objects: objectsOf(SHOP), before: [] }, { clock: clock() });

test.each`
  code | stderr                                            | outcome
  ${0} | ${''}                                             | ${'connected'}
  ${1} | ${'TIMEOUT\n'}                                    | ${'timed-out'}
  ${1} | ${'TIMEOUT: read udp 10.0.0.1: i/o timeout\n'}    | ${'timed-out'}
  ${1} | ${'REFUSED\n'}                                    | ${'refused'}
  ${1} | ${'OTHER: dial tcp 10.0.0.1: no route to host\n'} | ${'unreachable'}
  ${1} | ${'OTHER: connect: network is unreachable\n'}     | ${'unreachable'}
  ${1} | ${'UNKNOWN: unexpected EOF\n'}                    | ${'unsupported'}
  ${1} | ${'DNS: no such host\n'}                          | ${'unsupported'}
  ${2} | ${''}                                             | ${'unsupported'}
`('exit $code with $stderr is $outcome', ({ code, stderr, outcome }) => {
  expect(outcomeOf({ exitCode: code, stdout: '', stderr }).outcome).toBe(outcome);
});

test('a probe runs in the pod, goes to an address, and is told by its class', async () => {
  const ran: string[] = [];
  await start({
    exec: (name, command) => {
      ran.push(`${name}: ${command.join(' ')}`);
      return command[2] === '172.20.0.9:80' ? { code: 0 } : { code: 1, stderr: 'TIMEOUT\n' };
    },
  });
  await bringUp();
  const flows = [
    flow({ kind: 'service', namespace: 'shop', name: 'web' }, { port: 'http' }),
    flow(pod('web-1'), { port: 'http' }),
    flow({ kind: 'ip', address: ip('192.0.2.1') }, { protocol: 'UDP', port: 53 }),
  ];
  const seen = await probeFlows(api.cluster, flows);
  expect(seen.map(({ outcome }) => outcome)).toEqual(['connected', 'timed-out', 'timed-out']);
  const address = api.objects.get('/api/v1/namespaces/shop/pods/web-5d4f-y')?.status?.podIP;
  expect(ran.toSorted()).toEqual(
    [
      'shop/web-5d4f-x: /agnhost connect 172.20.0.9:80 --protocol=tcp --timeout=2s',
      `shop/web-5d4f-x: /agnhost connect ${address}:8080 --protocol=tcp --timeout=2s`,
      'shop/web-5d4f-x: /agnhost connect 192.0.2.1:53 --protocol=udp --timeout=2s --udp-data=echo is a listener there?',
    ].toSorted(),
  );
});

test('what cannot be tried is unsupported with the reason, never a denial', async () => {
  await start({ exec: () => ({ code: 0 }) });
  await bringUp();
  const asked: readonly Flow[] = [
    flow(pod('nobody-0')),
    flow(pod('web-1'), { from: { kind: 'node', name: 'n' } }),
    flow(pod('web-1'), { from: pod('web-7') }),
    flow(pod('web-1'), { protocol: 'ICMP', port: undefined }),
    flow(pod('web-1'), { port: 'metrics' }),
    flow(pod('web-1'), { from: pod('dns-0') }),
  ];
  const seen = await probeFlows(api.cluster, asked);
  expect(seen.map(({ outcome, detail }) => `${outcome}: ${detail}`)).toEqual([
    'unsupported: shop/nobody-0 has no address',
    "unsupported: a probe cannot start from node:n, only from inside the lab's pods",
    'unsupported: no running pod shop/web-7',
    'unsupported: agnhost, the probe in the pods, does not send ICMP',
    'unsupported: shop/web-1 has no such port',
    'unsupported: shop/dns-0 has no probe: none of its containers runs agnhost',
  ]);
});

test('what no probe can try is not waited for', async () => {
  await start({ exec: () => ({ code: 0 }) });
  await bringUp();
  const time = clock();
  const before = time.now();
  const wanted = [
    { flow: flow(pod('web-1')), outcomes: ['connected'] as const },
    { flow: flow(pod('web-1'), { from: pod('dns-0') }), outcomes: ['connected'] as const },
  ];
  await probeUntil(api.cluster, wanted, { clock: time, deadlineMs: 3_000 });
  expect(time.now()).toBe(before);
});

test('a policy needs a moment to reach the nodes: asked until it shows, or the deadline', async () => {
  const answers: Answer[] = [{ code: 0 }, { code: 0 }, { code: 1, stderr: 'TIMEOUT\n' }];
  await start({ exec: () => answers.shift() ?? { code: 1, stderr: 'TIMEOUT\n' } });
  await bringUp();
  const wanted = [{ flow: flow(pod('web-1')), outcomes: ['timed-out'] as const }];
  const [seen] = await probeUntil(api.cluster, wanted, { clock: clock() });
  expect(seen?.outcome).toBe('timed-out');
  expect(answers).toEqual([]);

  const never = [{ flow: flow(pod('web-1')), outcomes: ['connected'] as const }];
  const [last] = await probeUntil(api.cluster, never, { clock: clock(), deadlineMs: 3_000 });
  expect(last?.outcome).toBe('timed-out');
});

test('a connection that is cut in the middle is an error, not an outcome', async () => {
  await start({ exec: () => 'cut' });
  await bringUp();
  await expect(probeFlows(api.cluster, [flow(pod('web-1'))])).rejects.toThrow('was cut');
});

describe('the canary', () => {
  const policies = (fake: FakeApi): readonly Stored[] =>
    [...fake.objects.values()].filter(({ kind }) => kind === 'NetworkPolicy');
  const image = 'agnhost';
  const denied: Answer = { code: 1, stderr: 'TIMEOUT\n' };

  test('passes where a denied connection stops, and leaves nothing', async () => {
    await start({
      exec: (_pod, _command, fake) => (policies(fake).length > 0 ? denied : { code: 0 }),
    });
    await checkEnforcement(api.cluster, { clock: clock(), image });
    expect([...api.objects.keys()]).toEqual([]);
  });

  test('names a cluster that takes policies and does not enforce them', async () => {
    await start({ exec: () => ({ code: 0 }) });
    await expect(checkEnforcement(api.cluster, { clock: clock(), image })).rejects.toMatchObject({
      code: 'no-enforcement',
      fix: expect.stringContaining('Calico'),
    });
    expect([...api.objects.keys()]).toEqual([]);
  });

  test('a network in which nothing connects proves nothing', async () => {
    await start({ exec: () => denied });
    await expect(checkEnforcement(api.cluster, { clock: clock(), image })).rejects.toMatchObject({
      code: 'no-connection',
    });
  });
});
