import { familyOf, type Ip, parseIp } from './address';
import { endpointsOfService } from './service-endpoints';
import type { PodEndpoint, Service, World } from './world';

/** CoreDNS follows at most this many aliases (plugin/kubernetes and its upstream lookups). */
const MAX_ALIASES = 8;

/** What a DNS name leads to. */
export type NameTarget =
  | { readonly kind: 'service'; readonly service: Service }
  | { readonly kind: 'addresses'; readonly addresses: readonly Ip[] };

/**
 * Whether a pod's resolver knows the cluster's names. Nodes, pods on the host network and pods with
 * `dnsPolicy: Default` have the node's resolver, which does not (Kubernetes: "Pod's DNS Policy").
 */
export function hasClusterDns(pod: PodEndpoint | undefined, { services }: World): boolean {
  if (pod === undefined) return false;
  const { dns } = pod;
  if (dns === undefined) return !pod.hostNetwork;
  if (dns.policy === 'cluster') return true;
  const clusterDns = services
    .filter(({ namespace, name }) => namespace === 'kube-system' && name === 'kube-dns')
    .flatMap(({ clusterIps }) => clusterIps);
  return dns.nameservers.some((address) => clusterDns.includes(address));
}

/** Follows an ExternalName as the cluster's DNS does; `undefined` where no file knows the name. */
export function followAlias(service: Service, world: World): NameTarget | undefined {
  let target: NameTarget | undefined = { kind: 'service', service };
  for (let i = 0; i < MAX_ALIASES; i += 1) {
    if (target?.kind !== 'service' || target.service.type !== 'ExternalName') return target;
    target = nameTarget(target.service.externalName ?? '', world);
  }
  return undefined;
}

function nameTarget(written: string, world: World): NameTarget | undefined {
  const name = written.toLowerCase().replace(/\.$/, '');
  const inside = name.endsWith(`.${world.clusterDomain}`)
    ? name.slice(0, -world.clusterDomain.length - 1).split('.')
    : [];
  const kind = inside.at(-1);
  if (kind === 'svc') return serviceTarget(inside.slice(0, -1), world);
  const [dashed = '', namespace] = inside;
  const exists = world.namespaces.some((one) => one.name === namespace);
  if (kind === 'pod' && inside.length === 3 && exists) return podTarget(dashed);
  const outside = world.outside.find((endpoint) => endpoint.name.toLowerCase() === name);
  return outside && { kind: 'addresses', addresses: outside.addresses };
}

/** `service.namespace`, or an endpoint's name before it. */
function serviceTarget(labels: readonly string[], { services }: World): NameTarget | undefined {
  const [name, namespace] = labels.slice(-2);
  const service = services.find((one) => one.name === name && one.namespace === namespace);
  if (service === undefined || labels.length > 3) return undefined;
  const [endpoint] = labels.length === 3 ? labels : [];
  if (endpoint === undefined) return { kind: 'service', service };
  const addresses = endpointsOfService(service)
    .filter((one) => one.ready && (one.hostname ?? dashedAddress(one.address)) === endpoint)
    .map(({ address }) => address);
  return addresses.length === 0 ? undefined : { kind: 'addresses', addresses };
}

/** An address as a DNS label (CoreDNS: endpointHostname). */
export const dashedAddress = (address: Ip): string => {
  const dashed = address.replace(/[.:]/g, '-');
  return familyOf(address) === 6 && dashed.endsWith('-') ? `${dashed}0` : dashed;
};

/** CoreDNS with `pods insecure`, as EKS has it: any address that its label spells. */
function podTarget(dashed: string): NameTarget | undefined {
  const address = parseIp(dashed.replaceAll('-', '.')) ?? parseIp(dashed.replaceAll('-', ':'));
  return address && { kind: 'addresses', addresses: [address] };
}
