import { planStage, planWorld } from '../../lib/dataplane/plan';
import { ip } from '../../lib/model/address';
import type { HttpRoute, World } from '../../lib/model/world';
import type { HttpQuestion } from '../../lib/runtime/http-ask';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox';
import { DOOR, edge, exact, route, TLS } from '../dataplane/http-worlds';
import { pod, pods, policy, rule } from '../dataplane/worlds';
import { describePackets, missingPrograms } from './kernel';

const missing = missingPrograms('nginx', 'openssl');

/** `edge` with these routes, and with whatever else. */
const routed = (...routes: readonly HttpRoute[]): World => ({ ...edge, httpRoutes: routes });

describePackets(
  'Ingress and Gateway routes, by nginx and real packets',
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
      const { protocol, hostname, pathname } = new URL(url);
      const answer = await sandbox.askHttp({
        netns: 'pod/edge/client',
        address: ip('203.0.113.80'),
        port: protocol === 'https:' ? 443 : 80,
        protocol: protocol === 'https:' ? 'HTTPS' : 'HTTP',
        host: hostname,
        path: pathname,
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

    test('no route is no door', async () => {
      await goTo(edge);
      expect([await ask(`http://${DOOR}/`), await ask(`https://${DOOR}/`)]).toEqual([
        'refused',
        'refused',
      ]);
    });

    test('paths and hosts', async () => {
      await goTo(
        routed(
          route('/two', 'two', TLS),
          route('', 'two', exact('/exactly')),
          route('/none', 'none'),
          route('', 'two', { path: { kind: 'pattern', value: '/v[0-9]+/it' } }),
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
      const at = { hosts: [DOOR, '*.wild.example.com'] };
      await goTo(routed(route('/two', 'two', at)));
      const [one, many] = ['http://a.wild.example.com/two', 'http://a.b.wild.example.com/two'];
      expect([await ask(one), await ask(many)]).toEqual(['200 edge/two', '404']);
      await goTo(routed(route('/two', 'two', { ...at, kind: 'HTTPRoute' })));
      expect([await ask(one), await ask(many)]).toEqual(['200 edge/two', '200 edge/two']);
    });

    test('requests go round the ready pods, by weight', async () => {
      const backends = [
        { namespace: 'edge', service: 'one', port: 80, weight: 3 },
        { namespace: 'edge', service: 'two', port: 80, weight: 1 },
      ];
      await goTo(routed(route('/', 'one', { kind: 'HTTPRoute', backends })));
      const count = new Map<string, number>();
      for (const one of await answers(16, `http://${DOOR}/`)) {
        count.set(one, (count.get(one) ?? 0) + 1);
      }
      expect([...count].sort()).toEqual([
        ['200 edge/one-a', 6],
        ['200 edge/one-b', 6],
        ['200 edge/two', 4],
      ]);
    });

    test('policies judge the door as whoever it is: an address, or a pod', async () => {
      const shut = (source: Parameters<typeof rule>[0]): World['policies'] => [
        policy('edge/two', { subject: pods('edge', 'two').selector, ingress: [rule(source)] }),
      ];
      const atAddress = (address: string) =>
        shut({ source: [{ nets: [{ address: ip(address), prefix: 32 }] }] });
      const outside = routed(route('/', 'two'));
      await goTo({ ...outside, policies: atAddress('10.0.1.11') });
      const clientOnly = await ask(`http://${DOOR}/`);
      await goTo({ ...outside, policies: atAddress('203.0.113.80') });
      const doorOnly = await ask(`http://${DOOR}/`);

      const labels = { 'gateway.networking.k8s.io/gateway-name': 'shop' };
      const controller = pod('edge/door', 'a', '10.0.1.20', { labels });
      const inside: World = {
        ...routed(route('/', 'two', { kind: 'HTTPRoute', via: 'edge/shop' })),
        pods: [...edge.pods, controller],
      };
      const toPod = () => ask('http://whatever/', { address: ip('10.0.1.20'), host: DOOR });
      await goTo({ ...inside, policies: shut({ source: [pods('edge', 'client')] }) });
      const clientPod = await toPod();
      await goTo({ ...inside, policies: shut({ source: [pods('edge', 'door')] }) });
      expect({ clientOnly, doorOnly, clientPod, doorPod: await toPod() }).toEqual({
        clientOnly: '504',
        doorOnly: '200 edge/two',
        clientPod: '504',
        doorPod: '200 edge/two',
      });
    });

    test('whoever only connects to a pod behind a door still hears its name', async () => {
      await goTo(routed(route('/', 'two')));
      const probe = {
        netns: 'pod/edge/client',
        destination: ip('10.0.2.11'),
        protocol: 'TCP',
        port: 8080,
      } as const;
      const seen = await sandbox.probe([probe, probe], { timeoutMs: 300, trace: 'off' });
      expect(seen.map(({ answer }) => answer)).toEqual(['edge/two', 'edge/two']);
    });

    test('a door that goes with its namespace leaves no process behind', async () => {
      await goTo(edge);
      const { stdout } = await sandbox.exec('pod/edge/client', [
        'sh',
        '-c',
        'cat /proc/[0-9]*/comm',
      ]);
      expect(stdout).not.toContain('nginx');
    });

    test('a config that nginx refuses is an error in its own words', async () => {
      const wrong = { kind: 'serve-http', netns: 'pod/edge/client', certificateFor: [] } as const;
      await expect(sandbox.run([{ ...wrong, config: 'nonsense;' }])).rejects.toThrow(
        /unknown directive "nonsense"/,
      );
      await sandbox.run([{ kind: 'stop-http', netns: 'pod/edge/client' }]);
    });
  },
  missing,
);
