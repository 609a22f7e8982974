import { planStage, planWorld } from '../../lib/dataplane/plan';
import { cidr, ip } from '../../lib/model/address';
import type { HttpRule } from '../../lib/model/http';
import type { World } from '../../lib/model/world';
import type { HttpQuestion } from '../../lib/runtime/probes/http-ask';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { findEnvoy } from '../../lib/runtime/servers/envoy';
import { DOOR, edge, exact, forward, listener, proxy, rule, served } from '../build/http-world';
import { pod, pods, policy, rule as policyRule } from '../build/model';
import { describePackets, missingPrograms } from './kernel';

const missing = [
  ...missingPrograms('openssl', 'curl'),
  ...(findEnvoy() === undefined ? ['envoy'] : []),
];

describePackets(
  'HTTP proxies, by Envoy and real packets',
  () => {
    let sandbox: Sandbox;
    let now: World = edge;
    beforeAll(async () => {
      sandbox = await openSandbox({ mode: 'tied' });
      await sandbox.run(planWorld(edge));
    });
    afterAll(() => sandbox.close());

    const goTo = async (next: World): Promise<void> => {
      await sandbox.run(planStage(now, next));
      now = next;
    };
    const ask = async (url: string, more: Partial<HttpQuestion> = {}): Promise<string> => {
      const { protocol, hostname, pathname, search } = new URL(url);
      const answer = await sandbox.askHttp({
        netns: 'pod/edge/client',
        address: ip('203.0.113.80'),
        port: protocol === 'https:' ? 443 : 80,
        protocol: protocol === 'https:' ? 'HTTPS' : 'HTTP',
        host: hostname,
        path: `${pathname}${search}`,
        headers: {},
        timeoutMs: 3000,
        ...more,
      });
      if (answer.kind === 'silent') return answer.why;
      return answer.status === 200 ? `200 ${answer.body.trim()}` : `${answer.status}`;
    };
    const answers = async (times: number, url: string): Promise<readonly string[]> => {
      const all: string[] = [];
      for (let i = 0; i < times; i += 1) all.push(await ask(url));
      return all;
    };
    const both = (...rules: readonly HttpRule[]) =>
      served(proxy([], { listeners: [listener(80, rules), listener(443, rules)] }));

    test('no proxy listens without rules', async () => {
      await goTo(edge);
      expect([await ask(`http://${DOOR}/`), await ask(`https://${DOOR}/`)]).toEqual([
        'refused',
        'refused',
      ]);
    });

    test('paths and hosts', async () => {
      await goTo(
        both(
          rule('/two', 'two'),
          rule('', 'two', exact('/exactly')),
          rule('/none', 'none'),
          rule('', 'two', {
            match: { path: { kind: 'pattern', value: '/v[0-9]+/it', ignoreCase: false } },
          }),
        ),
      );
      const two = '200 edge/two';
      const rows: readonly (readonly [url: string, seen: string])[] = [
        [`http://${DOOR}/two`, two],
        [`http://${DOOR}/two/`, two],
        [`http://${DOOR}/two/below/it`, two],
        [`http://${DOOR}/twox`, '404'],
        [`http://${DOOR}/`, '404'],
        [`http://${DOOR}/exactly`, two],
        [`http://${DOOR}/exactly/not`, '404'],
        [`http://${DOOR}/none`, '503'],
        [`http://${DOOR}/v12/it`, two],
        [`http://${DOOR}/v12/it/not`, '404'],
        ['http://unknown.example.com/two', '404'],
        [`https://${DOOR}/two`, two],
        [`https://${DOOR}/twox`, '404'],
      ];
      const seen: (readonly [string, string])[] = [];
      for (const [url] of rows) seen.push([url, await ask(url)]);
      expect(seen).toEqual(rows);
    });

    test('a wildcard is one label in an Ingress and any number in an HTTPRoute', async () => {
      const rules = [rule('/two', 'two', { hosts: [DOOR, '*.wild.example.com'] })];
      await goTo(served(proxy(rules, { kind: 'ingress' })));
      const [one, many] = ['http://a.wild.example.com/two', 'http://a.b.wild.example.com/two'];
      expect([await ask(one), await ask(many)]).toEqual(['200 edge/two', '404']);
      await goTo(served(proxy(rules)));
      expect([await ask(one), await ask(many)]).toEqual(['200 edge/two', '200 edge/two']);
    });

    test('requests are shared by weight, and a backend that is not there keeps its share', async () => {
      const gone = { kind: 'status', status: 500, why: 'it is not here' } as const;
      const { backends, ...rest } = forward(['one', 3], ['two', 1]);
      const broken = { ...forward(['one', 4]).backends[0], target: gone, weight: 4 };
      const all = { ...rest, backends: [...backends, broken] } as HttpRule['action'];
      await goTo(served(proxy([rule('/', 'one', { action: all })])));
      const seen = await answers(200, `http://${DOOR}/`);
      const share = (pattern: RegExp) => seen.filter((one) => pattern.test(one)).length / 200;
      expect(share(/500/)).toBeGreaterThan(0.35);
      expect(share(/500/)).toBeLessThan(0.65);
      expect(share(/edge.one/)).toBeGreaterThan(0.25);
      expect(share(/edge.two/)).toBeGreaterThan(0.03);
      expect(share(/edge.two/)).toBeLessThan(0.25);
    });

    test('a rule for some clients admits them alone', async () => {
      const rules = (block: string) => [
        rule('/', 'two', { clients: { allowed: [cidr(block)], denied: [] } }),
      ];
      await goTo(served(proxy(rules('192.0.2.0/24'))));
      const other = await ask(`http://${DOOR}/`);
      await goTo(served(proxy(rules('10.0.0.0/8'))));
      expect([other, await ask(`http://${DOOR}/`)]).toEqual(['403', '200 edge/two']);
    });

    test('policies see the proxy as what it is: an address, or a pod', async () => {
      const shut = (source: Parameters<typeof policyRule>[0]): World['policies'] => [
        policy('edge/two', {
          subject: pods('edge', 'two').selector,
          ingress: [policyRule(source)],
        }),
      ];
      const atAddress = (address: string) =>
        shut({ source: [{ nets: [{ address: ip(address), prefix: 32 }] }] });
      const outside = served(proxy([rule('/', 'two')]));
      await goTo({ ...outside, policies: atAddress('10.0.1.11') });
      const clientOnly = await ask(`http://${DOOR}/`);
      await goTo({ ...outside, policies: atAddress('203.0.113.80') });
      const proxyOnly = await ask(`http://${DOOR}/`);

      const inside: World = {
        ...served(proxy([rule('/', 'two')], { pods: ['edge/door'], hosts: [] })),
        pods: [...edge.pods, pod('edge/door', 'a', '10.0.1.20')],
      };
      const toPod = () => ask('http://whatever/', { address: ip('10.0.1.20'), host: DOOR });
      await goTo({ ...inside, policies: shut({ source: [pods('edge', 'client')] }) });
      const clientPod = await toPod();
      await goTo({ ...inside, policies: shut({ source: [pods('edge', 'door')] }) });
      expect({ clientOnly, proxyOnly, clientPod, proxyPod: await toPod() }).toEqual({
        clientOnly: '504',
        proxyOnly: '200 edge/two',
        clientPod: '504',
        proxyPod: '200 edge/two',
      });
    });

    test('a request has its time, and a body of any length', async () => {
      const { backends, ...rest } = forward(['two', 1]);
      const slow = { ...rest, backends, timeoutMs: 300 } as HttpRule['action'];
      const closed = policy('edge/two', { subject: pods('edge', 'two').selector, ingress: [] });
      await goTo({ ...served(proxy([rule('/', 'two', { action: slow })])), policies: [closed] });
      const started = Date.now();
      expect(await ask(`http://${DOOR}/`)).toBe('504');
      expect(Date.now() - started).toBeLessThan(900);
      await goTo(served(proxy([rule('/', 'two')])));
      const body = [
        'dd if=/dev/zero bs=1024 count=2048 2>/dev/null',
        'curl -s --max-time 5 -H "Expect:"',
      ];
      const { stdout } = await sandbox.exec('pod/edge/client', [
        'sh',
        '-c',
        `${body[0]} | ${body[1]} -H "Host: ${DOOR}" -X POST --data-binary @- http://203.0.113.80/`,
      ]);
      expect(stdout.trim()).toBe('edge/two');
    });

    test('a client that only connects to a pod behind a proxy still gets its name', async () => {
      await goTo(served(proxy([rule('/', 'two')])));
      const probe = {
        netns: 'pod/edge/client',
        destination: ip('10.0.2.11'),
        protocol: 'TCP',
        port: 8080,
      } as const;
      const seen = await sandbox.probe([probe, probe], { timeoutMs: 300, trace: 'off' });
      expect(seen.map(({ answer }) => answer)).toEqual(['edge/two', 'edge/two']);
    });

    test('a bootstrap that Envoy refuses is an error in its words, and the former server stays', async () => {
      await goTo(served(proxy([rule('/', 'two')])));
      const wrong = { kind: 'serve-http', netns: `outside/${DOOR}`, ports: [80] } as const;
      const run = sandbox.run([{ ...wrong, certificates: [], bootstrap: '{ "nonsense": 1 }' }]);
      await expect(run).rejects.toThrow(/nonsense/);
      expect(await ask(`http://${DOOR}/`)).toBe('200 edge/two');
    });

    test('a proxy that is taken away leaves no process behind', async () => {
      await goTo(edge);
      const { stdout } = await sandbox.exec('pod/edge/client', [
        'sh',
        '-c',
        'cat /proc/[0-9]*/comm',
      ]);
      expect(stdout).not.toContain('envoy');
    });
  },
  missing,
);
