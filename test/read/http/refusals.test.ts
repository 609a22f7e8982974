import { gateway, ingress, path, prefix, readCase, route, rules } from '../../build/http-cases';

const alb = (annotations: string, spec = rules('a.test', path('/', 'one'))) =>
  ingress(spec, {
    className: 'alb',
    annotations: `{ $target-type: ip, ${annotations} }`.replaceAll(
      '$',
      'alb.ingress.kubernetes.io/',
    ),
  });
const nginx = (annotations: string) =>
  ingress(rules('a.test', path('/', 'one')), {
    annotations: `{ ${annotations} }`.replaceAll('$', 'nginx.ingress.kubernetes.io/'),
  });
const group = (first: string, second: string) =>
  [
    alb(`$group.name: g${first}`).replace('name: i,', 'name: a,'),
    alb(`$group.name: g${second}`, rules('b.test', path('/', 'two'))).replace(
      'name: i,',
      'name: b,',
    ),
  ].join('\n---\n');

const inRule = (fields: string) => route(`rules: [{ ${fields} }]`);
const withFilter = (filter: string) =>
  inRule(`backendRefs: [{ name: one, port: 80 }], filters: [${filter}]`);

/** Where a problem is, and words of it. */
type Row = readonly [what: string, objects: string, place: RegExp, problem: RegExp];

