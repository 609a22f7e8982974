import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { podsLabelled, selectByLabels } from '../workload';

/** Address of the cluster's DNS Service: the tenth of kubeadm's and kind's default block 10.96.0.0/16. */
export const CLUSTER_DNS = '10.96.0.10';

/**
 * The DNS that every cluster already has: a Service `kube-dns` before pods labelled
 * `k8s-app: kube-dns` in `kube-system`, on UDP and TCP 53. It stands in the local target's world so
 * that policies can be tried against it; it is never applied to a real cluster, which has its own.
 */
export class ClusterDns extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const namespace = 'kube-system';
    const labels = { 'k8s-app': 'kube-dns' };
    new kplus.Namespace(this, 'namespace', { metadata: { name: namespace } });
    const dns = new kplus.Deployment(this, 'coredns', {
      metadata: { name: 'coredns', namespace, labels },
      replicas: 2,
      select: false,
      podMetadata: { labels },
      containers: [
        {
          name: 'coredns',
          image: 'registry.k8s.io/coredns/coredns:v1.12.1',
          args: ['-conf', '/etc/coredns/Corefile'],
          ports: [
            { name: 'dns', number: 53, protocol: kplus.Protocol.UDP },
            { name: 'dns-tcp', number: 53, protocol: kplus.Protocol.TCP },
          ],
          resources: {},
        },
      ],
    });
    selectByLabels(dns, labels);
    new kplus.Service(this, 'kube-dns', {
      metadata: { name: 'kube-dns', namespace, labels },
      selector: podsLabelled(this, labels),
      clusterIP: CLUSTER_DNS,
      ports: [
        { name: 'dns', port: 53, targetPort: 53, protocol: kplus.Protocol.UDP },
        { name: 'dns-tcp', port: 53, targetPort: 53, protocol: kplus.Protocol.TCP },
      ],
    });
  }
}
