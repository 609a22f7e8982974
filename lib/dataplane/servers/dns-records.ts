import { bitsOf, familyOf, type Ip, parseIp } from '../../model/address';
import { dashedAddress } from '../../model/cluster-names';
import { endpointsOfService } from '../../model/service-endpoints';
import { uniqueBy } from '../../model/unique';
import type { Service, ServiceEndpoint, ServicePort, World } from '../../model/world';
import type { DnsRecord } from '../commands/command';
import { addressRecords, namesOutside, privateNames } from './dns-names';

/**
 * Every name the cluster's DNS knows (Kubernetes DNS specification 1.1), and what upstream servers answer:
 * hosts outside, private names of VPC endpoints. Names of pods follow from the question.
 */
export function recordsOf(world: World): readonly DnsRecord[] {
  const records = [
    ...apexRecords(world),
    ...world.services.flatMap((service) => serviceRecords(world, service)),
    ...namesOutside(world),
    ...world.vpcs.flatMap(privateNames),
  ];
  const key = (record: DnsRecord): string => `${record.name} ${record.type} ${record.data}`;
  return uniqueBy(records, key);
}

function serviceRecords(world: World, service: Service): readonly DnsRecord[] {
  const name = `${service.name}.${service.namespace}.svc.${world.clusterDomain}`;
  if (service.type === 'ExternalName') {
    const target = (service.externalName ?? '').replace(/\.$/, '');
    // A target that is an address is no alias, and CoreDNS leaves it out.
    const isAlias = target !== '' && parseIp(target) === undefined;
    return isAlias ? [{ name, type: 'CNAME', data: target }] : [];
  }
  const below = endpointRecords(world, service, name);
  if (service.headless) return below;
  const offers = service.ports.flatMap((port) =>
    service.clusterIps.map((): Offer => ({ ...port, target: name, addresses: service.clusterIps })),
  );
  return [
    ...addressRecords(name, service.clusterIps),
    ...service.clusterIps.map((address) => pointer(address, name)),
    ...srvRecords(name, offers),
    ...below,
  ];
}

/**
 * Names of a Service's ready endpoints below its own; the name of a headless one has all of their
 * addresses (CoreDNS plugin/kubernetes: findServices). Cluster addresses come first in reverse.
 */
function endpointRecords(world: World, service: Service, name: string): readonly DnsRecord[] {
  const ready = endpointsOfService(service).filter((endpoint) => endpoint.ready);
  const nameOf = (endpoint: ServiceEndpoint): string =>
    `${endpoint.hostname ?? dashedAddress(endpoint.address)}.${name}`;
  const held = new Set(world.services.flatMap(({ clusterIps }) => clusterIps));
  const offers = ready.flatMap((endpoint) =>
    (endpoint.ports.length > 0 ? endpoint.ports : [NO_PORT]).map(
      (port): Offer => ({ ...port, target: nameOf(endpoint), addresses: [endpoint.address] }),
    ),
  );
  const targets = [...new Set(ready.map(nameOf))];
  return [
    ...(service.headless
      ? addressRecords(
          name,
          ready.map(({ address }) => address),
        )
      : []),
    ...ready.flatMap((endpoint) => addressRecords(nameOf(endpoint), [endpoint.address])),
    ...ready
      .filter(({ address }) => !held.has(address))
      .map((endpoint) => pointer(endpoint.address, nameOf(endpoint))),
    ...(service.headless ? srvRecords(name, offers) : []),
    ...targets.flatMap((target) => ownServices(target, offers)),
  ];
}

/** SRV of an endpoint's own name. */
const ownServices = (target: string, offers: readonly Offer[]): readonly DnsRecord[] =>
  weighted(
    target,
    offers.filter((one) => one.target === target),
  );

/** A port that SRV records offer at a name; none has no number. */
interface Offer extends Pick<ServiceEndpoint['ports'][number], 'name' | 'port'> {
  readonly protocol: ServicePort['protocol'];
  readonly target: string;
  readonly addresses: readonly Ip[];
}

/** What CoreDNS takes the port of an endpoint for whose slice has none. */
const NO_PORT = { protocol: 'TCP' } as const;

/** SRV of the Service's name for all ports, and of each port's own name. */
function srvRecords(name: string, offers: readonly Offer[]): readonly DnsRecord[] {
  const named = groupedBy(
    offers.filter((offer) => (offer.name ?? '') !== ''),
    (offer) => `_${offer.name}._${offer.protocol.toLowerCase()}.${name}`,
  );
  // An address is asked under a port's name too, and answered (findServices).
  return [
    ...weighted(name, offers),
    ...[...named].flatMap(([service, own]) => [
      ...weighted(service, own),
      ...addressRecords(
        service,
        own.flatMap(({ addresses }) => addresses),
      ),
    ]),
  ];
}

/** All of the same weight, 100 in all (CoreDNS plugin: SRV). */
const weighted = (name: string, offers: readonly Offer[]): readonly DnsRecord[] =>
  offers
    .filter(({ port }) => port !== undefined)
    .map(({ port, target }) => ({
      name,
      type: 'SRV',
      data: `0 ${Math.max(1, Math.floor(100 / offers.length))} ${port} ${target}`,
    }));

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** The version of the names' schema, and the name of the DNS server itself. */
function apexRecords({ services, clusterDomain: domain }: World): readonly DnsRecord[] {
  const server = services.find(
    ({ namespace, name }) => namespace === 'kube-system' && name === 'kube-dns',
  );
  const name = `ns.dns.${domain}`;
  return [
    { name: `dns-version.${domain}`, type: 'TXT', data: '1.1.0' },
    { name: domain, type: 'NS', data: name },
    ...addressRecords(name, server?.clusterIps ?? []),
  ];
}

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
