import { ip } from '../../lib/model/address';
import type { Reading } from '../../lib/model/problem';
import type { World } from '../../lib/model/world';
import { readWorld } from '../../lib/read/world';

/**
 * Objects with requests and what must become of them. The rules are those of the conformance suites
 * of Gateway API (v1.6: conformance/tests) and Ingress (ingress-controller-conformance: features), and
 * of the AWS Load Balancer Controller's guide; each case names its own. The words and inputs are ours.
 */
export interface HttpCase {
  readonly rule: string;
  /** YAML documents; `apps` below are there too. */
  readonly objects: string;
  /** Requests in the order `proxy method url headers: expected`. */
  readonly requests: readonly Asked[];
}

/** Where a request goes: a Gateway's pod, a second one, ingress-nginx, or the host outside. */
export type CaseProxy = 'gw' | 'gw2' | 'nginx' | 'shop';

export interface Asked {
  readonly to: CaseProxy;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * `one`: Service `edge/one`; `404`; `301 http://to/here`; `refused`; several with shares as
   * `50% one, 50% 500`; behind `>` the path that the backend receives.
   */
  readonly expect: string;
}

/** A line such as `gw POST http://a.test/x canary=yes -> one > /y`. */
export function asked(line: string): Asked {
  const [left = '', expect = ''] = line.split(' -> ');
  const [to, ...rest] = left.trim().split(/\s+/);
  const method = /^[A-Z]+$/.test(rest[0] ?? '') ? rest.shift() : undefined;
  const [url = '', ...pairs] = rest;
  const headers = Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
  return {
    to: to as CaseProxy,
    url,
    expect: expect.trim(),
    ...(method !== undefined && { method }),
    ...(pairs.length > 0 && { headers }),
  };
}

const deployment = (name: string, labels = '', namespace = 'edge') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}${labels} } }
    spec: { containers: [{ name: c, image: x, ports: [{ containerPort: 8080 }] }] }`;

const service = (name: string, namespace = 'edge', type = 'ClusterIP') => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { type: ${type}, selector: { app: ${name} }, ports: [{ name: web, port: 80, targetPort: 8080 }] }`;

const gatewayPod = (name: string) =>
  deployment(name, `, gateway.networking.k8s.io/gateway-name: ${name}`);

const APPS = [
  ...['one', 'two', 'three'].flatMap((name) => [deployment(name), service(name)]),
  service('empty'),
  service('node', 'edge', 'NodePort'),
  deployment('node'),
  `
apiVersion: v1
kind: Service
metadata: { name: elsewhere, namespace: edge }
spec: { type: ExternalName, externalName: example.org }`,
  `
apiVersion: v1
kind: Namespace
metadata: { name: other, labels: { team: blue } }`,
  deployment('one', '', 'other'),
  service('one', 'other'),
  deployment('client'),
  gatewayPod('gw'),
  gatewayPod('gw2'),
  deployment(
    'nginx',
    ', app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller',
  ),
].join('\n---');

const OUTSIDE = {
  kind: 'outside',
  name: 'shop.example.com',
  addresses: [ip('203.0.113.80')],
  ports: [],
} as const;

/** The world of a case, or what is wrong with it. */
export const readCase = (objects: string): Reading<World> =>
  readWorld({
    manifests: [{ path: 'case.yaml', text: `${APPS}\n---\n${objects}` }],
    outside: [OUTSIDE],
  });

/** Namespaces of the proxies, as packets know them. */
export const CASE_NETNS: Readonly<Record<CaseProxy, string>> = {
  gw: 'pod/edge/gw-0',
  gw2: 'pod/edge/gw2-0',
  nginx: 'pod/edge/nginx-0',
  shop: 'outside/shop.example.com',
};

/** A Gateway of a class that its pods prove to be served. */
export const gateway = (
  listeners = '{ name: http, port: 80, protocol: HTTP }',
  name = 'gw',
): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: edge }
spec: { gatewayClassName: example, listeners: [${listeners}] }`;

/** An HTTPRoute of Gateway `gw`, with the fields of its spec beside its parents. */
export const route = (
  spec: string,
  { name = 'r', parents = '{ name: gw }', meta = '', namespace = 'edge' } = {},
): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${namespace}${meta} }
spec: { parentRefs: [${parents}], ${spec} }`;

/** Rules of a route: what each matches and where it leads. */
export const rule = (match: string, to: string, more = ''): string =>
  `{ ${match === '' ? '' : `matches: [${match}], `}${to === '' ? '' : `backendRefs: [${refs(to)}], `}${more} }`;

const refs = (names: string): string =>
  names
    .split(' ')
    .map((one) => {
      const [name, weight] = one.split('*');
      return `{ name: ${name}, port: 80${weight === undefined ? '' : `, weight: ${weight}`} }`;
    })
    .join(', ');

export const prefix = (path: string) => `{ path: { type: PathPrefix, value: "${path}" } }`;
export const exactly = (path: string) => `{ path: { type: Exact, value: "${path}" } }`;

/** An Ingress of a class, with the fields of its spec. */
export const ingress = (
  spec: string,
  { name = 'i', className = 'nginx', annotations = '{}', meta = '' } = {},
): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: edge, annotations: ${annotations}${meta} }
spec: { ${className === '' ? '' : `ingressClassName: ${className}, `}${spec} }`;

/** One path of an Ingress. */
export const path = (value: string, to: string, type = 'Prefix'): string => {
  const [name, port = 'number: 80'] = to.split('|');
  return `{ path: "${value}", pathType: ${type}, backend: { service: { name: ${name}, port: { ${port} } } } }`;
};

/** The rules of an Ingress for one host; no host: every one. */
export const rules = (host: string, ...paths: readonly string[]): string =>
  `rules: [{ ${host === '' ? '' : `host: "${host}", `}http: { paths: [${paths.join(', ')}] } }]`;
