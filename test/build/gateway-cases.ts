import { asked, exactly, gateway, type HttpCase, prefix, route, rule } from './http-cases';

const one = (name: string, objects: readonly string[], requests: readonly string[]): HttpCase => ({
  rule: name,
  objects: objects.join('\n---\n'),
  requests: requests.map(asked),
});

const HOSTS3 =
  '{ name: a, port: 80, protocol: HTTP, hostname: very.specific.test }, { name: b, port: 80, protocol: HTTP, hostname: "*.wild.test" }, { name: c, port: 80, protocol: HTTP, hostname: "*.other.test" }';

const grant = (from: string, to: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: { name: g, namespace: other }
spec: { from: [${from}], to: [${to}] }`;

const FROM_EDGE = '{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: edge }';
const TO_SERVICES = '{ group: "", kind: Service }';
const ACROSS = '{ backendRefs: [{ name: one, namespace: other, port: 80 }] }';
const redirecting = (fields: string) =>
  `filters: [{ type: RequestRedirect, requestRedirect: { ${fields} } }]`;
const rewriting = (fields: string) => `filters: [{ type: URLRewrite, urlRewrite: { ${fields} } }]`;

/** Cases of Gateway API's conformance profile HTTP, Core; the name is that of the suite's test. */
export const GATEWAY_CORE: readonly HttpCase[] = [
  one(
    'HTTPRouteSimpleSameNamespace',
    [gateway(), route(`rules: [${rule('', 'one')}]`)],
    ['gw http://a.test/ -> one'],
  ),
  one(
    'HTTPRouteExactPathMatching',
    [gateway(), route(`rules: [${rule(exactly('/one'), 'one')}, ${rule(exactly('/two'), 'two')}]`)],
    [
      'gw http://a.test/one -> one',
      'gw http://a.test/two -> two',
      'gw http://a.test/ -> 404',
      'gw http://a.test/one/example -> 404',
      'gw http://a.test/two/ -> 404',
      'gw http://a.test/Two -> 404',
    ],
  ),
  one(
    'HTTPRouteHeaderMatching',
    [
      gateway(),
      route(
        `rules: [${rule('{ headers: [{ name: version, value: one }] }', 'one')}, ${rule('{ headers: [{ name: version, value: two }] }', 'two')}, ${rule('{ headers: [{ name: version, value: two }, { name: color, value: orange }] }', 'one')}, ${rule('{ headers: [{ name: color, value: blue }] }, { headers: [{ name: color, value: green }] }', 'three')}]`,
      ),
    ],
    [
      'gw http://a.test/ version=one -> one',
      'gw http://a.test/ Version=two -> two',
      'gw http://a.test/ version=two color=orange -> one',
      'gw http://a.test/ color=blue -> three',
      'gw http://a.test/ color=green -> three',
      'gw http://a.test/ color=red -> 404',
      'gw http://a.test/ -> 404',
    ],
  ),
  one(
    'HTTPRouteMatching',
    [
      gateway(),
      route(
        `rules: [${rule(`${prefix('/')}, { headers: [{ name: version, value: one }] }`, 'one')}, ${rule(`${prefix('/v2')}, { headers: [{ name: version, value: two }] }`, 'two')}]`,
      ),
    ],
    [
      'gw http://a.test/ -> one',
      'gw http://a.test/example -> one',
      'gw http://a.test/ version=one -> one',
      'gw http://a.test/v2 -> two',
      'gw http://a.test/v2example -> one',
      'gw http://a.test/ version=two -> two',
      'gw http://a.test/v2/ -> two',
    ],
  ),
  one(
    'HTTPRouteMatchingAcrossRoutes',
    [
      gateway(),
      route(
        `hostnames: [a.test, b.test], rules: [${rule(`${prefix('/')}, { headers: [{ name: version, value: one }] }`, 'one')}]`,
        { name: 'part1' },
      ),
      route(
        `hostnames: [a.test], rules: [${rule(`${prefix('/v2')}, { headers: [{ name: version, value: two }] }`, 'two')}]`,
        { name: 'part2' },
      ),
    ],
    [
      'gw http://a.test/ -> one',
      'gw http://b.test/v2 -> one',
      'gw http://a.test/v2 -> two',
      'gw http://a.test/v2example -> one',
      'gw http://a.test/ version=two -> two',
      'gw http://c.test/ -> 404',
    ],
  ),
  one(
    'HTTPRoutePathMatchOrder',
    [
      gateway(),
      route(
        `rules: [${rule(exactly('/match/exact/one'), 'three')}, ${rule(exactly('/match/exact'), 'two')}, ${rule(prefix('/match'), 'one')}, ${rule(prefix('/match/prefix/'), 'two')}, ${rule(prefix('/match/prefix/one'), 'one')}, ${rule(exactly('/match/prefix/one/any'), 'three')}]`,
      ),
    ],
    [
      'gw http://a.test/match/exact/one -> three',
      'gw http://a.test/match/exact -> two',
      'gw http://a.test/match -> one',
      'gw http://a.test/match/prefix/one/any -> three',
      'gw http://a.test/match/prefix/one/other -> one',
      'gw http://a.test/match/prefix/any -> two',
      'gw http://a.test/match/any -> one',
    ],
  ),
  one(
    'HTTPRouteHostnameIntersection',
    [
      gateway(HOSTS3),
      route(
        `hostnames: [no.match.test, "*.nomatch.test", very.specific.test], rules: [${rule(prefix('/s1'), 'one')}]`,
        { name: 's1' },
      ),
      route(
        `hostnames: [no.match.test, wild.test, x.wild.test, x.y.wild.test], rules: [${rule(prefix('/s2'), 'two')}]`,
        { name: 's2' },
      ),
      route(`hostnames: ["*.very.test", "*.wild.test"], rules: [${rule(prefix('/s3'), 'three')}]`, {
        name: 's3',
      }),
      route(
        `hostnames: [wild.test, specific.but.wrong.test], rules: [${rule(prefix('/s5'), 'two')}]`,
        { name: 's5' },
      ),
    ],
    [
      'gw http://very.specific.test/s1 -> one',
      'gw http://no.match.test/s1 -> 404',
      'gw http://x.nomatch.test/s1 -> 404',
      'gw http://very.specific.test/other -> 404',
      'gw http://x.wild.test/s2 -> two',
      'gw http://x.y.wild.test/s2 -> two',
      'gw http://wild.test/s2 -> 404',
      'gw http://any.wild.test/s3 -> three',
      'gw http://a.b.wild.test/s3 -> three',
      'gw http://wild.test/s3 -> 404',
      'gw http://specific.but.wrong.test/s5 -> 404',
      'gw http://wild.test/s5 -> 404',
    ],
  ),
  one(
    'HTTPRouteListenerHostnameMatching',
    [
      gateway(
        '{ name: l1, port: 80, protocol: HTTP, hostname: bar.test }, { name: l2, port: 80, protocol: HTTP, hostname: foo.bar.test }, { name: l3, port: 80, protocol: HTTP, hostname: "*.bar.test" }, { name: l4, port: 80, protocol: HTTP, hostname: "*.foo.test" }',
      ),
      route(`rules: [${rule('', 'one')}]`, {
        name: 'v1',
        parents: '{ name: gw, sectionName: l1 }',
      }),
      route(`rules: [${rule('', 'two')}]`, {
        name: 'v2',
        parents: '{ name: gw, sectionName: l2 }',
      }),
      route(`rules: [${rule('', 'three')}]`, {
        name: 'v3',
        parents: '{ name: gw, sectionName: l3 }, { name: gw, sectionName: l4 }',
      }),
    ],
    [
      'gw http://bar.test/ -> one',
      'gw http://foo.bar.test/ -> two',
      'gw http://baz.bar.test/ -> three',
      'gw http://multiple.prefixes.bar.test/ -> three',
      'gw http://multiple.prefixes.foo.test/ -> three',
      'gw http://foo.test/ -> 404',
      'gw http://no.matching.host/ -> 404',
    ],
  ),
  one(
    'GatewayHTTPListenerIsolation',
    [
      gateway(
        '{ name: any, port: 80, protocol: HTTP }, { name: wild, port: 80, protocol: HTTP, hostname: "*.foo.test" }, { name: exact, port: 80, protocol: HTTP, hostname: abc.foo.test }',
      ),
      route(`rules: [${rule(prefix('/any'), 'one')}]`, {
        name: 'any',
        parents: '{ name: gw, sectionName: any }',
      }),
      route(`rules: [${rule(prefix('/wild'), 'two')}]`, {
        name: 'wild',
        parents: '{ name: gw, sectionName: wild }',
      }),
      route(`rules: [${rule(prefix('/exact'), 'three')}]`, {
        name: 'exact',
        parents: '{ name: gw, sectionName: exact }',
      }),
    ],
    [
      'gw http://bar.test/any -> one',
      'gw http://bar.test/wild -> 404',
      'gw http://x.foo.test/wild -> two',
      'gw http://x.foo.test/any -> 404',
      'gw http://abc.foo.test/exact -> three',
      'gw http://abc.foo.test/wild -> 404',
      'gw http://abc.foo.test/any -> 404',
    ],
  ),
  one(
    'HTTPRouteInvalidNonExistentBackendRef',
    [gateway(), route(`rules: [${rule('', 'gone')}]`)],
    ['gw http://a.test/ -> 500'],
  ),
  one(
    'HTTPRouteInvalidBackendRefUnknownKind',
    [
      gateway(),
      route('rules: [{ backendRefs: [{ group: x.test, kind: Thing, name: one, port: 80 }] }]'),
    ],
    ['gw http://a.test/ -> 500'],
  ),
  one(
    'HTTPRouteInvalidCrossNamespaceBackendRef',
    [gateway(), route(`rules: [${ACROSS}]`)],
    ['gw http://a.test/ -> 500'],
  ),
  one(
    'HTTPRouteReferenceGrant',
    [gateway(), route(`rules: [${ACROSS}]`), grant(FROM_EDGE, TO_SERVICES)],
    ['gw http://a.test/ -> other/one'],
  ),
  one(
    'HTTPRouteReferenceGrant, by name',
    [
      gateway(),
      route(`rules: [${ACROSS}]`),
      grant(FROM_EDGE, '{ group: "", kind: Service, name: one }'),
    ],
    ['gw http://a.test/ -> other/one'],
  ),
  one(
    'HTTPRouteInvalidReferenceGrant, another name',
    [
      gateway(),
      route(`rules: [${ACROSS}]`),
      grant(FROM_EDGE, '{ group: "", kind: Service, name: x }'),
    ],
    ['gw http://a.test/ -> 500'],
  ),
  one(
    'HTTPRouteInvalidReferenceGrant, another kind',
    [gateway(), route(`rules: [${ACROSS}]`), grant(FROM_EDGE, '{ group: "", kind: Secret }')],
    ['gw http://a.test/ -> 500'],
  ),
  one(
    'HTTPRouteInvalidReferenceGrant, another namespace',
    [
      gateway(),
      route(`rules: [${ACROSS}]`),
      grant('{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: x }', TO_SERVICES),
    ],
    ['gw http://a.test/ -> 500'],
  ),
  one(
    'HTTPRouteInvalidReferenceGrant, from another kind',
    [
      gateway(),
      route(`rules: [${ACROSS}]`),
      grant('{ group: gateway.networking.k8s.io, kind: Gateway, namespace: edge }', TO_SERVICES),
    ],
    ['gw http://a.test/ -> 500'],
  ),
  one(
    'HTTPRoutePartiallyInvalidViaInvalidReferenceGrant',
    [
      gateway(),
      route(
        'rules: [{ backendRefs: [{ name: one, port: 80 }, { name: one, namespace: other, port: 80 }] }]',
      ),
    ],
    ['gw http://a.test/ -> 50% one, 50% 500'],
  ),
  one(
    'HTTPRouteInvalidCrossNamespaceParentRef',
    [
      gateway(),
      route(`rules: [${rule('', 'one')}]`, {
        namespace: 'other',
        parents: '{ name: gw, namespace: edge }',
      }),
    ],
    ['gw http://a.test/ -> 404'],
  ),
  one(
    'HTTPRouteCrossNamespace',
    [
      gateway(
        '{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { team: blue } } } } }',
      ),
      route(`rules: [${rule('', 'one')}]`, {
        namespace: 'other',
        parents: '{ name: gw, namespace: edge }',
      }),
      route(`rules: [${rule(prefix('/own'), 'two')}]`),
    ],
    ['gw http://a.test/ -> other/one', 'gw http://a.test/own -> other/one'],
  ),
  one(
    'HTTPRouteDisallowedKind',
    [
      gateway(
        '{ name: http, port: 80, protocol: HTTP, allowedRoutes: { kinds: [{ kind: GRPCRoute }] } }',
      ),
      route(`rules: [${rule('', 'one')}]`),
    ],
    ['gw http://a.test/ -> 404'],
  ),
  one(
    'HTTPRouteInvalidParentRefNotMatchingSectionName',
    [gateway(), route(`rules: [${rule('', 'one')}]`, { parents: '{ name: gw, sectionName: x }' })],
    ['gw http://a.test/ -> 404'],
  ),
  one(
    'HTTPRouteInvalidParentRefNotMatchingListenerPort',
    [gateway(), route(`rules: [${rule('', 'one')}]`, { parents: '{ name: gw, port: 81 }' })],
    ['gw http://a.test/ -> 404'],
  ),
  one(
    'HTTPRouteInvalidParentRefSectionNameNotMatchingPort',
    [
      gateway(),
      route(`rules: [${rule('', 'one')}]`, {
        parents: '{ name: gw, sectionName: http, port: 81 }',
      }),
    ],
    ['gw http://a.test/ -> 404'],
  ),
  one(
    'HTTPRouteListenerPortMatching',
    [
      gateway(
        '{ name: a, port: 80, protocol: HTTP, hostname: foo.test }, { name: b, port: 8080, protocol: HTTP, hostname: foo.test }, { name: c, port: 8080, protocol: HTTP, hostname: bar.test }, { name: d, port: 8090, protocol: HTTP, hostname: foo.test }, { name: e, port: 8090, protocol: HTTP, hostname: bar.test }',
      ),
      route(`rules: [${rule('', 'one')}]`, { name: 'v1', parents: '{ name: gw, port: 80 }' }),
      route(`rules: [${rule('', 'two')}]`, { name: 'v2', parents: '{ name: gw, port: 8080 }' }),
      route(`rules: [${rule('', 'three')}]`, {
        name: 'v3',
        parents: '{ name: gw, port: 8090, sectionName: d }',
      }),
    ],
    [
      'gw http://foo.test/ -> one',
      'gw http://foo.test:8080/ -> two',
      'gw http://bar.test:8080/ -> two',
      'gw http://foo.test:8090/ -> three',
      'gw http://bar.test:8090/ -> 404',
    ],
  ),
  one(
    'HTTPRouteMultipleGateways',
    [
      gateway(),
      gateway('{ name: http, port: 80, protocol: HTTP }', 'gw2'),
      route(`rules: [${rule(prefix('/shared'), 'one')}]`, {
        name: 'shared',
        parents: '{ name: gw }, { name: gw2 }',
      }),
      route(`rules: [${rule('', 'two')}]`, { name: 'first' }),
      route(`rules: [${rule('', 'three')}]`, { name: 'second', parents: '{ name: gw2 }' }),
    ],
    [
      'gw http://a.test/shared -> one',
      'gw http://a.test/x -> two',
      'gw2 http://a.test/shared -> one',
      'gw2 http://a.test/x -> three',
    ],
  ),
  one(
    'HTTPRouteWeight',
    [gateway(), route(`rules: [${rule('', 'one*7 two*3 three*0')}]`)],
    ['gw http://a.test/ -> 70% one, 30% two'],
  ),
  one(
    'HTTPRouteServiceTypes',
    [
      gateway(),
      route(
        `rules: [${rule(prefix('/node'), 'node')}, ${rule(prefix('/name'), 'elsewhere')}, ${rule(prefix('/empty'), 'empty')}]`,
      ),
    ],
    [
      'gw http://a.test/node -> node',
      'gw http://a.test/name -> 500',
      'gw http://a.test/empty -> 503',
    ],
  ),
  one(
    'HTTPRouteOmittedBackendRefs',
    [gateway(), route(`rules: [${rule(prefix('/x'), '')}]`)],
    ['gw http://a.test/x -> 500', 'gw http://a.test/y -> 404'],
  ),
  one(
    'HTTPRoute without rules',
    [
      gateway(),
      `\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: edge }\nspec: { parentRefs: [{ name: gw }] }`,
    ],
    ['gw http://a.test/x -> 500'],
  ),
  one(
    'HTTPRouteRedirectHostAndStatus',
    [
      gateway(),
      route(
        `rules: [${rule(prefix('/h'), '', redirecting('hostname: example.org, statusCode: 301'))}, ${rule(prefix('/f'), '', redirecting('hostname: example.org'))}]`,
      ),
    ],
    [
      'gw http://a.test/h -> 301 http://example.org/h',
      'gw http://a.test/f -> 302 http://example.org/f',
    ],
  ),
  one(
    'HTTPRouteRequestHeaderModifier',
    [
      gateway(),
      route(
        `rules: [${rule(prefix('/set'), 'one', 'filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: x-set, value: "100%" }], remove: [x-gone] } }]')}]`,
      ),
    ],
    ['gw http://a.test/set x-gone=1 -> one'],
  ),
  one(
    'HTTPRouteHTTPSListener',
    [
      gateway(
        '{ name: s, port: 443, protocol: HTTPS, hostname: a.test, tls: { certificateRefs: [{ name: cert }] } }',
      ),
      route(`rules: [${rule('', 'one')}]`),
    ],
    ['gw https://a.test/ -> one', 'gw http://a.test/ -> refused'],
  ),
  one(
    'GatewayInvalidTLSConfiguration',
    [gateway('{ name: s, port: 443, protocol: HTTPS }'), route(`rules: [${rule('', 'one')}]`)],
    ['gw https://a.test/ -> refused'],
  ),
  one(
    'GatewaySecretMissingReferenceGrant',
    [
      gateway(
        '{ name: s, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: cert, namespace: other }] } }',
      ),
      route(`rules: [${rule('', 'one')}]`),
    ],
    ['gw https://a.test/ -> refused'],
  ),
  one(
    'GatewaySecretReferenceGrantSpecific',
    [
      gateway(
        '{ name: s, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: cert, namespace: other }] } }',
      ),
      route(`rules: [${rule('', 'one')}]`),
      grant(
        '{ group: gateway.networking.k8s.io, kind: Gateway, namespace: edge }',
        '{ group: "", kind: Secret, name: cert }',
      ),
    ],
    ['gw https://a.test/ -> one'],
  ),
  one(
    'GatewayInvalidRouteKind',
    [
      gateway(
        '{ name: http, port: 80, protocol: HTTP, allowedRoutes: { kinds: [{ group: x.test, kind: Thing }] } }',
      ),
      route(`rules: [${rule('', 'one')}]`),
    ],
    ['gw http://a.test/ -> 404'],
  ),
  one(
    'GatewayInvalidListenersUnsupportedProtocol',
    [
      gateway(
        '{ name: x, port: 80, protocol: x.test/own }, { name: http, port: 8080, protocol: HTTP }',
      ),
      route(`rules: [${rule('', 'one')}]`),
    ],
    ['gw http://a.test/ -> refused', 'gw http://a.test:8080/ -> one'],
  ),
  one(
    'HTTPRoute ties: the oldest',
    [
      gateway(),
      route(`rules: [${rule('', 'two')}]`, {
        name: 'aaa',
        meta: ', creationTimestamp: "2025-05-05T00:00:00Z"',
      }),
      route(`rules: [${rule('', 'one')}]`, {
        name: 'zzz',
        meta: ', creationTimestamp: "2024-01-01T00:00:00Z"',
      }),
    ],
    ['gw http://a.test/ -> one'],
  ),
  one(
    'HTTPRoute ties: the first by name',
    [
      gateway(),
      route(`rules: [${rule('', 'two')}]`, { name: 'zzz' }),
      route(`rules: [${rule('', 'one')}]`, { name: 'aaa' }),
    ],
    ['gw http://a.test/ -> one'],
  ),
  one(
    'HTTPRoute hostnames: rules of a wider name serve what the narrower leaves',
    [
      gateway(),
      route(`hostnames: [a.wild.test], rules: [${rule(prefix('/only'), 'one')}]`, {
        name: 'narrow',
      }),
      route(`hostnames: ["*.wild.test"], rules: [${rule('', 'two')}]`, { name: 'wide' }),
    ],
    [
      'gw http://a.wild.test/only -> one',
      'gw http://a.wild.test/rest -> two',
      'gw http://b.wild.test/only -> two',
    ],
  ),
];

/** Cases of the Extended features that are served. */
export const GATEWAY_EXTENDED: readonly HttpCase[] = [
  one(
    'HTTPRouteQueryParamMatching',
    [
      gateway(),
      route(
        `rules: [${rule('{ queryParams: [{ name: animal, value: whale }] }', 'one')}, ${rule('{ queryParams: [{ name: animal, value: dolphin }, { name: color, value: blue }] }', 'two')}]`,
      ),
    ],
    [
      'gw http://a.test/?animal=whale -> one',
      'gw http://a.test/?animal=dolphin&color=blue -> two',
      'gw http://a.test/?animal=dolphin -> 404',
      'gw http://a.test/?animal=whale&otherparam=irrelevant -> one',
      'gw http://a.test/?color=blue -> 404',
    ],
  ),
  one(
    'HTTPRouteMethodMatching',
    [
      gateway(),
      route(
        `rules: [${rule('{ method: POST }', 'one')}, ${rule('{ method: GET }', 'two')}, ${rule('{ path: { type: PathPrefix, value: /p }, method: PATCH }', 'three')}]`,
      ),
    ],
    [
      'gw POST http://a.test/ -> one',
      'gw http://a.test/ -> two',
      'gw HEAD http://a.test/ -> 404',
      'gw PATCH http://a.test/p -> three',
    ],
  ),
  one(
    'HTTPRouteRedirectScheme',
    [gateway(), route(`rules: [${rule(prefix('/s'), '', redirecting('scheme: https'))}]`)],
    ['gw http://a.test/s -> 302 https://a.test/s'],
  ),
  one(
    'HTTPRouteRedirectPort',
    [
      gateway(),
      route(
        `rules: [${rule(prefix('/p'), '', redirecting('port: 8083'))}, ${rule(prefix('/h'), '', redirecting('port: 8083, hostname: example.org'))}]`,
      ),
    ],
    [
      'gw http://a.test/p -> 302 http://a.test:8083/p',
      'gw http://a.test/h -> 302 http://example.org:8083/h',
    ],
  ),
  one(
    'HTTPRouteRedirectPortAndScheme',
    [
      gateway('{ name: http, port: 8080, protocol: HTTP }'),
      route(
        `rules: [${rule(prefix('/none'), '', redirecting('hostname: example.org'))}, ${rule(prefix('/s'), '', redirecting('hostname: example.org, scheme: https'))}, ${rule(prefix('/p'), '', redirecting('hostname: example.org, scheme: https, port: 8443'))}]`,
      ),
    ],
    [
      'gw http://a.test:8080/none -> 302 http://example.org:8080/none',
      'gw http://a.test:8080/s -> 302 https://example.org/s',
      'gw http://a.test:8080/p -> 302 https://example.org:8443/p',
    ],
  ),
  one(
    'HTTPRouteRedirectPath',
    [
      gateway(),
      route(
        `rules: [${rule(prefix('/old'), '', redirecting('path: { type: ReplacePrefixMatch, replacePrefixMatch: /new }'))}, ${rule(prefix('/full'), '', redirecting('path: { type: ReplaceFullPath, replaceFullPath: /whole }'))}]`,
      ),
    ],
    [
      'gw http://a.test/old/a -> 302 http://a.test/new/a',
      'gw http://a.test/old -> 302 http://a.test/new',
      'gw http://a.test/full/path -> 302 http://a.test/whole',
    ],
  ),
  one(
    'HTTPRoute303, 307 and 308 redirects',
    [
      gateway(),
      route(
        `rules: [${rule(prefix('/3'), '', redirecting('statusCode: 303, scheme: https'))}, ${rule(prefix('/7'), '', redirecting('statusCode: 307, scheme: https'))}, ${rule(prefix('/8'), '', redirecting('statusCode: 308, scheme: https'))}]`,
      ),
    ],
    [
      'gw http://a.test/3 -> 303 https://a.test/3',
      'gw http://a.test/7 -> 307 https://a.test/7',
      'gw http://a.test/8 -> 308 https://a.test/8',
    ],
  ),
  one(
    'HTTPRouteRewritePath',
    [
      gateway(),
      route(
        `rules: [${rule(prefix('/prefix/one'), 'one', rewriting('path: { type: ReplacePrefixMatch, replacePrefixMatch: /one }'))}, ${rule(prefix('/full/one'), 'one', rewriting('path: { type: ReplaceFullPath, replaceFullPath: /one }'))}, ${rule(prefix('/strip'), 'one', rewriting('path: { type: ReplacePrefixMatch, replacePrefixMatch: / }'))}]`,
      ),
    ],
    [
      'gw http://a.test/prefix/one/two -> one > /one/two',
      'gw http://a.test/full/one/two?q=1 -> one > /one?q=1',
      'gw http://a.test/strip/three -> one > /three',
      'gw http://a.test/strip -> one > /',
      'gw http://a.test/strip/ -> one > /',
    ],
  ),
  one(
    'HTTPRouteRewriteHost',
    [gateway(), route(`rules: [${rule('', 'one', rewriting('hostname: inner.test'))}]`)],
    ['gw http://a.test/x -> one'],
  ),
  one(
    'HTTPRouteResponseHeaderModifier',
    [
      gateway(),
      route(
        `rules: [${rule('', 'one', 'filters: [{ type: ResponseHeaderModifier, responseHeaderModifier: { add: [{ name: x-added, value: v }] } }]')}]`,
      ),
    ],
    ['gw http://a.test/ -> one'],
  ),
  one(
    'HTTPRouteBackendRequestHeaderModifier',
    [
      gateway(),
      route(
        'rules: [{ backendRefs: [{ name: one, port: 80, filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: x-set, value: v }] } }] }] }]',
      ),
    ],
    ['gw http://a.test/ -> one'],
  ),
  one(
    'HTTPRouteRequestMirror',
    [
      gateway(),
      route(
        `rules: [${rule('', 'one', 'filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: two, port: 80 } } }]')}]`,
      ),
    ],
    ['gw http://a.test/ -> one'],
  ),
  one(
    'HTTPRouteTimeoutRequest',
    [gateway(), route(`rules: [${rule('', 'one', 'timeouts: { request: 500ms }')}]`)],
    ['gw http://a.test/ -> one'],
  ),
  one(
    'HTTPRouteNamedRule',
    [gateway(), route('rules: [{ name: named, backendRefs: [{ name: one, port: 80 }] }]')],
    ['gw http://a.test/ -> one'],
  ),
  one(
    'Empty lists count as not written',
    [
      gateway(),
      route(
        'hostnames: [], rules: [{ matches: [], filters: [], backendRefs: [{ name: one, port: 80, filters: [] }] }]',
      ),
    ],
    ['gw http://a.test/ -> one'],
  ),
  one(
    'An expression that is not valid: the route is not accepted, others are',
    [
      gateway(),
      route(`rules: [${rule('{ path: { type: RegularExpression, value: "/v(" } }', 'one')}]`, {
        name: 'bad',
      }),
      route(`rules: [${rule(prefix('/ok'), 'two')}]`),
    ],
    ['gw http://a.test/v -> 404', 'gw http://a.test/ok -> two'],
  ),
  one(
    'A long host name',
    [
      gateway(),
      route(
        `hostnames: [checkout-for-the-team-of-payments-and-refunds.production.internal.shop.example.com], rules: [${rule('', 'one')}]`,
      ),
    ],
    [
      'gw http://checkout-for-the-team-of-payments-and-refunds.production.internal.shop.example.com/ -> one',
    ],
  ),
  one(
    'A mesh parent is not served',
    [
      gateway(),
      route(`rules: [${rule('', 'one')}]`, { parents: '{ group: "", kind: Service, name: gw }' }),
    ],
    ['gw http://a.test/ -> 404'],
  ),
  one(
    'A Gateway that is not there',
    [route(`rules: [${rule('', 'one')}]`)],
    ['gw http://a.test/ -> refused'],
  ),
  one(
    'GatewayClass of the load balancer controller',
    [
      '\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: { name: lb }\nspec: { controllerName: gateway.k8s.aws/alb }',
      '\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: shop, namespace: edge }\nspec: { gatewayClassName: lb, listeners: [{ name: http, port: 80, protocol: HTTP, hostname: shop.example.com }] }',
      route(`rules: [${rule('', 'one')}]`, { parents: '{ name: shop }' }),
    ],
    ['shop http://shop.example.com/ -> one', 'shop http://other.test/ -> 404'],
  ),
  one(
    'GatewayClass that no controller is known for',
    [
      '\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: shop, namespace: edge }\nspec: { gatewayClassName: unknown, listeners: [{ name: http, port: 80, protocol: HTTP }] }',
      route(`hostnames: [shop.example.com], rules: [${rule('', 'one')}]`, {
        parents: '{ name: shop }',
      }),
    ],
    ['shop http://shop.example.com/ -> refused'],
  ),
];
