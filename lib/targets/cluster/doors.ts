import type { KubernetesObject, V1Ingress } from '@kubernetes/client-node';
import { type Cluster, statusOf } from './cluster';

/** An address that a load balancer of a host answers at, as its Ingress or Gateway says. */
interface Door {
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
}

/**
 * Where a host's load balancer answers: the address in the status of the Ingress or Gateway that
 * names the host. A lab's hosts are examples that no DNS server knows, so a request is sent to that
 * address with the host's name in it.
 */
export async function addressOfHost(cluster: Cluster, host: string): Promise<string | undefined> {
  const doors = [...(await ingresses(cluster)), ...(await gateways(cluster))];
  return doors.find(({ hosts }) => hosts.includes(host))?.addresses[0];
}

async function ingresses({ api }: Cluster): Promise<readonly Door[]> {
  const { items } = await api.list<V1Ingress>('networking.k8s.io/v1', 'Ingress');
  return items.map(({ spec, status }) => ({
    hosts: spec?.rules?.flatMap(({ host }) => host ?? []) ?? [],
    addresses:
      status?.loadBalancer?.ingress?.flatMap(({ hostname, ip }) => hostname ?? ip ?? []) ?? [],
  }));
}

interface GatewayObject extends KubernetesObject {
  readonly spec?: { readonly listeners?: readonly { readonly hostname?: string }[] };
  readonly status?: { readonly addresses?: readonly { readonly value?: string }[] };
}

/** A cluster without the Gateway API has none. */
async function gateways({ api }: Cluster): Promise<readonly Door[]> {
  try {
    const { items } = await api.list<GatewayObject>('gateway.networking.k8s.io/v1', 'Gateway');
    return items.map(({ spec, status }) => ({
      hosts: spec?.listeners?.flatMap(({ hostname }) => hostname ?? []) ?? [],
      addresses: status?.addresses?.flatMap(({ value }) => value ?? []) ?? [],
    }));
  } catch (error) {
    if (statusOf(error) === 404 || /Unrecognized API version and kind/.test(String(error)))
      return [];
    throw error;
  }
}
