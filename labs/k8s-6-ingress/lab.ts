import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { allowed, asks, choose, holds, stage } from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'k8s-6-ingress'>>({
  id: 'k8s-6-ingress',
  level: 3,
  title: 'Ingress and Gateway API: one entry point for many applications',
  goal: 'Route HTTP by host, path, header and weight to Services, in both APIs, and say who builds what for it.',
  head,
  prerequisites: ['k8s-2-services', 'k8s-4-dns'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster-and-balancers',
  localLimits:
    'Envoy plays the load balancer: routes, TLS and the way to the pods are real. What only AWS or an API server shows (target groups, the status of objects) is checked on kind and EKS.',
  needs: [{ name: 'envoy' }, { name: 'openssl', package: 'openssl' }],
  environment: {
    kind: 'cluster',
    home: 'edge',
    // The outside host that DNS resolves the name to: it serves the routes of that name.
    outside: [{ name: 'shop.example.com', addresses: ['203.0.113.80'], listens: [] }],
  },
  stages: [
    {
      name: 'services',
      about: 'Two applications with Services; no proxy.',
      keeps: ['client -> svc:edge/app1:80', 'client -> svc:edge/app2:80'],
      closes: [],
    },
    {
      name: 'ingress',
      about: 'An Ingress: one host, two paths, TLS.',
      keeps: ['client -> svc:edge/app1:80'],
      closes: [],
    },
    {
      name: 'gateway',
      about: 'The same by Gateway API: a Gateway and an HTTPRoute.',
      keeps: ['client -> svc:edge/app1:80'],
      closes: [],
    },
    {
      name: 'rules',
      about: 'TLS, a header, weights, and a Service of another namespace with a grant.',
      keeps: ['client -> svc:edge/app1:80', 'client -> svc:catalog/catalog:80'],
      closes: [],
    },
  ],
  start: 'services',
  steps: [
    {
      id: 'ingress',
      task: 'Publish `shop.example.com/app1` and `/app2` by an Ingress.',
      checks: [
        asks(
          choose(
            {
              id: 'who-routes',
              ask: 'You applied an Ingress and nothing happens. Why?',
              because:
                'An Ingress has no effect by itself. It needs a controller for the class that it names (nginx, traefik, alb). On EKS the AWS Load Balancer Controller answers class `alb` with an Application Load Balancer.',
            },
            'no controller implements its class',
            [
              'the pods must be restarted',
              'a pod never learns of an Ingress: nothing about it changes',
            ],
            [
              'an Ingress works only with NodePort Services',
              'it may name a Service of any type with a port; some controllers send straight to its pods',
            ],
          ),
        ),
        {
          kind: 'object',
          apiVersion: 'networking.k8s.io/v1',
          object: 'Ingress',
          namespace: 'edge',
          name: 'shop',
          path: 'status.loadBalancer.ingress.0',
          because: 'the controller writes the address of the proxy into the status',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'http://shop.example.com/app1',
          expect: { kind: 'answered', status: 200, by: 'app1' },
          because: 'host and path lead to app1',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'http://shop.example.com/app2',
          expect: { kind: 'answered', status: 200, by: 'app2' },
          because: 'the same host, the other path',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'http://shop.example.com/app1/orders',
          expect: { kind: 'answered', status: 200, by: 'app1' },
          because: 'a prefix holds for everything below it',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'http://shop.example.com/app1x',
          expect: { kind: 'answered', status: 404 },
          because: 'a prefix is made of whole path elements: /app1x is another one',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'http://unknown.example.com/app1',
          door: 'shop.example.com',
          expect: { kind: 'answered', status: 404 },
          because: 'no rule matches this host, so no backend gets the request',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'https://shop.example.com/app1',
          expect: { kind: 'answered', status: 200, by: 'app1' },
          because: 'TLS ends at the proxy, and plain HTTP goes on to the pod',
        },
        allowed('client', 'svc:edge/app1:80', 'behind the proxy is an ordinary Service'),
        holds('ingress', 'An Ingress: one host, two paths, TLS.'),
      ],
      hints: [
        '`kubectl -n edge describe ingress shop`: does it have an address, and events?',
        '`ingressClassName` must name a class that exists: `kubectl get ingressclass`.',
        'Try it before DNS knows the name: `curl -H "Host: shop.example.com" http://<address>/app1`.',
      ],
      solution: stage('ingress'),
      trials: trials.ingress,
      because:
        'The proxy ends the client’s connection and opens another to a pod: the pod sees the proxy’s address as its client.',
    },
    {
      id: 'gateway',
      task: 'Do the same with Gateway API, with the proxy and the routes in two objects.',
      checks: [
        asks(
          choose(
            {
              id: 'two-objects',
              ask: 'Why are Gateway and HTTPRoute two objects?',
              because:
                'Who owns the proxy (addresses, ports, certificates) is seldom who owns the application. With Ingress both edit one object and annotations do the rest.',
            },
            'two teams own them',
            [
              'one is for HTTP and one for HTTPS',
              'one Gateway can have listeners for both, and either needs a route behind it',
            ],
            [
              'a Gateway is for traffic out of the cluster',
              'its listeners wait for clients, wherever those stand; a direction would not need two objects',
            ],
          ),
        ),
        {
          kind: 'object',
          apiVersion: 'gateway.networking.k8s.io/v1',
          object: 'HTTPRoute',
          namespace: 'edge',
          name: 'apps',
          path: 'status.parents.0.conditions.0.status',
          equals: 'True',
          because: 'the Gateway accepted the route',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'http://shop.example.com/app2',
          expect: { kind: 'answered', status: 200, by: 'app2' },
          because: 'the route leads to app2',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'http://unknown.example.com/app2',
          door: 'shop.example.com',
          expect: { kind: 'answered', status: 404 },
          because: 'the listener and the route are for one host name',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'https://shop.example.com/app2',
          expect: { kind: 'refused' },
          because: 'this Gateway has one listener, for HTTP: nothing else is opened',
        },
        holds('gateway', 'The same by Gateway API: a Gateway and an HTTPRoute.'),
      ],
      hints: [
        '`parentRefs` of the route names the Gateway, and `sectionName` one of its listeners.',
        '`kubectl -n edge get gateway,httproute -o yaml`: read the conditions in the status.',
      ],
      solution: stage('gateway'),
      trials: trials.gateway,
      because:
        'The fields that Ingress left to annotations (weights, headers, redirects) are part of the API, and its status says whether they hold.',
    },
    {
      id: 'rules',
      task: 'Add to the Gateway a listener for HTTPS, and to the route: requests to `/app1` with the header `canary: yes` go to app2, a tenth of the others too, and `/catalog` leads to Service `catalog` of namespace `catalog` (Deployment `catalog`, port 8080; Service port 80).',
      checks: [
        asks(
          choose(
            {
              id: 'who-grants',
              ask: 'The route is in `edge`, the Service in `catalog`. Where does the ReferenceGrant belong?',
              because:
                'A grant is in the namespace that is referred to: its owner decides who may. Without one the reference is refused, and its share of the requests is answered with 500.',
            },
            'in catalog',
            [
              'in edge',
              'then every namespace could grant itself access to the Services of all others',
            ],
            [
              'in the namespace of the Gateway',
              'the Gateway is not what refers to the Service: the route does',
            ],
          ),
        ),
        {
          kind: 'http',
          from: 'client',
          url: 'http://shop.example.com/app1',
          headers: { canary: 'yes' },
          expect: { kind: 'answered', status: 200, by: 'app2' },
          because: 'of rules with one path the one with more headers comes first',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'http://shop.example.com/app1',
          headers: { canary: 'no' },
          expect: { kind: 'answered', status: 200 },
          because: 'without that value the weights decide: app1 or app2',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'http://shop.example.com/catalog',
          expect: { kind: 'answered', status: 200, by: 'catalog/catalog' },
          because: 'the grant admits routes of edge to this Service',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'https://shop.example.com/app1',
          headers: { canary: 'yes' },
          expect: { kind: 'answered', status: 200, by: 'app2' },
          because: 'the route names no sectionName, so it is attached to both listeners',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'http://shop.example.com/app2',
          expect: { kind: 'answered', status: 404 },
          because: 'no rule has this path any more',
        },
        holds('rules', 'TLS, a header, weights, and a Service of another namespace.'),
      ],
      hints: [
        '`lab explain client http://shop.example.com/app1 -H "canary: yes"` names the listener, the rule and the shares.',
        '`lab lint` names a reference that no ReferenceGrant admits.',
        'A listener for HTTPS needs `tls.certificateRefs`; here every Secret of that name counts as a certificate.',
      ],
      solution: stage('rules'),
      because:
        'Headers, weights and grants are fields with one meaning for every controller, and two fences keep teams apart: allowedRoutes of the Gateway, ReferenceGrant of the Service.',
    },
  ],
  questions: [
    choose(
      {
        id: 'rewrite',
        ask: 'An Ingress has the annotation `rewrite-target: /` and two path prefixes. What does app1 receive for `/app1/login`?',
        because:
          'The annotation (of one controller, nginx) replaces the whole matched path. To keep the rest one needs a capture group; without a rewrite the application must know its prefix.',
      },
      '/',
      [
        '/login',
        'to keep the rest it must be captured and named ($1, $2); this target names nothing',
      ],
      [
        '/app1/login',
        'that is what arrives without the annotation: it changes the path before the pod sees it',
      ],
    ),
    choose(
      {
        id: 'beta',
        ask: 'An example has `gateway.networking.k8s.io/v1beta1`. What should it be today?',
        because:
          'Gateway and HTTPRoute are v1 since October 2023. The beta is still served beside it, so old manifests are accepted; new fields and new texts belong to v1.',
      },
      'v1',
      ['v1alpha2', 'alpha came before beta: that would be a step back'],
      ['v2', 'there is no such version: kubectl api-resources lists the versions that are served'],
    ),
    choose(
      {
        id: 'alb-or-nlb',
        ask: 'Ten applications under ten paths of one host on EKS. ALB or NLB?',
        because:
          'Paths are HTTP, and only an ALB reads HTTP. An NLB forwards connections: one application, one balancer or one port.',
      },
      'ALB',
      ['NLB', 'it passes connections on by their port, and never sees a path'],
      ['either', 'only one of the two reads what is inside a connection'],
    ),
    choose(
      {
        id: 'policy-for-door',
        ask: 'app1 has a default deny. Whom must its ingress policy admit so that the proxy works with `target-type: ip`?',
        because:
          'An ALB is no pod: no label selects it. It calls from addresses of its own subnets, so only an ipBlock admits it.',
      },
      'the subnets of the load balancer',
      [
        'the client’s addresses',
        'the client’s connection ends at the proxy, and app1 sees the one the proxy opens',
      ],
      [
        'the ingress controller’s pods',
        'this controller only configures the proxy; no request passes through its pods',
      ],
    ),
  ],
});
