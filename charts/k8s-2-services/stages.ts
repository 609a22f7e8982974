import { k8s } from 'cdk8s-plus-28';
import { chart } from '../chart';
import type { LabStages } from '../stage';
import { namespaces, service, Workload } from '../workload';

const namespace = 'demo';

/** Three pods to spread over, and a client. */
const Web = chart((scope) => {
  namespaces(scope, namespace);
  new Workload(scope, { name: 'web', namespace, port: 8080, replicas: 3, service: 'none' });
  new Workload(scope, { name: 'client', namespace, port: 8080, service: 'none' });
});

/** The Service as it was first written: its selector names a label that no pod has. */
const Misspelt = chart((scope) =>
  service(scope, { name: 'web', namespace, selects: 'website', port: 80, targetPort: 8080 }),
);

const ClusterIp = chart((scope) =>
  service(scope, { name: 'web', namespace, selects: 'web', port: 80, targetPort: 8080 }),
);

const Headless = chart((scope) =>
  service(scope, {
    name: 'web-headless',
    namespace,
    selects: 'web',
    port: 80,
    targetPort: 8080,
    headless: 'yes',
  }),
);

const NodePort = chart((scope) =>
  service(scope, {
    name: 'web-node',
    namespace,
    selects: 'web',
    port: 80,
    targetPort: 8080,
    type: 'NodePort',
    nodePort: 30080,
  }),
);

/** A name for a host outside: an alias in DNS and nothing else. */
const ExternalName = chart((scope) => {
  new k8s.KubeService(scope, 'partner', {
    metadata: { name: 'partner', namespace },
    spec: { type: 'ExternalName', externalName: 'api.partner.example' },
  });
});

const LoadBalancer = chart((scope) =>
  service(scope, {
    name: 'web-public',
    namespace,
    selects: 'web',
    port: 80,
    targetPort: 8080,
    type: 'LoadBalancer',
    annotations: {
      'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
    },
  }),
);

/** A Service without a selector: its endpoints are those of an EndpointSlice that is written by hand. */
const ByHand = chart((scope) => {
  new k8s.KubeService(scope, 'legacy', {
    metadata: { name: 'legacy', namespace },
    spec: { ports: [{ name: 'http', protocol: 'TCP', port: 80 }] },
  });
  new k8s.KubeEndpointSlice(scope, 'legacy-slice', {
    metadata: {
      name: 'legacy-1',
      namespace,
      labels: { 'kubernetes.io/service-name': 'legacy' },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    endpoints: [
      { addresses: ['198.51.100.10'], conditions: { ready: true } },
      { addresses: ['198.51.100.11'], conditions: { ready: false } },
    ],
  });
});

export const stages = {
  'no-endpoints': [Web, Misspelt],
  'cluster-ip': [Web, ClusterIp],
  headless: [Web, ClusterIp, Headless],
  'node-port': [Web, ClusterIp, Headless, NodePort],
  'external-name': [Web, ClusterIp, Headless, NodePort, ExternalName],
  'by-hand': [Web, ClusterIp, Headless, NodePort, ExternalName, ByHand],
  'load-balancer': [Web, ClusterIp, Headless, NodePort, ExternalName, ByHand, LoadBalancer],
} satisfies LabStages;
