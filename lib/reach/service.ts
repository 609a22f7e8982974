import type { Backend, Service, ServicePort } from '../model/world';
import {
  type Call,
  calledBy,
  inFamily,
  noEndpoints,
  noFamily,
  noLocal,
  noPort,
  notKnown,
  noWay,
  packetTo,
  portOf,
  readyBackends,
  serviceName,
  sharedFamily,
  translatedTo,
} from './call';
import { type Delivery, direct, type Routing } from './delivery';
import { callFromOutside } from './load-balancer';
import { isWorkload } from './party';

/** Where a call to a Service by its name goes. */
export function callService(service: Service, call: Call): Routing {
  const inside = call.from.some((party) => party.node !== undefined);
  const isNameOnly = service.type === 'ExternalName' || service.headless;
  if (isNameOnly && !inside) {
    const name = serviceName(service);
    return noWay(service, `${name} is only a name, which the cluster's own DNS alone answers`);
  }
  if (service.type === 'ExternalName') return callExternalName(service, call);
  if (service.headless) return callHeadless(service, call);
  return inside ? callClusterIp(service, call) : callFromOutside(service, call);
}

/**
 * A call to a Service's cluster address: on the caller's node, kube-proxy picks a ready backend of
 * that address' family.
 * The translation comes before policy (nat prerouting and output), so both sides see the backend.
 */
export function callClusterIp(service: Service, named: Call): Routing {
  const port = portOf(service, named);
  if (port === undefined) return noPort(service, named);
  const family = sharedFamily(service.clusterIps, named);
  const call = inFamily(named, family);
  const ready = readyBackends(port, call);
  const toward = fromHost(service, port.port, call);
  if (ready.length === 0) return { ...noEndpoints(service, port), ...toward };
  const node = call.from[0]?.node ?? 'the node';
  const backends =
    service.internalTrafficPolicy === 'Local' ? ready.filter((b) => b.node === node) : ready;
  if (backends.length === 0) return { ...noLocal(service, node), ...toward };
  const deliveries = backends.flatMap((backend): Delivery[] => {
    const packet = translatedTo(backend, call);
    const called = calledBy(packet, service.clusterIps, { port: port.port, call });
    const note = `kube-proxy: ${serviceName(service)} port ${port.port} becomes ${backend.address} port ${backend.port}`;
    return packet === undefined ? [] : [{ ...direct(packet), ...called, note }];
  });
  return deliveries.length > 0 ? { kind: 'delivered', deliveries } : noFamily(service);
}

/** What a node itself sends to a Service's address: its own host endpoint sees that first. */
function fromHost(service: Service, port: number, call: Call) {
  const [packet] = service.clusterIps.flatMap((address) => packetTo(address, port, call) ?? []);
  return packet === undefined || isWorkload(packet.source)
    ? {}
    : { toward: { packet, stoppedAt: 'own-node' } as const };
}

/** DNS gives the backends' own addresses: nothing is translated, so a port number stays as asked. */
function callHeadless(service: Service, call: Call): Routing {
  const named = typeof call.port === 'string' ? portOf(service, call) : undefined;
  if (typeof call.port === 'string' && named === undefined) return noPort(service, call);
  const asked = named === undefined ? service.ports : [named];
  const ready = asked.flatMap((port) => readyBackends(port, call));
  if (ready.length === 0) return headlessNobody(service, asked);
  const note = `DNS: ${serviceName(service)} is headless, its name is its backends' addresses`;
  const deliveries = oneAnAddress(ready).flatMap((backend): Delivery[] => {
    const port = typeof call.port === 'string' ? backend.port : call.port;
    const packet = packetTo(backend.address, port, call);
    return packet === undefined ? [] : [{ ...direct(packet), note }];
  });
  return deliveries.length > 0 ? { kind: 'delivered', deliveries } : noFamily(service);
}

const headlessNobody = (service: Service, asked: readonly ServicePort[]): Routing => {
  const full = asked.find(({ backends }) => backends.some(({ ready }) => ready)) ?? asked[0];
  return full === undefined
    ? noWay(service, `${serviceName(service)} has no port`)
    : noEndpoints(service, full);
};

const oneAnAddress = (backends: readonly Backend[]): readonly Backend[] => [
  ...new Map(backends.map((backend) => [backend.address, backend])).values(),
];

/** A name for another name: one of the cluster's own, or one that the resolver knows outside. */
function callExternalName(service: Service, call: Call): Routing {
  const { world } = call.directory;
  const name = service.externalName ?? '';
  const inside = world.services.find(
    (s) => name === `${s.name}.${s.namespace}.svc.${world.clusterDomain}`,
  );
  // An alias of an alias is not followed: two could name each other.
  if (inside !== undefined && inside.type !== 'ExternalName') return callService(inside, call);
  const outside = world.outside.find((endpoint) => endpoint.name === name);
  const port = typeof call.port === 'number' ? call.port : undefined;
  const [packet] = (outside?.addresses ?? []).flatMap(
    (address) => packetTo(address, port, call) ?? [],
  );
  const note = `DNS: ${serviceName(service)} is another name of ${name}`;
  return packet === undefined
    ? notKnown(service, `${serviceName(service)} stands for ${name}, whose address is not known`)
    : { kind: 'delivered', deliveries: [{ ...direct(packet), note }] };
}