/** What the API server refuses: the CRDs' schemas and CEL rules, and k8s pkg/apis/networking. */
const API_SERVER: readonly Row[] = [
  [
    'a backend without a port',
    inRule('backendRefs: [{ name: one }]'),
    /backendRefs\[0\]\.port/,
    /port is missing/,
  ],
  [
    'a relative path',
    inRule('matches: [{ path: { value: app } }]'),
    /path\.value/,
    /not an absolute path/,
  ],
  [
    'a path with /../',
    inRule('matches: [{ path: { value: /a/../b } }]'),
    /path\.value/,
    /contains/,
  ],
  [
    'seventeen headers',
    inRule(
      `matches: [{ headers: [${Array.from({ length: 17 }, (_, i) => `{ name: h${i}, value: x }`)}] }]`,
    ),
    /headers/,
    /too many/,
  ],
  ['a path with //', inRule('matches: [{ path: { value: /a//b } }]'), /path\.value/, /contains/],
  ['a path with %2f', inRule('matches: [{ path: { value: /a%2fb } }]'), /path\.value/, /contains/],
  [
    'a path that ends in /..',
    inRule('matches: [{ path: { value: /a/.. } }]'),
    /path\.value/,
    /ends in/,
  ],
  [
    'a path with a blank',
    inRule('matches: [{ path: { value: "/a b" } }]'),
    /path\.value/,
    /characters/,
  ],
  ['a filter type', withFilter('{ type: Nonsense }'), /filters\[0\]\.type/, /Nonsense/],
  ['a filter without its field', withFilter('{ type: URLRewrite }'), /urlRewrite/, /missing/],
  [
    'a filter with the field of another',
    withFilter(
      '{ type: URLRewrite, urlRewrite: {}, requestMirror: { backendRef: { name: one, port: 80 } } }',
    ),
    /filters\[0\]/,
    /not for type/,
  ],
  [
    'a filter twice',
    withFilter('{ type: URLRewrite, urlRewrite: {} }, { type: URLRewrite, urlRewrite: {} }'),
    /filters\[1\]/,
    /twice/,
  ],
  [
    'a redirect with backends',
    withFilter('{ type: RequestRedirect, requestRedirect: {} }'),
    /filters/,
    /together with backendRefs/,
  ],
  [
    'a redirect and a rewrite',
    inRule(
      'filters: [{ type: RequestRedirect, requestRedirect: {} }, { type: URLRewrite, urlRewrite: {} }]',
    ),
    /filters/,
    /both/,
  ],
  [
    'a redirect with another status',
    inRule('filters: [{ type: RequestRedirect, requestRedirect: { statusCode: 304 } }]'),
    /filters/,
    /304/,
  ],
  [
    'a prefix replaced without a prefix',
    inRule(
      `matches: [${prefix('/a')}, ${prefix('/b')}], backendRefs: [{ name: one, port: 80 }], filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }]`,
    ),
    /matches/,
    /exactly one/,
  ],
  [
    'a path modifier of two kinds',
    withFilter(
      '{ type: URLRewrite, urlRewrite: { path: { type: ReplaceFullPath, replacePrefixMatch: / } } }',
    ),
    /path/,
    /replaceFullPath is missing/,
  ],
  ['a method', inRule('matches: [{ method: FETCH }]'), /method/, /FETCH/],
  [
    'a header match type',
    inRule('matches: [{ headers: [{ name: a, value: b, type: Prefix }] }]'),
    /type/,
    /Prefix/,
  ],
  [
    'a header twice',
    inRule('matches: [{ headers: [{ name: a, value: b }, { name: A, value: c }] }]'),
    /headers\[1\]/,
    /twice/,
  ],
  [
    'a weight',
    inRule('backendRefs: [{ name: one, port: 80, weight: 1000001 }]'),
    /weight/,
    /out of range/,
  ],
  [
    'an address as host name',
    route('hostnames: ["10.0.0.1"], rules: [{}]'),
    /hostnames\[0\]/,
    /address/,
  ],
  [
    'an upper-case host name',
    route('hostnames: [A.test], rules: [{}]'),
    /hostnames\[0\]/,
    /host name/,
  ],
  [
    'a parent twice',
    route('rules: [{}]', { parents: '{ name: gw }, { name: gw }' }),
    /parentRefs\[1\]/,
    /twice/,
  ],
  ['a duration', inRule('timeouts: { request: 5 minutes }'), /request/, /duration/],
  [
    'a backend timeout above the request’s',
    inRule('timeouts: { request: 1s, backendRequest: 2s }'),
    /timeouts/,
    /longer/,
  ],
  [
    'two listeners of one name',
    gateway('{ name: a, port: 80, protocol: HTTP }, { name: a, port: 81, protocol: HTTP }'),
    /listeners\[1\]/,
    /two listeners/,
  ],
  [
    'two listeners of one place',
    gateway('{ name: a, port: 80, protocol: HTTP }, { name: b, port: 80, protocol: HTTP }'),
    /listeners\[1\]/,
    /same hostname/,
  ],
  [
    'tls of an HTTP listener',
    gateway('{ name: a, port: 80, protocol: HTTP, tls: { certificateRefs: [{ name: c }] } }'),
    /tls/,
    /not for protocol HTTP/,
  ],
  [
    'tls without certificates',
    gateway('{ name: a, port: 443, protocol: HTTPS, tls: {} }'),
    /tls/,
    /certificateRefs/,
  ],
  [
    'Passthrough of HTTPS',
    gateway('{ name: a, port: 443, protocol: HTTPS, tls: { mode: Passthrough } }'),
    /tls/,
    /Terminate/,
  ],
  ['a port of a listener', gateway('{ name: a, port: 0, protocol: HTTP }'), /port/, /out of range/],
  ['no listener', gateway(''), /listeners/, /no listener/],
  [
    'class by field and annotation',
    ingress(rules('a.test', path('/', 'one')), {
      annotations: '{ kubernetes.io/ingress.class: nginx }',
    }),
    /ingressClassName/,
    /annotation/,
  ],
  ['neither rules nor default backend', ingress('tls: []'), /spec/, /neither/],
  [
    'a relative path of any type',
    ingress(rules('a.test', path('app', 'one', 'ImplementationSpecific'))),
    /path/,
    /not an absolute path/,
  ],
  ['an Ingress path with //', ingress(rules('a.test', path('/a//b', 'one'))), /path/, /contains/],
  ['an Ingress path with %2F', ingress(rules('a.test', path('/a%2Fb', 'one'))), /path/, /contains/],
  [
    'a Service without a port',
    ingress(
      'rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: one } } }] } }]',
    ),
    /port/,
    /missing/,
  ],
  [
    'a port by number and name',
    ingress(rules('', path('/', 'one|number: 80, name: web'))),
    /port/,
    /number or a name/,
  ],
  [
    'service and resource',
    ingress(
      'rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: one, port: { number: 80 } }, resource: { kind: S, name: s } } }] } }]',
    ),
    /backend/,
    /both/,
  ],
  ['an address as Ingress host', ingress(rules('10.0.0.1', path('/', 'one'))), /host/, /address/],
  ['* as Ingress host', ingress(rules('*', path('/', 'one'))), /host/, /host name/],
];

