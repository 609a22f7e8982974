import { k8s } from 'cdk8s-plus-28';
import { chart } from '../chart';
import { Gateway, HTTPRoute, ReferenceGrant } from '../kinds/gateway';
import type { LabStages } from '../stage';
import { namespaces, Workload } from '../workload';

const namespace = 'edge';
const HOST = 'shop.example.com';
const CATALOG = 'catalog';

/** Two applications that share one HTTP entry point. */
const Apps = chart((scope) => {
  namespaces(scope, namespace);
  new Workload(scope, { name: 'app1', namespace, port: 8080, replicas: 2, service: 80 });
  new Workload(scope, { name: 'app2', namespace, port: 8080, service: 80 });
  new Workload(scope, { name: 'client', namespace, port: 8080, service: 'none' });
});

const path = (prefix: string, name: string): k8s.HttpIngressPath => ({
  path: prefix,
  pathType: 'Prefix',
  backend: { service: { name, port: { number: 80 } } },
});

/**
 * One host, two paths, TLS. The class says who implements it; on EKS `alb` is the AWS Load Balancer
 * Controller, which with TLS would listen on 443 alone unless told both. No rewrite: the application
 * sees the path that the client asked for.
 */
const ByIngress = chart((scope) => {
  new k8s.KubeIngress(scope, 'shop', {
    metadata: {
      name: 'shop',
      namespace,
      annotations: {
        'alb.ingress.kubernetes.io/scheme': 'internal',
        'alb.ingress.kubernetes.io/target-type': 'ip',
        'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP": 80}, {"HTTPS": 443}]',
      },
    },
    spec: {
      ingressClassName: 'alb',
      tls: [{ hosts: [HOST], secretName: 'shop-tls' }],
      rules: [{ host: HOST, http: { paths: [path('/app1', 'app1'), path('/app2', 'app2')] } }],
    },
  });
});

/** The same as a Gateway (owned by the platform team) and a route (owned by the application team). */
const ByGateway = chart((scope) => {
  new Gateway(scope, {
    name: 'shop',
    namespace,
    spec: {
      gatewayClassName: 'alb',
      listeners: [
        {
          name: 'http',
          protocol: 'HTTP',
          port: 80,
          hostname: HOST,
          allowedRoutes: { namespaces: { from: 'Same' } },
        },
      ],
    },
  });
  new HTTPRoute(scope, {
    name: 'apps',
    namespace,
    spec: {
      parentRefs: [{ name: 'shop', sectionName: 'http' }],
      hostnames: [HOST],
      rules: ['app1', 'app2'].map((name) => ({
        matches: [{ path: { type: 'PathPrefix', value: `/${name}` } }],
        backendRefs: [{ name, port: 80 }],
      })),
    },
  });
});

/** A Service of another team, in a namespace of its own. */
const Catalog = chart((scope) => {
  namespaces(scope, CATALOG);
  new Workload(scope, { name: 'catalog', namespace: CATALOG, port: 8080, service: 80 });
});

const underPath = (value: string) => ({ path: { type: 'PathPrefix', value } }) as const;

const RULES = [
  {
    matches: [{ ...underPath('/app1'), headers: [{ name: 'canary', value: 'yes' }] }],
    backendRefs: [{ name: 'app2', port: 80 }],
  },
  {
    matches: [underPath('/app1')],
    backendRefs: [
      { name: 'app1', port: 80, weight: 9 },
      { name: 'app2', port: 80, weight: 1 },
    ],
  },
  {
    matches: [underPath('/catalog')],
    backendRefs: [{ name: 'catalog', namespace: CATALOG, port: 80 }],
  },
];

/**
 * What annotations did, in fields of the API: TLS at a listener, a header that leads to the new
 * version, a tenth of the others by weight, and a Service of another namespace that a grant admits.
 */
const ByRules = chart((scope) => {
  new Gateway(scope, {
    name: 'shop',
    namespace,
    spec: {
      gatewayClassName: 'alb',
      listeners: [
        { name: 'http', protocol: 'HTTP', port: 80, hostname: HOST },
        {
          name: 'https',
          protocol: 'HTTPS',
          port: 443,
          hostname: HOST,
          tls: { mode: 'Terminate', certificateRefs: [{ name: 'shop-tls' }] },
        },
      ],
    },
  });
  new HTTPRoute(scope, {
    name: 'apps',
    namespace,
    spec: {
      parentRefs: [{ name: 'shop' }],
      hostnames: [HOST],
      rules: RULES,
    },
  });
  new ReferenceGrant(scope, {
    name: 'shop',
    namespace: CATALOG,
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace }],
      to: [{ group: '', kind: 'Service', name: 'catalog' }],
    },
  });
});

export const stages = {
  services: [Apps],
  ingress: [Apps, ByIngress],
  gateway: [Apps, ByGateway],
  rules: [Apps, Catalog, ByRules],
} satisfies LabStages;
