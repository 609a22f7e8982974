import { Namespace } from 'cdk8s-plus-28';
import { chart } from '../chart';
import { AuthorizationPolicy, PeerAuthentication } from '../kinds/istio';
import type { LabStages } from '../stage';
import { namespaces, Workload } from '../workload';

/** Two workloads with sidecars (their namespace says so), and one without. */
const Mesh = chart((scope) => {
  new Namespace(scope, 'mesh', {
    metadata: { name: 'mesh', labels: { 'istio-injection': 'enabled' } },
  });
  new Workload(scope, { name: 'web', namespace: 'mesh', port: 8080 });
  new Workload(scope, { name: 'api', namespace: 'mesh', port: 8080 });
  namespaces(scope, 'legacy');
  new Workload(scope, { name: 'plain', namespace: 'legacy', port: 8080, service: 'none' });
});

const peer = (mode: 'STRICT' | 'PERMISSIVE') =>
  chart((scope) => {
    new PeerAuthentication(scope, { name: 'default', namespace: 'mesh', spec: { mtls: { mode } } });
  });

/** Nobody, and then web alone, by the identity in its certificate. */
const OnlyWeb = chart((scope) => {
  new AuthorizationPolicy(scope, { name: 'deny-all', namespace: 'mesh', spec: {} });
  new AuthorizationPolicy(scope, {
    name: 'api-from-web',
    namespace: 'mesh',
    spec: {
      selector: { matchLabels: { app: 'api' } },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { principals: ['cluster.local/ns/mesh/sa/default'] } }],
          to: [{ operation: { methods: ['GET'], paths: ['/hostname'] } }],
        },
      ],
    },
  });
});

export const stages = {
  permissive: [Mesh, peer('PERMISSIVE')],
  strict: [Mesh, peer('STRICT')],
  authorized: [Mesh, peer('STRICT'), OnlyWeb],
} satisfies LabStages;