/** What the AWS Load Balancer Controller refuses (pkg/ingress at 225f445). */
const CONTROLLER: readonly Row[] = [
  ['a range', alb('$inbound-cidrs: 192.0.2.0/240'), /inbound-cidrs/, /192\.0\.2\.0\/240/],
  [
    'a range without a prefix',
    alb('$inbound-cidrs: "10.0.0.0, 192.0.2.0/24"'),
    /inbound-cidrs/,
    /10\.0\.0\.0/,
  ],
  ['a scheme', alb('$scheme: public'), /scheme/, /public/],
  ['an address type', alb('$ip-address-type: ipv6'), /ip-address-type/, /ipv6/],
  ['a protocol of a listener', alb(`$listen-ports: '[{"TCP": 80}]'`), /listen-ports/, /TCP/],
  ['a port of a listener', alb(`$listen-ports: '[{"HTTP": 70000}]'`), /listen-ports/, /70000/],
  ['no listener', alb("$listen-ports: '[]'"), /listen-ports/, /list of ports/],
  ['listeners that are not JSON', alb('$listen-ports: "80"'), /listen-ports/, /list of ports/],
  ['an order', alb('$group.name: g, $group.order: "1001"'), /group\.order/, /1001/],
  ['a group name', alb('$group.name: G_1'), /group\.name/, /G_1/],
  [
    'a target type',
    ingress(rules('a.test', path('/', 'one')), {
      className: 'alb',
      annotations: '{ alb.ingress.kubernetes.io/target-type: pod }',
    }),
    /target-type/,
    /pod/,
  ],
  [
    'instance targets of a ClusterIP Service',
    ingress(rules('a.test', path('/', 'one')), { className: 'alb' }),
    /target-type/,
    /NodePort or LoadBalancer/,
  ],
  [
    'a wildcard in a prefix',
    alb('$scheme: internal', rules('a.test', path('/a*', 'one'))),
    /path/,
    /wildcards/,
  ],
  [
    'an action that is not JSON',
    alb('$actions.x: "{"', rules('a.test', path('/', 'x|name: use-annotation'))),
    /actions/,
    /JSON/,
  ],
  [
    'an action without its settings',
    alb(`$actions.x: '{"type":"redirect"}'`, rules('a.test', path('/', 'x|name: use-annotation'))),
    /actions/,
    /missing/,
  ],
  [
    'several targets without weights',
    alb(
      `$actions.x: '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"one","servicePort":80},{"serviceName":"two","servicePort":80}]}}'`,
      rules('a.test', path('/', 'x|name: use-annotation')),
    ),
    /actions/,
    /weight is missing/,
  ],
  [
    'a condition without values',
    alb(`$conditions.one: '[{"field":"path-pattern","pathPatternConfig":{"values":[]}}]'`),
    /conditions/,
    /empty/,
  ],
  ['a health check port', alb('$healthcheck-port: "0"'), /healthcheck-port/, /not a port/],
  [
    'ssl-redirect without its listener',
    alb('$ssl-redirect: "443"'),
    /ssl-redirect/,
    /no HTTPS listener/,
  ],
  [
    'two schemes in a group',
    group(', $scheme: internal', ', $scheme: internet-facing'),
    /scheme/,
    /conflicts/,
  ],
  [
    'two ranges at a port',
    group(', $inbound-cidrs: 192.0.2.0/24', ', $inbound-cidrs: 198.51.100.0/24'),
    /inbound-cidrs/,
    /conflicts/,
  ],
  [
    'two protocols at a port',
    group(`, $listen-ports: '[{"HTTP":80}]'`, `, $listen-ports: '[{"HTTPS":80}]'`),
    /listen-ports/,
    /conflicts/,
  ],
  [
    'two sets of subnets',
    group(', $subnets: "a, b"', ', $subnets: "a, c"'),
    /subnets/,
    /conflicts/,
  ],
  [
    'two sets of security groups',
    group(', $security-groups: sg-1', ', $security-groups: sg-2'),
    /security-groups/,
    /conflicts/,
  ],
  [
    'two address types',
    group(', $ip-address-type: ipv4', ', $ip-address-type: dualstack'),
    /ip-address-type/,
    /conflicts/,
  ],
];

