import { k8s } from 'cdk8s-plus-28';
import { chart } from '../chart';
import { Gateway, HTTPRoute } from '../kinds/gateway';
import type { LabStages } from '../stage';
import { namespaces, Workload } from '../workload';

const namespace = 'edge';
const HOST = 'shop.example.com';

/** Two applications that share one door. */
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

/** The same as a Gateway (whose team owns the door) and a route (whose team owns the application). */
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

export const stages = {
  services: [Apps],
  ingress: [Apps, ByIngress],
  gateway: [Apps, ByGateway],
} satisfies LabStages;
