import type { KubernetesObject } from '@kubernetes/client-node';
import type { Clock } from '../../model/clock';
import type { Flow } from '../../model/flow';
import { Failure } from '../../model/problem';
import { applyObject, deleteObject } from './apply';
import type { Cluster } from './cluster';
import { probeUntil } from './probe';
import { waitUntilRolledOut } from './rollout';

/** Where the canary's two pods run; a lab's policies must not select it. */
export const CANARY_NAMESPACE = 'eks-network-labs-canary';
const NAMESPACE = CANARY_NAMESPACE;
const PORT = 8080;

/**
 * Proves that the cluster enforces NetworkPolicy at all, before any check is believed: a connection
 * between two pods of a namespace of its own works, and stops working under default deny. A cluster
 * whose network plugin ignores policies accepts them without a word.
 */
export async function checkEnforcement(
  cluster: Cluster,
  options: { readonly clock: Clock; readonly image: string; readonly deadlineMs?: number },
): Promise<void> {
  const { clock, image, deadlineMs = 60_000 } = options;
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  const workloads = ['client', 'server'].map((name) => deployment(name, image));
  try {
    for (const object of [namespace, ...workloads]) await applyObject(cluster, object, { clock });
    await waitUntilRolledOut(cluster, workloads, { clock });
    const [open] = await probeUntil(cluster, [{ flow, outcomes: ['connected'] }], {
      clock,
      deadlineMs,
    });
    if (open?.outcome !== 'connected') {
      const problem = `two pods without any policy cannot connect: ${open?.outcome} ${open?.detail}`;
      throw new Failure('no-connection', problem, 'look at the network plugin and the nodes');
    }
    await applyObject(cluster, DENY, { clock });
    const [closed] = await probeUntil(cluster, [{ flow, outcomes: ['timed-out'] }], {
      clock,
      deadlineMs,
    });
    if (closed?.outcome !== 'timed-out') {
      const problem = `this cluster does not enforce NetworkPolicy: denied, yet ${closed?.outcome}`;
      const fix = 'install Calico, or turn on enableNetworkPolicy of the VPC CNI';
      throw new Failure('no-enforcement', problem, fix);
    }
  } finally {
    await deleteObject(cluster, namespace);
  }
}

const flow: Flow = {
  from: { kind: 'pod', namespace: NAMESPACE, name: 'client-0' },
  to: { kind: 'pod', namespace: NAMESPACE, name: 'server-0' },
  protocol: 'TCP',
  port: PORT,
};

const DENY: KubernetesObject & { readonly spec: object } = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'default-deny', namespace: NAMESPACE },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
};

function deployment(name: string, image: string): KubernetesObject & { readonly spec: object } {
  const labels = { app: name };
  const args = ['netexec', `--http-port=${PORT}`];
  const container = { name, image, args, ports: [{ containerPort: PORT }] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        // The canary goes with its namespace at once; nothing of it needs half a minute to end.
        spec: { terminationGracePeriodSeconds: 0, containers: [container] },
      },
    },
  };
}
