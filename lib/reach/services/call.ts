import { familyOf, type Ip, type IpFamily } from '../../model/address';
import { backendsOnNode, type NodeBackends } from '../../model/service-endpoints';
import type { Backend, Service, ServicePort } from '../../model/world';
import type { Packet, Party } from '../ends/types';
import type { ServiceCall } from './types';

/** The port of a Service that a call asks for, by number or name. */
export const portOf = (
  service: Service,
  { protocol, port }: ServiceCall,
): ServicePort | undefined =>
  service.ports.find(
    (p) => p.protocol === protocol && (typeof port === 'string' ? p.name : p.port) === port,
  );

/** Backends that pods' readiness puts behind a port, of the families the caller has. */
export const readyBackends = (
  port: ServicePort,
  { from }: Pick<ServiceCall, 'from'>,
): readonly Backend[] =>
  port.backends.filter(
    ({ ready, address }) => ready && from.some(({ family }) => family === familyOf(address)),
  );

/** The backends that kube-proxy of a node uses for a port, of the families the caller has. */
export const nodeBackends = (
  port: ServicePort,
  node: string,
  { from, directory }: ServiceCall,
): NodeBackends =>
  backendsOnNode(
    port.backends.filter(({ address }) => from.some(({ family }) => family === familyOf(address))),
    directory.node(node),
  );

/** The call with the caller's addresses of one family alone. */
export const inFamily = (call: ServiceCall, family: IpFamily | undefined): ServiceCall => ({
  ...call,
  from: call.from.filter((party) => party.family === family),
});

/** The family in which the caller would call one of these addresses: the first they share. */
export const sharedFamily = (
  addresses: readonly Ip[],
  { from }: ServiceCall,
): IpFamily | undefined =>
  addresses.map(familyOf).find((family) => from.some((party) => party.family === family));

/** kube-proxy serves a Service in the families of its cluster addresses, and in no other. */
export const servesFamily = ({ clusterIps }: Service, family: IpFamily): boolean =>
  clusterIps.some((address) => familyOf(address) === family);

/** The packet from the caller to an address; none where they share no address family. */
export const packetTo = (
  address: Ip,
  port: number | undefined,
  call: ServiceCall,
): Packet | undefined => packetToParty(call.directory.at(address), port, call);

/** The packet from the caller to a backend, its destination translated. */
export function translatedTo(backend: Backend, call: ServiceCall): Packet | undefined {
  const packet = packetTo(backend.address, backend.port, call);
  return packet === undefined ? undefined : { ...packet, translated: true };
}

/** What the caller addressed, one of these in the family of what that was translated to. */
export function calledBy(
  translated: Packet | undefined,
  addresses: readonly Ip[],
  { port, call }: { readonly port: number | undefined; readonly call: ServiceCall },
): { readonly called?: Packet } {
  const own = addresses.find((ip) => call.directory.at(ip).family === translated?.source.family);
  const called = own === undefined ? undefined : packetTo(own, port, call);
  return called === undefined ? {} : { called };
}

/** The packet from the caller to an end; none where they share no address family. */
export function packetToParty(
  party: Party,
  port: number | undefined,
  call: ServiceCall,
): Packet | undefined {
  const source = call.from.find(({ family }) => family === party.family);
  const { protocol, icmp } = call;
  if (source === undefined) return undefined;
  return { source, target: { party, protocol, port, ...(icmp && { icmp }) } };
}
