import { k8s } from 'cdk8s-plus-28';
import { chart } from '../chart';
import { allowDns } from '../policies/allow-dns';
import { defaultDeny } from '../policies/default-deny';
import { app, networkPolicy } from '../policies/network-policy';
import { tcp, udp } from '../policies/ports';
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

const backendService = (selects: string, targetPort: number, name = 'backend') =>
  chart((scope) => service(scope, { name, namespace, selects, port: 80, targetPort }));

const frontendTo = (peer: k8s.NetworkPolicyPeer) =>
  chart((scope) =>
    networkPolicy(scope, 'shop/frontend', {
      podSelector: { matchLabels: { app: 'frontend' } },
      policyTypes: ['Egress'],
      egress: [{ to: [peer], ports: [tcp(8080)] }],
    }),
  );

/** Nothing, where frontend's policy should be. */
const nothing = chart(() => undefined);

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

/** backend's policy without its way to db. */
const backendAlone = chart((scope) =>
  networkPolicy(scope, 'shop/backend', {
    podSelector: { matchLabels: { app: 'backend' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [app('frontend')], ports: [tcp(8080)] }],
  }),
);

const db = (direction: 'Ingress' | 'Egress', port = tcp(5432)) =>
  chart((scope) =>
    networkPolicy(scope, 'shop/db', {
      podSelector: { matchLabels: { app: 'db' } },
      policyTypes: [direction],
      ingress: [{ from: [app('backend')], ports: [port] }],
    }),
  );

const dnsRule = (peer: k8s.NetworkPolicyPeer, ports: k8s.NetworkPolicyPort[]) =>
  chart((scope) =>
    networkPolicy(scope, 'shop/allow-dns', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [peer], ports }],
    }),
  );

const dnsPods = { podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } };
const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** DNS over TCP only: long answers would pass, the question never does. */
const dnsOverTcp = dnsRule({ ...inNamespace('kube-system'), ...dnsPods }, [tcp(53)]);

/** The DNS pods are looked for where the policy is. */
const dnsInShop = dnsRule(dnsPods, [udp(53), tcp(53)]);

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
  frontend: frontendTo(app('backend')),
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
  'no-way-to-db': withParts({ backend: backendAlone }),
  'db-port': withParts({ db: db('Ingress', tcp(5433)) }),
  'dns-in-shop': withParts({ dns: dnsInShop }),
  'udp-rule': withParts({ db: db('Ingress', udp(5432)) }),
  'service-name': withParts({ backendService: backendService('backend', 8080, 'backends') }),
  'no-policy': withParts({ frontend: nothing }),
  'and-selector': withParts({
    frontend: frontendTo({ ...inNamespace('default'), ...app('backend') }),
  }),
} satisfies LabStages;
