import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { allowed, asks, choose, stage } from '../../lib/lab/words';

export default defineLab<StageOf<'k8s-6-ingress'>>({
  id: 'k8s-6-ingress',
  level: 3,
  title: 'One door for many applications: Ingress and Gateway',
  goal: 'Route HTTP by host and path to Services, in both APIs, and say who builds what for it.',
  prerequisites: ['k8s-2-services', 'k8s-4-dns'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster-and-balancers',
  localLimits:
    'nginx plays the load balancer: routes, TLS and the way to the pods are real. What only AWS or an API server shows (target groups, the status of objects) is checked on kind and EKS.',
  needs: [
    { name: 'nginx', package: 'nginx-light' },
    { name: 'openssl', package: 'openssl' },
  ],
  environment: {
    kind: 'cluster',
    home: 'edge',
    // Where DNS leads the name: whoever serves the routes of it stands there, outside the cluster.
    outside: [{ name: 'shop.example.com', addresses: ['203.0.113.80'], listens: [] }],
  },
  stages: [
    {
      name: 'services',
      about: 'Two applications with Services; no door.',
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
                'An Ingress is a wish. Without a controller whose class it names (nginx, traefik, alb), nobody reads it. On EKS the AWS Load Balancer Controller answers class `alb` with an Application Load Balancer.',
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
          because: 'the controller writes the address of the door into the status',
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
          because: 'no rule for this host, so nobody is asked',
        },
        {
          kind: 'http',
          from: 'client',
          url: 'https://shop.example.com/app1',
          expect: { kind: 'answered', status: 200, by: 'app1' },
          because: 'TLS ends at the door, and plain HTTP goes on to the pod',
        },
        allowed('client', 'svc:edge/app1:80', 'behind the door is an ordinary Service'),
      ],
      hints: [
        '`kubectl -n edge describe ingress shop`: does it have an address, and events?',
        '`ingressClassName` must name a class that exists: `kubectl get ingressclass`.',
        'Try it before DNS knows the name: `curl -H "Host: shop.example.com" http://<address>/app1`.',
      ],
      solution: stage('ingress'),
      because:
        'The door ends the client’s connection and opens another to a pod: the pod sees the door’s address as its client.',
    },
    {
      id: 'gateway',
      task: 'Do the same with Gateway API, with the door and the routes in two objects.',
      checks: [
        asks(
          choose(
            {
              id: 'two-objects',
              ask: 'Why are Gateway and HTTPRoute two objects?',
              because:
                'Who owns the door (addresses, ports, certificates) is seldom who owns the application. With Ingress both edit one object and annotations do the rest.',
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
      ],
      hints: [
        '`parentRefs` of the route names the Gateway, and `sectionName` one of its listeners.',
        '`kubectl -n edge get gateway,httproute -o yaml`: read the conditions in the status.',
      ],
      solution: stage('gateway'),
      because:
        'The fields that Ingress left to annotations (weights, headers, redirects) are part of the API, and its status says whether they hold.',
    },
  ],
  questions: [
    choose(
      {
        id: 'rewrite',
        ask: 'The notes’ Ingress has `rewrite-target: /` and two path prefixes. What does app1 receive for `/app1/login`?',
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
        ask: 'The notes write `gateway.networking.k8s.io/v1beta1`. What should it be?',
        because:
          'Gateway and HTTPRoute are v1 since October 2023. The beta is still served beside it, so old manifests are accepted; new fields and new texts belong to v1.',
      },
      'v1',
      ['v1alpha2', 'alpha came before beta: that would be a step back'],
      ['v2', 'nobody has released one: kubectl api-resources lists the versions that are served'],
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
        ask: 'app1 has a default deny. Whom must its ingress policy admit so that the door works with `target-type: ip`?',
        because:
          'An ALB is no pod: no label selects it. It calls from addresses of its own subnets, so only an ipBlock admits it.',
      },
      'the subnets of the load balancer',
      [
        'the client’s addresses',
        'the client’s connection ends at the door, and app1 sees the one the door opens',
      ],
      [
        'the ingress controller’s pods',
        'this controller only configures the door; no request passes through its pods',
      ],
    ),
  ],
});
