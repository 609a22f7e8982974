import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { asks, choose, stage } from '../../lib/lab/words';
import head from './head';

export default defineLab<StageOf<'mesh-2-canary'>>({
  id: 'mesh-2-canary',
  level: 5,
  title: 'Canary releases in a service mesh',
  goal: 'Split requests by weight and by header, and eject endpoints that fail.',
  head,
  prerequisites: ['mesh-1-mtls', 'k8s-3-kube-proxy'],
  targets: ['kind', 'eks'],
  cost: 'cluster',
  localLimits:
    'weights are kept by a proxy that reads HTTP, and none runs on this machine: the objects are synthesized and checked; the shares are measured on kind and EKS with Istio.',
  environment: { kind: 'cluster', home: 'reviews' },
  stages: [
    {
      name: 'one-version',
      about: 'One Service over both versions: half and half.',
      keeps: ['client -> svc:reviews/reviews:80'],
      closes: [],
    },
    {
      name: 'canary',
      about: 'Ninety percent v1, ten percent v2.',
      keeps: ['client -> svc:reviews/reviews:80'],
      closes: [],
    },
    {
      name: 'header',
      about: 'The tester sees v2, everybody else the canary.',
      keeps: ['client -> svc:reviews/reviews:80'],
      closes: [],
    },
    {
      name: 'outliers',
      about: 'Endpoints that fail five times in a row rest for half a minute.',
      keeps: ['client -> svc:reviews/reviews:80'],
      closes: [],
    },
  ],
  start: 'one-version',
  steps: [
    {
      id: 'canary',
      task: 'Send ten of a hundred requests to v2 and ninety to v1.',
      checks: [
        {
          kind: 'distribution',
          from: 'client',
          to: 'svc:reviews/reviews:80',
          requests: 100,
          shares: {
            'reviews-v1': { min: 0.85, max: 0.95 },
            'reviews-v2': { min: 0.05, max: 0.15 },
          },
          because: 'the sidecar of the client draws a version for each request',
        },
        asks(
          choose(
            {
              id: 'without-mesh',
              ask: 'How would you get 90 to 10 with Services alone?',
              because:
                'A Service spreads connections over pods, so the shares are the shares of the pods: ten pods for a ratio, and every scaling changes it.',
            },
            'nine pods of v1 and one of v2',
            ['with weights in the Service', 'a Service has no field for them'],
            ['not at all', 'a Service spreads over its pods: what decides the share of a version?'],
          ),
        ),
      ],
      hints: [
        'Two objects: a DestinationRule names the versions as subsets, a VirtualService gives weights.',
        'Subsets select by labels of the pods.',
      ],
      solution: stage('canary'),
      because:
        'Ninety plus or minus five of a hundred: the draw is random, so a check needs bounds.',
    },
    {
      id: 'header',
      task: 'Let the user `tester` always see v2, without changing anybody else’s share.',
      checks: [
        {
          kind: 'http',
          from: 'client',
          url: 'http://reviews/hostname',
          headers: { 'end-user': 'tester' },
          expect: { kind: 'answered', status: 200, by: 'reviews-v2' },
          because: 'the first rule matches the header',
        },
      ],
      hints: ['Rules are asked in order.', 'Put the match before the weighted route.'],
      solution: stage('header'),
      because: 'Try it yourself first, then give it to ten percent.',
    },
    {
      id: 'outliers',
      task: 'Take endpoints out for thirty seconds after five server errors in a row.',
      checks: [
        {
          kind: 'object',
          apiVersion: 'networking.istio.io/v1',
          object: 'DestinationRule',
          namespace: 'reviews',
          name: 'reviews',
          path: 'spec.trafficPolicy.outlierDetection.consecutive5xxErrors',
          equals: 5,
          because: 'the rule counts server errors',
        },
      ],
      hints: [
        '`outlierDetection` stands in the `trafficPolicy` of the DestinationRule.',
        'The field has another name today: `consecutive5xxErrors`; with it `interval` and `baseEjectionTime`.',
      ],
      solution: stage('outliers'),
      because:
        'Readiness asks the pod how it feels; outlier detection believes what the callers see.',
    },
  ],
  questions: [
    choose(
      {
        id: 'weights',
        ask: 'A route has the weights 9 and 1 in place of 90 and 10. What changes?',
        because:
          'A weight is a share of the sum of all weights of its route. Shares of a hundred are only easier to read.',
      },
      'nothing',
      [
        'it is refused: they must add up to 100',
        'a share is a weight divided by the sum of all, whatever the sum is',
      ],
      [
        'a tenth of the requests is answered',
        'every request goes to one of the two: nothing falls between weights',
      ],
    ),
    choose(
      {
        id: 'consecutive-errors',
        ask: 'A DestinationRule has `consecutiveErrors: 5`. Why does it do nothing today?',
        because:
          'It was deprecated in favour of the two that say which errors count. The API still takes the old name, so nothing warns you.',
      },
      'it was replaced by consecutive5xxErrors and consecutiveGatewayErrors',
      ['five is too few', 'five is what the field of today begins with, too'],
      ['it needs mTLS', 'the client’s proxy counts answers, encrypted on the way or not'],
    ),
    choose(
      {
        id: 'server-side',
        ask: 'A client without a sidecar calls `reviews`. Which split does it see?',
        because:
          'The client’s own sidecar chooses. Without one kube-proxy spreads over all pods of the Service: half and half here.',
      },
      'that of the pods: half and half',
      ['90 to 10', 'a team has to maintain the weights, and this client has no such team'],
      ['v1 only', 'the Service selects the pods of both versions'],
    ),
  ],
});
