import { ip } from '../../lib/model/address';
import type { HttpRoute, OutsideEndpoint, Service } from '../../lib/model/world';
import { node, pod, service, world } from './worlds';

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

/** A path of an Ingress to a Service of `edge`. */
export const route = (path: string, leadsTo: string, more: Partial<HttpRoute> = {}): HttpRoute => ({
  kind: 'Ingress',
  namespace: 'edge',
  name: 'shop',
  via: 'alb',
  hosts: [DOOR],
  path: { kind: 'prefix', value: path },
  backends: [{ namespace: 'edge', service: leadsTo, port: 80 }],
  ...more,
});

export const exact = (value: string) => ({ path: { kind: 'exact', value } }) as const;

export const TLS = {
  listeners: [
    { port: 80, protocol: 'HTTP' },
    { port: 443, protocol: 'HTTPS' },
  ],
} as const;
