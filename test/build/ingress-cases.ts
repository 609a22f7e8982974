import { asked, type HttpCase, ingress, path, rules } from './http-cases';

const one = (name: string, objects: readonly string[], requests: readonly string[]): HttpCase => ({
  rule: name,
  objects: objects.join('\n---\n'),
  requests: requests.map(asked),
});

const backend = (name: string) =>
  `defaultBackend: { service: { name: ${name}, port: { number: 80 } } }`;

const ingressClass = (name: string, controller: string, meta = '') => `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: ${name}${meta} }
spec: { controller: ${controller} }`;

const nginx = (annotations: string) => ({
  annotations: `{ ${annotations.replaceAll('$', 'nginx.ingress.kubernetes.io/')} }`,
});

/** The scenarios of the Ingress conformance features, and what ingress-nginx adds. */
export const INGRESS_CASES: readonly HttpCase[] = [
  one(
    'default_backend',
    [ingress(backend('one'))],
    [
      'nginx http://a.test/ -> one',
      'nginx http://any.test/x -> one',
      'nginx DELETE http://a.test/ -> one',
    ],
  ),
  one(
    'default_backend beside rules',
    [ingress(`${rules('a.test', path('/x', 'two'))}, ${backend('one')}`)],
    ['nginx http://a.test/x -> two', 'nginx http://a.test/y -> one', 'nginx http://b.test/ -> one'],
  ),
  one(
    'host_rules',
    [
      ingress(rules('foo.bar.test', path('/', 'one'))),
      ingress(rules('*.foo.test', path('/', 'two')), { name: 'w' }),
    ],
    [
      'nginx http://foo.bar.test/ -> one',
      'nginx http://FOO.bar.test/ -> one',
      'nginx http://x.foo.test/ -> two',
      'nginx http://y.x.foo.test/ -> 404',
      'nginx http://foo.test/ -> 404',
      'nginx http://other.test/ -> 404',
    ],
  ),
  one(
    'path_rules: Exact',
    [ingress(rules('a.test', path('/foo', 'one', 'Exact'), path('/dir/', 'two', 'Exact')))],
    [
      'nginx http://a.test/foo -> one',
      'nginx http://a.test/foo/ -> 404',
      'nginx http://a.test/FOO -> 404',
      'nginx http://a.test/dir/ -> two',
      'nginx http://a.test/dir -> 404',
    ],
  ),
  one(
    'path_rules: Prefix',
    [ingress(rules('a.test', path('/foo', 'one'), path('/aaa/bbb', 'two'), path('/aaa', 'three')))],
    [
      'nginx http://a.test/foo -> one',
      'nginx http://a.test/foo/bar -> one',
      'nginx http://a.test/foobar -> 404',
      'nginx http://a.test/aaa/bbb/ccc -> two',
      'nginx http://a.test/aaa/ccc -> three',
      'nginx http://a.test/aaaccc -> 404',
      'nginx http://a.test/Foo -> 404',
    ],
  ),
  one(
    'path_rules: Exact before Prefix',
    [ingress(rules('a.test', path('/foo', 'one'), path('/foo', 'two', 'Exact')))],
    ['nginx http://a.test/foo -> two', 'nginx http://a.test/foo/ -> one'],
  ),
  one(
    'load_balancing, and a Service without endpoints',
    [ingress(rules('a.test', path('/', 'one'), path('/e', 'empty'), path('/g', 'gone')))],
    ['nginx http://a.test/ -> one', 'nginx http://a.test/e -> 503', 'nginx http://a.test/g -> 503'],
  ),
  one(
    'tls',
    [
      ingress(`tls: [{ hosts: [a.test], secretName: s }], ${rules('a.test', path('/', 'one'))}`),
      ingress(rules('b.test', path('/', 'two')), { name: 'b' }),
    ],
    ['nginx https://a.test/ -> one', 'nginx http://a.test/ -> one', 'nginx https://b.test/ -> 404'],
  ),
  one(
    'tls without hosts, and a rule without a host',
    [ingress(`tls: [{ secretName: s }], ${rules('', path('/', 'one'))}`)],
    ['nginx https://a.test/ -> one', 'nginx http://a.test/ -> one'],
  ),
  one(
    'tls for a default backend alone',
    [ingress(`tls: [{ secretName: s }], ${backend('one')}`)],
    ['nginx https://a.test/ -> one'],
  ),
  one(
    'ingress_class: an unknown class',
    [ingress(rules('shop.example.com', path('/', 'one')), { className: 'unknown' })],
    ['shop http://shop.example.com/ -> refused', 'nginx http://shop.example.com/ -> refused'],
  ),
  one(
    'ingress_class: none, and no default',
    [ingress(rules('shop.example.com', path('/', 'one')), { className: '' })],
    ['shop http://shop.example.com/ -> refused', 'nginx http://shop.example.com/ -> refused'],
  ),
  one(
    'ingress_class: by its controller',
    [
      ingressClass('public', 'k8s.io/ingress-nginx'),
      ingress(rules('a.test', path('/', 'one')), { className: 'public' }),
    ],
    ['nginx http://a.test/ -> one'],
  ),
  one(
    'ingress_class: the default',
    [
      ingressClass(
        'main',
        'k8s.io/ingress-nginx',
        ', annotations: { ingressclass.kubernetes.io/is-default-class: "true" }',
      ),
      ingress(rules('a.test', path('/', 'one')), { className: '' }),
    ],
    ['nginx http://a.test/ -> one'],
  ),
  one(
    'ingress_class: the annotation',
    [
      ingress(rules('a.test', path('/', 'one')), {
        className: '',
        annotations: '{ kubernetes.io/ingress.class: nginx }',
      }),
    ],
    ['nginx http://a.test/ -> one'],
  ),
  one(
    'allowed clients',
    [ingress(rules('a.test', path('/', 'one')), nginx('$whitelist-source-range: 192.0.2.0/24'))],
    ['nginx http://a.test/ -> 403'],
  ),
  one(
    'denied clients',
    [ingress(rules('a.test', path('/', 'one')), nginx('$denylist-source-range: 10.0.0.0/8'))],
    ['nginx http://a.test/ -> 403'],
  ),
  one(
    'permanent-redirect',
    [ingress(rules('a.test', path('/', 'one')), nginx('$permanent-redirect: "https://x.test/y"'))],
    ['nginx http://a.test/z -> 301 https://x.test/y'],
  ),
  one(
    'use-regex',
    [
      ingress(
        rules('a.test', path('/v[0-9]+', 'one', 'ImplementationSpecific')),
        nginx('$use-regex: "true"'),
      ),
    ],
    [
      'nginx http://a.test/v12 -> one',
      'nginx http://a.test/V1/x -> one',
      'nginx http://a.test/vx -> 404',
    ],
  ),
  one(
    'rewrite-target',
    [
      ingress(rules('a.test', path('/app(/|$)(.*)', 'one', 'ImplementationSpecific')), {
        annotations: '{ nginx.ingress.kubernetes.io/rewrite-target: "/$2" }',
      }),
    ],
    ['nginx http://a.test/app/login -> one > /login', 'nginx http://a.test/app -> one > /'],
  ),
  one(
    'force-ssl-redirect',
    [
      ingress(
        `tls: [{ hosts: [a.test] }], ${rules('a.test', path('/', 'one'))}`,
        nginx('$force-ssl-redirect: "true"'),
      ),
    ],
    ['nginx http://a.test/x -> 308 https://a.test/x', 'nginx https://a.test/x -> one'],
  ),
];

