import { k8s, Namespace } from 'cdk8s-plus-28';
import { chart } from '../chart';
import { DestinationRule, VirtualService } from '../kinds/istio';
import { intOrString } from '../policies/ports';
import type { LabStages } from '../stage';
import { Workload } from '../workload';

const namespace = 'reviews';
const HOST = 'reviews';

/** Two versions behind one name: without a mesh, the share of each is its share of the pods. */
const Versions = chart((scope) => {
  new Namespace(scope, 'namespace', {
    metadata: { name: namespace, labels: { 'istio-injection': 'enabled' } },
  });
  for (const version of ['v1', 'v2']) {
    new Workload(scope, {
      name: `reviews-${version}`,
      namespace,
      port: 8080,
      service: 'none',
      labels: { version, service: HOST },
    });
  }
  new Workload(scope, { name: 'client', namespace, port: 8080, service: 'none' });
});

/** The Service selects both versions: by a label that they share. */
const OneName = chart((scope) => {
  new k8s.KubeService(scope, 'reviews', {
    metadata: { name: HOST, namespace },
    spec: {
      selector: { service: HOST },
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: intOrString(8080) }],
    },
  });
});

const to = (subset: string) => ({ host: HOST, subset });

const subsets = ['v1', 'v2'].map((version) => ({ name: version, labels: { version } }));

const Subsets = chart((scope) => {
  new DestinationRule(scope, { name: HOST, namespace, spec: { host: HOST, subsets } });
});

const canary = (share: number) =>
  chart((scope) => {
    new VirtualService(scope, {
      name: HOST,
      namespace,
      spec: {
        hosts: [HOST],
        http: [
          {
            route: [
              { destination: to('v1'), weight: 100 - share },
              { destination: to('v2'), weight: share },
            ],
          },
        ],
      },
    });
  });

/** One tester sees v2; the order matters, because the first rule that matches decides. */
const ByHeader = chart((scope) => {
  new VirtualService(scope, {
    name: HOST,
    namespace,
    spec: {
      hosts: [HOST],
      http: [
        {
          match: [{ headers: { 'end-user': { exact: 'tester' } } }],
          route: [{ destination: to('v2') }],
        },
        {
          route: [
            { destination: to('v1'), weight: 90 },
            { destination: to('v2'), weight: 10 },
          ],
        },
      ],
    },
  });
});

const Ejecting = chart((scope) => {
  new DestinationRule(scope, {
    name: HOST,
    namespace,
    spec: {
      host: HOST,
      trafficPolicy: {
        loadBalancer: { simple: 'LEAST_REQUEST' },
        connectionPool: {
          tcp: { maxConnections: 100 },
          http: { http1MaxPendingRequests: 50, maxRequestsPerConnection: 2 },
        },
        outlierDetection: { consecutive5xxErrors: 5, interval: '30s', baseEjectionTime: '30s' },
      },
      subsets,
    },
  });
});

export const stages = {
  'one-version': [Versions, OneName],
  canary: [Versions, OneName, Subsets, canary(10)],
  header: [Versions, OneName, Subsets, ByHeader],
  outliers: [Versions, OneName, Ejecting, ByHeader],
} satisfies LabStages;
