import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { allowed, asks, choose, count, holds, resolves, stage } from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

const even = { min: 0.2, max: 0.47 };

export default defineLab<StageOf<'k8s-2-services'>>({
  id: 'k8s-2-services',
  level: 3,
  title: 'Services: a name, an address and a list of pods',
  goal: 'Choose among the five types of Service, and find out who stands behind one.',
  head,
  prerequisites: ['k8s-1-pods'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster-and-balancers',
  localLimits:
    'the load balancer is modelled by its addresses; a real one with health checks needs EKS.',
  environment: {
    kind: 'cluster',
    home: 'demo',
    outside: [
      { name: 'legacy-a', addresses: ['198.51.100.10'], listens: [8080] },
      { name: 'legacy-b', addresses: ['198.51.100.11'], listens: [8080] },
    ],
  },
  stages: [
    {
      name: 'no-endpoints',
      about: 'The Service `web` selects a label that no pod has.',
      keeps: ['client -> web:8080'],
      closes: [],
    },
    {
      name: 'cluster-ip',
      about: 'The selector is right: three endpoints.',
      keeps: ['client -> svc:demo/web:80'],
      closes: [],
    },
    {
      name: 'headless',
      about: 'The same pods under a name without an address of its own.',
      keeps: ['client -> svc:demo/web:80'],
      closes: [],
    },
    {
      name: 'node-port',
      about: 'Port 30080 of every node leads to them too.',
      keeps: ['client -> svc:demo/web-node:80', 'internet -> node:node-a:30080'],
      closes: [],
    },
    {
      name: 'external-name',
      about: 'An alias for a name outside.',
      keeps: ['client -> svc:demo/web:80'],
      closes: [],
    },
    {
      name: 'by-hand',
      about: 'A Service without a selector over two old machines, one of them not ready.',
      keeps: ['client -> svc:demo/legacy:80'],
      closes: [],
    },
    {
      name: 'load-balancer',
      about: 'A load balancer in front (an internal NLB with the pods as its targets).',
      keeps: ['client -> svc:demo/web-public:80'],
      closes: [],
    },
  ],
  start: 'no-endpoints',
  steps: [
    {
      id: 'endpoints',
      task: 'The pods answer, the Service does not. Find out who stands behind it, and repair it.',
      checks: [
        allowed('client', 'svc:demo/web:80', 'the Service has endpoints now'),
        {
          kind: 'distribution',
          from: 'client',
          to: 'svc:demo/web:80',
          requests: 300,
          shares: { 'web-0': even, 'web-1': even, 'web-2': even },
          because: 'every ready endpoint gets its share',
        },
        holds('cluster-ip', 'The selector is right: three endpoints.'),
      ],
      hints: [
        'Does the pod answer on its own address? Then the Service is to blame.',
        '`kubectl -n demo get endpointslices -l kubernetes.io/service-name=web`: an empty list means that the selector matches no ready pod.',
        'The selector says `app: website`, the pods say `app: web`.',
      ],
      solution: stage('cluster-ip'),
      trials: trials.endpoints,
      because:
        'A Service is a selector and an address that exists nowhere. The EndpointSlice is where the two meet: look there first.',
    },
    {
      id: 'headless',
      task: 'Give the pods a name that resolves to each of them instead of one address in front.',
      checks: [
        resolves('client', 'web-headless', {
          to: ['web'],
          because: 'without a cluster address, DNS answers with the endpoints themselves',
        }),
        holds('headless', 'The same pods under a name without an address of its own.'),
      ],
      hints: ['Which value of `clusterIP` says that there shall be none?', '`clusterIP: None`.'],
      solution: stage('headless'),
      trials: trials.headless,
      because:
        'A client that wants to choose by itself (a database driver, a StatefulSet’s peers) needs the pods, not a balancer.',
    },
    {
      id: 'node-port',
      task: 'Open the pods to clients outside on port 30080 of every node.',
      checks: [
        allowed(
          'internet',
          'node:node-a:30080',
          'every node listens, whether it has such a pod or not',
        ),
        allowed('internet', 'node:node-b:30080', 'the other node as well'),
        allowed('client', 'node:node-a:30080', 'and a pod that calls the node'),
        holds('node-port', 'Port 30080 of every node leads to them too.'),
      ],
      hints: [
        'A NodePort Service is a ClusterIP Service that is also reachable on a port of every node.',
        'Ports 30000 to 32767 are set aside for it.',
      ],
      solution: stage('node-port'),
      trials: trials['node-port'],
      because:
        'The node that was asked may have to send the request on, and then hides the client behind its own address, or the answer would not come back the same way. `externalTrafficPolicy: Local` keeps the client visible and answers only where a pod is.',
    },
    {
      id: 'alias',
      task: 'Give the partner `api.partner.example` a name inside the namespace.',
      checks: [
        {
          kind: 'dns',
          from: 'client',
          name: 'partner',
          expect: { kind: 'alias', target: 'api.partner.example' },
          because: 'an ExternalName is a CNAME and nothing else',
        },
        holds('external-name', 'An alias for a name outside.'),
      ],
      hints: [
        'No selector, no ports, no address: only a name.',
        '`type: ExternalName`, and `externalName` says which.',
      ],
      solution: stage('external-name'),
      trials: trials.alias,
      because:
        'Nothing is proxied: the client connects to whatever the name resolves to, and TLS still asks for the certificate of the name it was given.',
    },
    {
      id: 'by-hand',
      task: 'Two machines outside the cluster serve `legacy` on port 8080; the second is down for repair. Put a Service in front of them that only uses the first.',
      checks: [
        allowed(
          'client',
          'svc:demo/legacy:80',
          'the slice written by hand stands behind the Service',
        ),
        {
          kind: 'distribution',
          from: 'client',
          to: 'svc:demo/legacy:80',
          requests: 60,
          shares: { 'legacy-a': { min: 1, max: 1 } },
          because: 'an endpoint that is not ready gets nothing',
        },
        holds(
          'by-hand',
          'A Service without a selector over two old machines, one of them not ready.',
        ),
      ],
      hints: [
        'A Service without a selector gets no EndpointSlice. You may write one.',
        'The label `kubernetes.io/service-name` ties a slice to its Service.',
        '`conditions: {ready: false}` keeps an endpoint listed and unused.',
      ],
      solution: stage('by-hand'),
      trials: trials['by-hand'],
      because:
        'The list of endpoints is an object like any other; a selector is only the usual way to write it.',
    },
    {
      id: 'load-balancer',
      task: 'Put a load balancer in front. Before you do: which two Services are inside a LoadBalancer Service?',
      checks: [
        asks(
          choose(
            {
              id: 'layers',
              ask: 'A Service of type LoadBalancer contains …',
              because:
                'Each type adds to the one before: a cluster address, a port on every node, and a balancer in front. With targets of type `ip` the balancer skips the node port and sends straight to pods.',
            },
            'a ClusterIP and a NodePort',
            ['only a ClusterIP', 'targets of type instance come in by a port of the node'],
            ['an ExternalName', 'that one is only a name, and has no address'],
          ),
        ),
        allowed('client', 'svc:demo/web-public:80', 'its cluster address works like any other'),
        holds(
          'load-balancer',
          'A load balancer in front (an internal NLB with the pods as its targets).',
        ),
      ],
      hints: ['`kubectl -n demo get service web-public -o yaml` shows all three.'],
      solution: stage('load-balancer'),
      trials: trials['load-balancer'],
      because:
        'The cloud’s controller builds it from the annotations; `aws-4-load-balancers` goes there.',
    },
  ],
  questions: [
    choose(
      {
        id: 'refused',
        ask: 'A client calls a ClusterIP Service that has no endpoints. What does it see?',
        because:
          'kube-proxy rejects at once, so that the client need not wait. A policy’s denial is silence: the two are easy to tell apart.',
      },
      'an immediate refusal',
      [
        'a time-out',
        'a policy drops the packet; kube-proxy knows that there is no endpoint and rejects the connection',
      ],
      ['the name does not resolve', 'the Service exists, so its name does'],
    ),
    choose(
      {
        id: 'server-header',
        ask: 'Balancing over three nginx pods is to be shown by `wget -qO- http://web | grep Server:`. What does that print?',
        because:
          '-O- prints the body, and the Server header names the software in any case, never the pod. Ask something that answers with its name: here `/hostname`.',
      },
      'nothing: the body has no such line',
      [
        'three different pod addresses',
        'nginx writes its name and version there, the same from all three',
      ],
      [
        'the address of the Service',
        'nginx never learns it: the destination is rewritten before the packet reaches the pod',
      ],
    ),
    count(
      {
        id: 'listeners',
        ask: 'How many processes listen on a ClusterIP?',
        because:
          'None: the address exists only in rewriting rules on every node. That is why you cannot ping it on most clusters.',
      },
      0,
    ),
    choose(
      {
        id: 'local-policy',
        ask: 'externalTrafficPolicy: Local, and the node that is asked has no such pod. What happens?',
        because:
          'It drops the packet, and the balancer’s health check takes it out of service. That is the price of seeing the client’s address.',
      },
      'the request is dropped',
      [
        'the request is sent to another node',
        'that is policy Cluster; Local keeps the client’s address and therefore stays on the node',
      ],
      [
        'the request is refused with HTTP 503',
        'no HTTP server answers on that port; 503 is what the health check port returns to the load balancer',
      ],
    ),
  ],
});