const alb = (annotations: string, name = 'i') => ({
  name,
  className: 'alb',
  annotations: `{ $target-type: ip${annotations === '' ? '' : `, ${annotations}`} }`.replaceAll(
    '$',
    'alb.ingress.kubernetes.io/',
  ),
});
const SHOP = 'shop.example.com';
const act = (name: string) => `${name}|name: use-annotation`;

/** What the AWS Load Balancer Controller makes of Ingresses (its guide: annotations). */
export const ALB_CASES: readonly HttpCase[] = [
  one(
    'listen-ports: another port',
    [ingress(rules(SHOP, path('/', 'one')), alb(`$listen-ports: '[{"HTTP": 8080}]'`))],
    [`shop http://${SHOP}:8080/ -> one`, `shop http://${SHOP}/ -> refused`],
  ),
  one(
    'listen-ports: HTTPS without a tls block',
    [
      ingress(
        rules(SHOP, path('/', 'one')),
        alb(
          `$listen-ports: '[{"HTTPS": 443}]', $certificate-arn: "arn:aws:acm:eu-west-1:111122223333:certificate/x"`,
        ),
      ),
    ],
    [`shop https://${SHOP}/ -> one`, `shop http://${SHOP}/ -> refused`],
  ),
  one(
    'certificate-arn alone: port 443',
    [
      ingress(
        rules(SHOP, path('/', 'one')),
        alb('$certificate-arn: "arn:aws:acm:eu-west-1:111122223333:certificate/x"'),
      ),
    ],
    [`shop https://${SHOP}/ -> one`, `shop http://${SHOP}/ -> refused`],
  ),
  one(
    'tls alone: port 80',
    [ingress(`tls: [{ hosts: [${SHOP}] }], ${rules(SHOP, path('/', 'one'))}`, alb(''))],
    [`shop http://${SHOP}/ -> one`, `shop https://${SHOP}/ -> refused`],
  ),
  one(
    'conditions: a header',
    [
      ingress(
        rules(SHOP, path('/x', 'two'), path('/', 'one')),
        alb(
          `$conditions.two: '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"canary","values":["yes"]}}]'`,
        ),
      ),
    ],
    [`shop http://${SHOP}/x -> one`, `shop http://${SHOP}/x canary=yes -> two`],
  ),
  one(
    'conditions: source-ip',
    [
      ingress(
        rules(SHOP, path('/x', 'two'), path('/', 'one')),
        alb(
          `$conditions.two: '[{"field":"source-ip","sourceIPConfig":{"values":["192.0.2.0/24"]}}]'`,
        ),
      ),
    ],
    [`shop http://${SHOP}/x -> one`],
  ),
  one(
    'conditions: method and query',
    [
      ingress(
        rules(SHOP, path('/x', 'two'), path('/', 'one')),
        alb(
          `$conditions.two: '[{"field":"http-request-method","httpRequestMethodConfig":{"values":["POST","PUT"]}},{"field":"query-string","queryStringConfig":{"values":[{"key":"a","value":"1"}]}}]'`,
        ),
      ),
    ],
    [
      `shop http://${SHOP}/x?a=1 -> one`,
      `shop POST http://${SHOP}/x?a=1 -> two`,
      `shop POST http://${SHOP}/x?a=2 -> one`,
    ],
  ),
  one(
    'actions: a fixed response',
    [
      ingress(
        rules(SHOP, path('/f', act('fix'), 'Exact'), path('/', 'one')),
        alb(
          `$actions.fix: '{"type":"fixed-response","fixedResponseConfig":{"contentType":"text/plain","statusCode":"418","messageBody":"t"}}'`,
        ),
      ),
    ],
    [`shop http://${SHOP}/f -> 418`, `shop http://${SHOP}/ -> one`],
  ),
  one(
    'actions: a redirect',
    [
      ingress(
        rules(SHOP, path('/', act('go'))),
        alb(
          `$actions.go: '{"type":"redirect","redirectConfig":{"port":"443","protocol":"HTTPS","statusCode":"HTTP_301"}}'`,
        ),
      ),
    ],
    [`shop http://${SHOP}/x -> 301 https://${SHOP}/x`],
  ),
  one(
    'actions: ssl-redirect is left out where it would never end',
    [
      ingress(
        rules(SHOP, path('/', act('ssl-redirect')), path('/', 'one')),
        alb(
          `$listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]', $actions.ssl-redirect: '{"type":"redirect","redirectConfig":{"port":"443","protocol":"HTTPS","statusCode":"HTTP_301"}}'`,
        ),
      ),
    ],
    [`shop http://${SHOP}/x -> 301 https://${SHOP}/x`, `shop https://${SHOP}/x -> one`],
  ),
  one(
    'actions: weights',
    [
      ingress(
        rules(SHOP, path('/', act('split'))),
        alb(
          `$actions.split: '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"one","servicePort":80,"weight":3},{"serviceName":"two","servicePort":"80","weight":1}]}}'`,
        ),
      ),
    ],
    [`shop http://${SHOP}/ -> 75% one, 25% two`],
  ),
  one(
    'ssl-redirect',
    [
      ingress(
        rules(SHOP, path('/', 'one')),
        alb(`$listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]', $ssl-redirect: "443"`),
      ),
    ],
    [`shop http://${SHOP}/x -> 301 https://${SHOP}/x`, `shop https://${SHOP}/x -> one`],
  ),
  one(
    'group.order: an earlier shorter prefix serves',
    [
      ingress(rules(SHOP, path('/', 'one')), alb('$group.name: g, $group.order: "1"', 'aaa')),
      ingress(rules(SHOP, path('/api', 'two')), alb('$group.name: g, $group.order: "2"', 'bbb')),
    ],
    [`shop http://${SHOP}/api/x -> one`],
  ),
  one(
    'group.order before the name',
    [
      ingress(rules(SHOP, path('/', 'one')), alb('$group.name: g, $group.order: "10"', 'aaa')),
      ingress(rules(SHOP, path('/', 'two')), alb('$group.name: g, $group.order: "1"', 'zzz')),
    ],
    [`shop http://${SHOP}/x -> two`],
  ),
  one(
    'a group: rules are at the ports of their own Ingress',
    [
      ingress(
        rules(SHOP, path('/', 'one')),
        alb(`$group.name: g, $listen-ports: '[{"HTTP": 80}]'`, 'a'),
      ),
      ingress(
        rules(SHOP, path('/admin', 'two')),
        alb(`$group.name: g, $listen-ports: '[{"HTTP": 8080}]'`, 'b'),
      ),
    ],
    [
      `shop http://${SHOP}/admin -> one`,
      `shop http://${SHOP}:8080/admin -> two`,
      `shop http://${SHOP}:8080/x -> 404`,
    ],
  ),
  one(
    'two load balancers: a name leads to one of them',
    [
      ingress(rules(SHOP, path('/a', 'one')), alb('', 'one')),
      ingress(rules(SHOP, path('/b', 'two')), alb('', 'two')),
    ],
    [`shop http://${SHOP}/a -> one`, `shop http://${SHOP}/b -> 404`],
  ),
  one(
    'ImplementationSpecific is a pattern',
    [
      ingress(
        rules(
          SHOP,
          path('/api/*/x', 'one', 'ImplementationSpecific'),
          path('/only', 'three', 'ImplementationSpecific'),
          path('/*', 'two', 'ImplementationSpecific'),
        ),
        alb(''),
      ),
    ],
    [
      `shop http://${SHOP}/api/7/x -> one`,
      `shop http://${SHOP}/y/z -> two`,
      `shop http://${SHOP}/only -> three`,
      `shop http://${SHOP}/only/more -> two`,
    ],
  ),
  one(
    'a rule without a host',
    [ingress(rules('', path('/', 'one')), alb(''))],
    [`shop http://${SHOP}/ -> one`],
  ),
  one(
    'a default backend alone',
    [ingress('defaultBackend: { service: { name: one, port: { number: 80 } } }', alb(''))],
    [`shop http://${SHOP}/ -> one`],
  ),
  one(
    'a wildcard is any number of labels',
    [ingress(rules('*.example.com', path('/', 'one')), alb(''))],
    [`shop http://${SHOP}/x -> one`, 'shop http://a.b.example.com/ -> one'],
  ),
  one(
    'paths of a rule: Exact, then the longest Prefix',
    [
      ingress(
        rules(SHOP, path('/', 'one'), path('/a/b', 'two'), path('/a/b', 'three', 'Exact')),
        alb(''),
      ),
    ],
    [
      `shop http://${SHOP}/a/b -> three`,
      `shop http://${SHOP}/a/b/c -> two`,
      `shop http://${SHOP}/a -> one`,
    ],
  ),
];
