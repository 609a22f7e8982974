import { uniqueBy } from '../../model/unique';
import type { PodDns, PodEndpoint, World } from '../../model/world';
import type { Command } from '../commands/command';
import { netnsOf } from '../commands/names';
import { recordsOf } from './dns-records';

/** Where the cluster's DNS lives: its Service, and the label of its pods (EKS, kubeadm). */
const DNS_SERVICE = { namespace: 'kube-system', name: 'kube-dns' } as const;
const DNS_LABEL = 'kube-dns';

/** DNS servers in the pods labelled for it; none where the world has no such pods. */
export function serveDns(world: World): readonly Command[] {
  const pods = dnsPods(world);
  if (pods.length === 0) return [];
  const records = recordsOf(world);
  const authoritativeFor = [world.clusterDomain, 'in-addr.arpa', 'ip6.arpa'];
  return pods.map((pod) => ({
    kind: 'serve-dns',
    netns: netnsOf(pod),
    records,
    authoritativeFor,
    cluster: {
      domain: world.clusterDomain,
      namespaces: world.namespaces.map(({ name }) => name),
    },
  }));
}

/** Pods that answer DNS; theirs is port 53, so nothing else listens there. */
export const dnsPods = (world: World): readonly PodEndpoint[] =>
  world.pods.filter(
    (pod) =>
      pod.namespace === DNS_SERVICE.namespace &&
      pod.labels['k8s-app'] === DNS_LABEL &&
      !pod.hostNetwork,
  );

/** The most that glibc and the kubelet take (k8s pkg/kubelet/network/dns: MaxDNSNameservers). */
const MAX_NAMESERVERS = 3;

/**
 * A pod's resolv.conf as the kubelet writes it for its `dnsPolicy` and `dnsConfig` (k8s
 * pkg/kubelet/network/dns). A pod with `dnsPolicy: Default` sees its node's, and is given
 * one of its own only where `dnsConfig` adds to that.
 */
export function resolverOf(world: World, pod: PodEndpoint): readonly Command[] {
  const { policy, nameservers, searches, options } = pod.dns ?? CLUSTER_FIRST;
  const service = world.services.find(
    ({ namespace, name }) => namespace === DNS_SERVICE.namespace && name === DNS_SERVICE.name,
  );
  const own = service?.clusterIps ?? [];
  const isCluster = policy === 'cluster';
  const given = [...nameservers, ...searches, ...options];
  if (policy !== 'none' && given.length === 0 && (!isCluster || own.length === 0)) return [];
  const domain = world.clusterDomain;
  const search = [
    ...(isCluster ? [`${pod.namespace}.svc.${domain}`, `svc.${domain}`, domain] : []),
    ...searches,
  ];
  const servers = [...new Set([...(isCluster ? own : []), ...nameservers])];
  const resolvConf = [
    ...(search.length === 0 ? [] : [`search ${[...new Set(search)].join(' ')}`]),
    ...servers.slice(0, MAX_NAMESERVERS).map((address) => `nameserver ${address}`),
    ...optionsLine([...(isCluster ? ['ndots:5'] : []), ...options]),
    '',
  ].join('\n');
  return [{ kind: 'set-resolver', netns: netnsOf(pod), resolvConf }];
}

const CLUSTER_FIRST: PodDns = { policy: 'cluster', nameservers: [], searches: [], options: [] };

/** An option of `dnsConfig` replaces one of the same name. */
function optionsLine(options: readonly string[]): readonly string[] {
  const kept = uniqueBy(options, (option) => option.split(':')[0]);
  return kept.length === 0 ? [] : [`options ${kept.join(' ')}`];
}