/** Valid, and not supported: refused by name, with what to do. */
const UNSUPPORTED: readonly Row[] = [
  ['a CORS filter', withFilter('{ type: CORS, cors: {} }'), /cors/, /not supported/],
  [
    'an external authorization',
    withFilter('{ type: ExternalAuth, externalAuth: {} }'),
    /externalAuth/,
    /not supported/,
  ],
  [
    'an extension',
    withFilter('{ type: ExtensionRef, extensionRef: { group: g, kind: K, name: n } }'),
    /extensionRef/,
    /not supported/,
  ],
  [
    'client certificates',
    gateway().replace('spec: {', 'spec: { tls: { frontend: { default: {} } },'),
    /frontend/,
    /not supported/,
  ],
  ['an unknown field', inRule('timeout: 1s'), /timeout/, /no field/],
  [
    'authentication of ingress-nginx',
    nginx('$auth-url: "https://x.test"'),
    /auth-url/,
    /not supported/,
  ],
  [
    'a snippet of ingress-nginx',
    nginx('$configuration-snippet: "deny all;"'),
    /snippet/,
    /not supported/,
  ],
  ['a canary of ingress-nginx', nginx('$canary: "true"'), /canary/, /not supported/],
  ['a misspelt annotation', nginx('$rewrite-targte: /'), /rewrite-targte/, /no annotation/],
  ['authentication of an ALB', alb('$auth-type: oidc'), /auth-type/, /not supported/],
  ['a web ACL of an ALB', alb('$wafv2-acl-arn: arn'), /wafv2/, /not supported/],
  ['a misspelt annotation of an ALB', alb('$schema: internal'), /schema/, /no annotation/],
  [
    'a range of ingress-nginx',
    nginx('$whitelist-source-range: 10.0.0.0/33'),
    /whitelist/,
    /prefix/,
  ],
  [
    'an expression of ingress-nginx',
    ingress(rules('a.test', path('/v(', 'one', 'ImplementationSpecific')), {
      annotations: '{ nginx.ingress.kubernetes.io/use-regex: "true" }',
    }),
    /./,
    /not valid/,
  ],
];

const object = (apiVersion: string, kind: string, labels = '') => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: x, namespace: edge${labels} }
spec: {}`;

/** Kinds that are about HTTP and are not read. */
const KINDS: readonly Row[] = [
  ['GRPCRoute', 'gateway.networking.k8s.io/v1'],
  ['TLSRoute', 'gateway.networking.k8s.io/v1'],
  ['TCPRoute', 'gateway.networking.k8s.io/v1alpha2'],
  ['UDPRoute', 'gateway.networking.k8s.io/v1alpha2'],
  ['ListenerSet', 'gateway.networking.k8s.io/v1'],
  ['BackendTLSPolicy', 'gateway.networking.k8s.io/v1'],
  ['TargetGroupBinding', 'elbv2.k8s.aws/v1beta1'],
  ['LoadBalancerConfiguration', 'gateway.k8s.aws/v1beta1'],
].map(([kind = '', version = '']) => [
  kind,
  object(version, kind),
  /^kind$/,
  new RegExp(`${kind} is not supported`),
]);

test('a TargetGroupBinding that the controller made is known', () => {
  const made = object(
    'elbv2.k8s.aws/v1beta1',
    'TargetGroupBinding',
    ', labels: { ingress.k8s.aws/stack: g }',
  );
  expect(readCase(made).kind).toBe('read');
});

describe.each([
  ['refused as by the API server', API_SERVER],
  ['refused as by the AWS Load Balancer Controller', CONTROLLER],
  ['refused by name', UNSUPPORTED],
  ['refused kinds', KINDS],
])('%s', (_, rows) => {
  test.each(rows)('%s', (_what, objects, place, problem) => {
    const reading = readCase(objects);
    const found = reading.kind === 'problems' ? reading.problems : [];
    const fits = found.filter((one) => place.test(one.path) && problem.test(one.problem));
    expect(fits.length === 0 ? found : 'refused').toBe('refused');
    expect(found.every(({ fix }) => fix !== '')).toBe(true);
  });
});

test('what is without effect on who reaches whom is read', () => {
  const objects = [
    gateway(),
    inRule(
      'name: n, backendRefs: [{ name: one, port: 80 }], retry: { attempts: 2 }, sessionPersistence: { sessionName: s }',
    ),
    nginx('$proxy-body-size: 8m, $limit-rps: "5"'),
    alb('$success-codes: "200", $tags: "a=b"'),
  ].join('\n---\n');
  expect(readCase(objects.replace(/name: i,(?![\s\S]*name: i,)/, 'name: j,')).kind).toBe('read');
});
