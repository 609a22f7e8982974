import { familyOf } from '../../model/address';
import { followAlias, hasClusterDns } from '../../model/cluster-names';
import { endpointsOfService } from '../../model/service-endpoints';
import { uniqueBy } from '../../model/unique';
import type { Backend, Service } from '../../model/world';
import { isWorkload } from '../ends/party';
import type { Packet } from '../ends/types';
import {
  calledBy,
  inFamily,
  nodeBackends,
  packetTo,
  portOf,
  sharedFamily,
  translatedTo,
} from './call';
import { callFromControlPlane, isControlPlane } from './control-plane';
import { direct } from './delivery';
import { callFromOutside } from './load-balancer';
import {
  noEndpoints,
  noFamily,
  noLocal,
  noPort,
  serviceName,
  stoppedAt,
  unlistedEndpoints,
} from './refusal';
import type { Delivery, Routing, ServiceCall } from './types';

/** Where a call to a Service by its name goes. */
export function callService(service: Service, call: ServiceCall): Routing {
  const inside = call.from.some((party) => party.node !== undefined);
  if (isControlPlane(call) && service.type !== 'ExternalName') {
    return callFromControlPlane(service, call);
  }
  const isNameOnly = service.type === 'ExternalName' || service.headless;
  if (isNameOnly && !inside) {
    const name = serviceName(service);
    return stoppedAt(
      service,
      'no-route',
      `${name} has no address of its own, and only the cluster's DNS resolves its name`,
    );
  }
  if (isNameOnly && !call.from.some(({ pod }) => hasClusterDns(pod, call.directory.world))) {
    const because = `${serviceName(service)} is only a name, and the source's resolver is not the cluster's DNS`;
    return stoppedAt(service, 'no-route', because);
  }
  if (service.type === 'ExternalName') return callExternalName(service, call);
  if (service.headless) return callHeadless(service, call);
  return inside ? callClusterIp(service, call) : callFromOutside(service, call);
}

/**
 * A call to a Service's cluster address: on the caller's node, kube-proxy picks a backend of that
 * address' family: a ready one, else one that still serves while it terminates.
 * The translation comes before policy (nat prerouting and output), so both sides see the backend.
 */
export function callClusterIp(service: Service, named: ServiceCall): Routing {
  const port = portOf(service, named);
  if (port === undefined) return noPort(service, named);
  const family = sharedFamily(service.clusterIps, named);
  const call = inFamily(named, family);
  const node = call.from[0]?.node ?? '';
  const { cluster, local, isServed } = nodeBackends(port, node, call);
  const toward = fromHost(service, port.port, call);
  if (!isServed) return { ...noEndpoints(service, port), ...toward };
  const backends = service.internalTrafficPolicy === 'Local' ? local : cluster;
  if (backends.length === 0) return { ...noLocal(service, node), ...toward };
  const deliveries = backends.flatMap((backend): Delivery[] => {
    const packet = translatedTo(backend, call);
    const called = calledBy(packet, service.clusterIps, { port: port.port, call });
    const note = `kube-proxy: ${serviceName(service)} port ${port.port} becomes ${backend.address} port ${backend.port}`;
    if (packet === undefined) return [];
    return [{ ...direct(packet), ...called, ...hairpin(packet, note, call) }];
  });
  return deliveries.length > 0 ? { kind: 'delivered', deliveries } : noFamily(service);
}

/** A pod that is its own backend sees its node's address (kube-proxy masquerades hairpins). */
function hairpin({ source, target }: Packet, note: string, { directory }: ServiceCall) {
  const node = source.address === target.party.address ? source.node : undefined;
  const addresses = node === undefined ? [] : (directory.node(node)?.addresses ?? []);
  const own = isWorkload(source) && addresses.find((one) => familyOf(one) === source.family);
  return own ? { note: `${note}, and the source becomes ${own}`, masquerade: own } : { note };
}

/** What a node itself sends to a Service's address: its own host endpoint sees that first. */
function fromHost(service: Service, port: number, call: ServiceCall) {
  const [packet] = service.clusterIps.flatMap((address) => packetTo(address, port, call) ?? []);
  return packet === undefined || isWorkload(packet.source)
    ? {}
    : { toward: { packet, stoppedAt: 'own-node' } as const };
}

/** DNS gives the endpoints' own addresses: nothing is translated, so a port number stays as asked. */
function callHeadless(service: Service, call: ServiceCall): Routing {
  if (service.areEndpointsUnknown) return unlistedEndpoints(service);
  const isNamed = typeof call.port === 'string';
  const named = isNamed ? portOf(service, call) : undefined;
  if (isNamed && named === undefined) return noPort(service, call);
  const all = endpointsOfService(service).filter(({ ready }) => ready);
  const number = isNamed ? undefined : call.port;
  const found: readonly Pick<Backend, 'address' | 'ready'>[] =
    named?.backends.filter(({ ready }) => ready) ?? all;
  if (found.length === 0) {
    const because = `${serviceName(service)} has no ready endpoint, so the cluster's DNS gives no address for its name`;
    return stoppedAt(service, 'no-route', because);
  }
  const note = `DNS: ${serviceName(service)} is headless, its name is its backends' addresses`;
  const deliveries = uniqueBy(found, ({ address }) => address).flatMap((one): Delivery[] => {
    const port = named?.backends.find(({ address }) => address === one.address)?.port ?? number;
    const packet = packetTo(one.address, port, call);
    return packet === undefined ? [] : [{ ...direct(packet), note }];
  });
  return deliveries.length > 0 ? { kind: 'delivered', deliveries } : noFamily(service);
}

/** A name for another name: of the cluster's own, or one that the resolver knows outside. */
function callExternalName(service: Service, call: ServiceCall): Routing {
  const target = followAlias(service, call.directory.world);
  if (target?.kind === 'service') return callService(target.service, call);
  const name = service.externalName ?? '';
  const port = typeof call.port === 'number' ? call.port : undefined;
  const note = `DNS: ${serviceName(service)} is an alias of ${name}`;
  const [packet] = (target?.addresses ?? []).flatMap(
    (address) => packetTo(address, port, call) ?? [],
  );
  return packet === undefined
    ? stoppedAt(
        service,
        'unknown',
        `${serviceName(service)} is an alias of ${name}, whose address is not known`,
      )
    : { kind: 'delivered', deliveries: [{ ...direct(packet), note }] };
}
