import { ip } from '../../lib/model/address';
import {
  type HttpAction,
  type HttpBackend,
  type HttpListener,
  type HttpMatch,
  type HttpProxy,
  type HttpRule,
  NOT_FOUND,
  UNCHANGED,
} from '../../lib/model/http';
import type { OutsideEndpoint, Service, World } from '../../lib/model/world';
import { node, pod, service, world } from './model';

export const DOOR = 'shop.example.com';

/** A door outside, under the name that routes answer to. */
export const door: OutsideEndpoint = {
  kind: 'outside',
  name: DOOR,
  addresses: [ip('203.0.113.80')],
  ports: [],
};

const http = { ports: [{ name: 'http', protocol: 'TCP' as const, port: 8080 }] };

const behind = (id: string, at: string, ...backends: readonly string[]): Service =>
  service(id, {
    clusterIps: [ip(at)],
    ports: [
      {
        name: 'web',
        protocol: 'TCP',
        port: 80,
        backends: backends.map((address) => ({
          address: ip(address),
          port: 8080,
          ready: address !== '10.0.2.12',
          node: address.startsWith('10.0.1.') ? 'a' : 'b',
        })),
      },
    ],
  });

/** Two pods of `one` and a third that is not ready, one of `two`, a client, and a door outside. */
export const edge = world({
  nodes: [node('a', '10.0.0.10'), node('b', '10.0.0.20')],
  pods: [
    pod('edge/one-a', 'a', '10.0.1.10', http),
    pod('edge/one-b', 'b', '10.0.2.10', http),
    pod('edge/one-late', 'b', '10.0.2.12', { ...http, ready: false }),
    pod('edge/two', 'b', '10.0.2.11', http),
    pod('edge/client', 'a', '10.0.1.11', http),
  ],
  outside: [door],
  services: [
    behind('edge/one', '172.20.0.1', '10.0.1.10', '10.0.2.10', '10.0.2.12'),
    behind('edge/two', '172.20.0.2', '10.0.2.11'),
    behind('edge/none', '172.20.0.3', '10.0.2.12'),
  ],
});

/** A forward to Services of `edge`, each with a weight. */
export const forward = (...to: readonly (readonly [service: string, weight: number])[]) =>
  ({
    kind: 'forward',
    backends: to.map(
      ([name, weight]): HttpBackend => ({
        target: { kind: 'service', namespace: 'edge', name, port: 80 },
        weight,
        request: UNCHANGED,
        response: UNCHANGED,
      }),
    ),
    request: UNCHANGED,
    response: UNCHANGED,
    mirrors: [],
  }) satisfies HttpAction;

/** A path prefix of `shop.example.com` that leads to a Service of `edge`. */
export const rule = (
  path: string,
  leadsTo: string,
  { match, ...more }: Partial<Omit<HttpRule, 'match'>> & { match?: Partial<HttpMatch> } = {},
): HttpRule => ({
  source: { kind: 'HTTPRoute', namespace: 'edge', name: 'shop', place: 'rules[0]' },
  hosts: [DOOR],
  match: { path: { kind: 'prefix', value: path }, methods: [], headers: [], query: [], ...match },
  action: forward([leadsTo, 1]),
  ...more,
});

export const exact = (value: string) => ({ match: { path: { kind: 'exact', value } } }) as const;

/** A listener at a port with these rules. */
export const listener = (
  port: number,
  rules: readonly HttpRule[],
  more: Partial<HttpListener> = {},
): HttpListener => ({
  name: `port-${port}`,
  port,
  protocol: port === 443 ? 'HTTPS' : 'HTTP',
  rules,
  otherwise: NOT_FOUND,
  ...more,
});

/** A proxy at the host outside; at port 80 unless it has other listeners. */
export const proxy = (rules: readonly HttpRule[], more: Partial<HttpProxy> = {}): HttpProxy => ({
  id: 'Gateway edge/shop',
  kind: 'gateway',
  pods: [],
  hosts: [DOOR],
  listeners: [listener(80, rules)],
  ...more,
});

/** `edge` with these proxies. */
export const served = (...proxies: readonly HttpProxy[]): World => ({
  ...edge,
  http: { proxies, conditions: [] },
});
