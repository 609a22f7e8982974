import { chart } from '../chart';
import { networkPolicy } from '../policies/network-policy';
import { tcp } from '../policies/ports';
import type { LabStages } from '../stage';
import { namespaces, service, Workload } from '../workload';

const namespace = 'shop';
/** A client on the internet, and its neighbours. */
const CLIENTS = '203.0.113.0/24';

const Web = chart((scope) => {
  namespaces(scope, namespace);
  // It is called from the internet, so it must not run commands for its callers.
  const server = 'serve-hostname';
  new Workload(scope, { name: 'web', namespace, port: 8080, replicas: 2, service: 'none', server });
});

/** An NLB that the AWS Load Balancer Controller builds; `targets` says whom it sends to. */
const balancer = (targets: 'ip' | 'instance', client: 'kept' | 'hidden') =>
  chart((scope) =>
    service(scope, {
      name: 'web',
      namespace,
      selects: 'web',
      port: 80,
      targetPort: 8080,
      type: 'LoadBalancer',
      // A block for documentation, which no host has: on EKS `lab` puts the group in its place that admits
      // the blocks of `allowedCidrs`, and no other.
      sourceRanges: [CLIENTS],
      // Else a node may pass the request on to another, and hide the client behind itself.
      ...(targets === 'instance' ? { externalTrafficPolicy: 'Local' } : {}),
      annotations: {
        'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
        'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
        'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': targets,
        'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes': `preserve_client_ip.enabled=${client === 'kept'}`,
      },
    }),
  );

/** web admits one block only. */
const admit = (cidr: string) =>
  chart((scope) =>
    networkPolicy(scope, 'shop/web', {
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ ipBlock: { cidr } }], ports: [tcp(8080)] }],
    }),
  );

/** The public subnets of the lab's VPC, where balancers stand. */
const PUBLIC = '10.0.128.0/18';
export const stages = {
  'ip-open': [Web, balancer('ip', 'hidden')],
  'ip-wrong-source': [Web, balancer('ip', 'hidden'), admit(CLIENTS)],
  'ip-balancer': [Web, balancer('ip', 'hidden'), admit(PUBLIC)],
  'ip-client': [Web, balancer('ip', 'kept'), admit(CLIENTS)],
  'instance-local': [Web, balancer('instance', 'kept'), admit(CLIENTS)],
} satisfies LabStages;
