import { bitsOf, familyOf, type Ip } from '../model/address';
import type { Backend, PodEndpoint, Service, ServicePort, World } from '../model/world';
import type { Command, DnsRecord } from './command';
import { addressRecords, namesOutside, privateNames } from './dns-names';
import { netnsOf } from './names';

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

/** A pod's resolv.conf as the kubelet writes it for `dnsPolicy: ClusterFirst`. */
export function resolverOf(world: World, pod: PodEndpoint): readonly Command[] {
  const service = world.services.find(
    ({ namespace, name }) => namespace === DNS_SERVICE.namespace && name === DNS_SERVICE.name,
  );
  if (service === undefined || service.clusterIps.length === 0) return [];
  const domain = world.clusterDomain;
  const resolvConf = [
    `search ${pod.namespace}.svc.${domain} svc.${domain} ${domain}`,
    ...service.clusterIps.map((address) => `nameserver ${address}`),
    'options ndots:5',
    '',
  ].join('\n');
  return [{ kind: 'set-resolver', netns: netnsOf(pod), resolvConf }];
}

/**
 * Every name the cluster's DNS knows (Kubernetes DNS specification 1.1, and CoreDNS' `pods
 * insecure`), and what it hears upstream: hosts outside, private names of VPC endpoints.
 */
export function recordsOf(world: World): readonly DnsRecord[] {
  const records = [
    ...world.services.flatMap((service) => serviceRecords(world, service)),
    ...world.pods.filter((pod) => !pod.hostNetwork).flatMap((pod) => podRecords(world, pod)),
    ...namesOutside(world),
    ...world.vpcs.flatMap(privateNames),
  ];
  const key = (record: DnsRecord): string => `${record.name} ${record.type} ${record.data}`;
  return [...new Map(records.map((record) => [key(record), record])).values()];
}

function serviceRecords(world: World, service: Service): readonly DnsRecord[] {
  const name = `${service.name}.${service.namespace}.svc.${world.clusterDomain}`;
  if (service.type === 'ExternalName') {
    const target = (service.externalName ?? '').replace(/\.$/, '');
    return target === '' ? [] : [{ name, type: 'CNAME', data: target }];
  }
  if (service.headless) {
    return service.ports.flatMap((port) => headlessRecords(world, name, port));
  }
  return [
    ...addressRecords(name, service.clusterIps),
    ...service.clusterIps.map((address) => pointer(address, name)),
    ...service.ports.flatMap((port) => srvRecord(name, port, { port: port.port, target: name })),
  ];
}

/** A headless Service's name has all its ready backends, and each backend a name below it. */
function headlessRecords(world: World, name: string, port: ServicePort): readonly DnsRecord[] {
  return port.backends
    .filter(({ ready }) => ready)
    .flatMap((backend) => {
      const target = `${hostnameOf(world, backend)}.${name}`;
      return [
        ...addressRecords(name, [backend.address]),
        ...addressRecords(target, [backend.address]),
        pointer(backend.address, target),
        ...srvRecord(name, port, { port: backend.port, target }),
      ];
    });
}

/** A StatefulSet's pods have host names; others are called by their address. */
function hostnameOf(world: World, { address }: Backend): string {
  const pod = world.pods.find(({ addresses }) => addresses.includes(address));
  return pod?.workload.startsWith('StatefulSet/') === true ? pod.name : dashed(address);
}

const dashed = (address: Ip): string => address.replace(/[.:]/g, '-');

function srvRecord(
  name: string,
  { name: portName, protocol }: ServicePort,
  at: { readonly port: number; readonly target: string },
): readonly DnsRecord[] {
  if (portName === undefined) return [];
  const service = `_${portName}._${protocol.toLowerCase()}.${name}`;
  return [{ name: service, type: 'SRV', data: `0 100 ${at.port} ${at.target}` }];
}

const podRecords = (world: World, pod: PodEndpoint): readonly DnsRecord[] =>
  pod.addresses.flatMap((address) =>
    addressRecords(`${dashed(address)}.${pod.namespace}.pod.${world.clusterDomain}`, [address]),
  );

const pointer = (address: Ip, target: string): DnsRecord => ({
  name: reverseName(address),
  type: 'PTR',
  data: target,
});

/** RFC 1035 section 3.5 and RFC 3596 section 2.5: the address backwards, byte or nibble a label. */
function reverseName(address: Ip): string {
  if (familyOf(address) === 4) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  const nibbles = bitsOf(address).toString(16).padStart(32, '0');
  return `${[...nibbles].reverse().join('.')}.ip6.arpa`;
}
