import { k8s } from 'cdk8s-plus-28';
import { chart } from '../chart';
import { allowDns } from '../policies/allow-dns';
import { app, networkPolicy } from '../policies/network-policy';
import { tcp } from '../policies/ports';
import type { LabStages } from '../stage';
import { namespaces, service, Workload } from '../workload';

/** Names of every sort: a Service, a headless one, an alias, and one in another namespace. */
const Names = chart((scope) => {
  namespaces(scope, 'shop', 'stock');
  new Workload(scope, { name: 'client', namespace: 'shop', port: 8080, service: 'none' });
  new Workload(scope, { name: 'web', namespace: 'shop', port: 8080, replicas: 2, service: 80 });
  new Workload(scope, { name: 'db', namespace: 'shop', port: 5432, replicas: 2, service: 'none' });
  service(scope, {
    name: 'db',
    namespace: 'shop',
    selects: 'db',
    port: 5432,
    targetPort: 5432,
    headless: 'yes',
  });
  new k8s.KubeService(scope, 'partner', {
    metadata: { name: 'partner', namespace: 'shop' },
    spec: { type: 'ExternalName', externalName: 'web.stock.svc.cluster.local' },
  });
  new Workload(scope, { name: 'web', namespace: 'stock', port: 8080, service: 80 });
});

/** The client may call web and nothing else. The policy allows the call and forgets the DNS lookup before it. */
const OnlyWeb = chart((scope) =>
  networkPolicy(scope, 'shop/client', {
    podSelector: { matchLabels: { app: 'client' } },
    policyTypes: ['Egress'],
    egress: [{ to: [app('web')], ports: [tcp(8080)] }],
  }),
);

export const stages = {
  open: [Names],
  cut: [Names, OnlyWeb],
  repaired: [Names, OnlyWeb, allowDns('shop', { app: 'client' })],
} satisfies LabStages;
