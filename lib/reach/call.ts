import { familyOf, type Ip, type IpFamily } from '../model/address';
import type { Flow, Protocol } from '../model/flow';
import type { Backend, Service, ServicePort } from '../model/world';
import { type Routing, stopped } from './delivery';
import type { Directory } from './directory';
import type { Packet } from './judge';
import type { Party } from './party';

/** A flow to a Service: who asks, and for which port of it. */
export interface Call {
  readonly directory: Directory;
  /** The caller's parties, one an address. */
  readonly from: readonly Party[];
  readonly protocol: Protocol;
  readonly port: Flow['port'];
}

export const serviceName = ({ namespace, name }: Service): string => `svc:${namespace}/${name}`;

/** The port of a Service that a call asks for, by number or name. */
export const portOf = (service: Service, { protocol, port }: Call): ServicePort | undefined =>
  service.ports.find(
    (p) => p.protocol === protocol && (typeof port === 'string' ? p.name : p.port) === port,
  );

/** Backends that pods' readiness puts behind a port, of the families the caller has. */
export const readyBackends = (
  port: ServicePort,
  { from }: Pick<Call, 'from'>,
): readonly Backend[] =>
  port.backends.filter(
    ({ ready, address }) => ready && from.some(({ family }) => family === familyOf(address)),
  );

/** The call with the caller's addresses of one family alone. */
export const inFamily = (call: Call, family: IpFamily | undefined): Call => ({
  ...call,
  from: call.from.filter((party) => party.family === family),
});

/** The family in which the caller would call one of these addresses: the first they share. */
export const sharedFamily = (addresses: readonly Ip[], { from }: Call): IpFamily | undefined =>
  addresses.map(familyOf).find((family) => from.some((party) => party.family === family));

/** kube-proxy serves a Service in the families of its cluster addresses, and in no other. */
export const servesFamily = ({ clusterIps }: Service, family: IpFamily): boolean =>
  clusterIps.some((address) => familyOf(address) === family);

/** The packet from the caller to an address; none where they share no address family. */
export const packetTo = (address: Ip, port: number | undefined, call: Call): Packet | undefined =>
  packetToParty(call.directory.at(address), port, call);

/** The packet from the caller to a backend, its destination translated. */
export function translatedTo(backend: Backend, call: Call): Packet | undefined {
  const packet = packetTo(backend.address, backend.port, call);
  return packet === undefined ? undefined : { ...packet, translated: true };
}

/** What the caller addressed, one of these in the family of what that was translated to. */
export function calledBy(
  translated: Packet | undefined,
  addresses: readonly Ip[],
  { port, call }: { readonly port: number | undefined; readonly call: Call },
): { readonly called?: Packet } {
  const own = addresses.find((ip) => call.directory.at(ip).family === translated?.source.family);
  const called = own === undefined ? undefined : packetTo(own, port, call);
  return called === undefined ? {} : { called };
}

/** The packet from the caller to somebody; none where they share no address family. */
export function packetToParty(
  party: Party,
  port: number | undefined,
  call: Call,
): Packet | undefined {
  const source = call.from.find(({ family }) => family === party.family);
  const { protocol } = call;
  return source === undefined ? undefined : { source, target: { party, protocol, port } };
}

const object = ({ namespace, name }: Service): string => `${namespace}/${name}`;

export const noPort = (service: Service, { protocol, port }: Call): Routing =>
  stopped('no-route', object(service), {
    because: `${serviceName(service)} has no port ${port ?? ''} for ${protocol}`.replace('  ', ' '),
  });

/** Nobody to answer: no ready endpoint at all, or none of the caller's family. */
export const noEndpoints = (service: Service, port: ServicePort): Routing =>
  port.backends.some(({ ready }) => ready)
    ? noFamily(service)
    : stopped('no-route', object(service), {
        because: `${serviceName(service)} has no ready endpoint, so kube-proxy rejects the connection`,
      });

/** kube-proxy drops what a `Local` policy leaves without a backend (nftables: "no local endpoints"). */
export const noLocal = (service: Service, node: string): Routing =>
  stopped('denied', object(service), {
    because: `${serviceName(service)} keeps traffic local (traffic policy Local) and ${node} has no ready endpoint of it, so kube-proxy drops the packet`,
  });

export const noFamily = (service: Service): Routing =>
  stopped('no-route', object(service), {
    because: `${serviceName(service)} and the source have no address family in common`,
  });

export const notKnown = (service: Service, because: string): Routing =>
  stopped('unknown', object(service), { because });

export const noWay = (service: Service, because: string): Routing =>
  stopped('no-route', object(service), { because });
