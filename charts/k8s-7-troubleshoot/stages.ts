import { k8s } from 'cdk8s-plus-28';
import { chart } from '../chart';
import { allowDns } from '../policies/allow-dns';
import { defaultDeny } from '../policies/default-deny';
import { app, networkPolicy } from '../policies/network-policy';
import { tcp } from '../policies/ports';
import type { ChartClass, LabStages, StageCharts } from '../stage';
import { namespaces, service, Workload } from '../workload';

const namespace = 'shop';

/** The parts of the application, each with a broken twin; a fault is one part exchanged. */
interface Parts {
  readonly pods: ChartClass;
  readonly backendService: ChartClass;
  readonly dns: ChartClass;
  readonly frontend: ChartClass;
  readonly backend: ChartClass;
  readonly db: ChartClass;
}

const pods = (backends: number) =>
  chart((scope) => {
    namespaces(scope, namespace);
    new Workload(scope, { name: 'frontend', namespace, port: 8080 });
    new Workload(scope, {
      name: 'backend',
      namespace,
      port: 8080,
      replicas: backends,
      service: 'none',
    });
    new Workload(scope, { name: 'db', namespace, port: 5432 });
  });

const backendService = (selects: string, targetPort: number) =>
  chart((scope) => service(scope, { name: 'backend', namespace, selects, port: 80, targetPort }));

const frontend = chart((scope) =>
  networkPolicy(scope, 'shop/frontend', {
    podSelector: { matchLabels: { app: 'frontend' } },
    policyTypes: ['Egress'],
    egress: [{ to: [app('backend')], ports: [tcp(8080)] }],
  }),
);

/** backend's policy: where it lives, whom it admits, and on which port. */
const backend = (home: 'shop' | 'default', caller: string, port: number) =>
  chart((scope) =>
    networkPolicy(scope, `${home}/backend`, {
      podSelector: { matchLabels: { app: 'backend' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [app(caller)], ports: [tcp(port)] }],
      egress: [{ to: [app('db')], ports: [tcp(5432)] }],
    }),
  );

const db = (direction: 'Ingress' | 'Egress') =>
  chart((scope) =>
    networkPolicy(scope, 'shop/db', {
      podSelector: { matchLabels: { app: 'db' } },
      policyTypes: [direction],
      ingress: [{ from: [app('backend')], ports: [tcp(5432)] }],
    }),
  );

/** DNS over TCP only: long answers would pass, the question never does. */
const dnsOverTcp = chart((scope) =>
  networkPolicy(scope, 'shop/allow-dns', {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
            podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
          },
        ],
        ports: [tcp(53)],
      },
    ],
  }),
);

/** A policy that selects nothing, where frontend's should be. */
const frontendElsewhere = chart((scope) => {
  new k8s.KubeNetworkPolicy(scope, 'frontend', {
    metadata: { name: 'frontend', namespace },
    spec: {
      podSelector: { matchLabels: { app: 'front-end' } },
      policyTypes: ['Egress'],
      egress: [{ to: [app('backend')], ports: [tcp(8080)] }],
    },
  });
});

const healthy: Parts = {
  pods: pods(2),
  backendService: backendService('backend', 8080),
  dns: allowDns(namespace),
  frontend,
  backend: backend('shop', 'frontend', 8080),
  db: db('Ingress'),
};

const withParts = (changed: Partial<Parts>): StageCharts => {
  const parts = { ...healthy, ...changed };
  return [
    parts.pods,
    parts.backendService,
    defaultDeny(namespace),
    parts.dns,
    parts.frontend,
    parts.backend,
    parts.db,
  ];
};

export const stages = {
  healthy: withParts({}),
  'wrong-selector': withParts({ backendService: backendService('back-end', 8080) }),
  'no-endpoints': withParts({ pods: pods(0) }),
  'wrong-target-port': withParts({ backendService: backendService('backend', 8081) }),
  'dns-over-tcp': withParts({ dns: dnsOverTcp }),
  'wrong-namespace': withParts({ backend: backend('default', 'frontend', 8080) }),
  'wrong-caller': withParts({ backend: backend('shop', 'front-end', 8080) }),
  'service-port': withParts({ backend: backend('shop', 'frontend', 80) }),
  'wrong-subject': withParts({ frontend: frontendElsewhere }),
  'wrong-direction': withParts({ db: db('Egress') }),
} satisfies LabStages;
