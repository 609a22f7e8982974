import type { DnsCluster, DnsRecord } from '../../dataplane/commands/command';
import { familyOf, parseIp } from '../../model/address';

/** What a DNS server knows about a question. */
export type ZoneAnswer =
  | {
      readonly kind: 'answered';
      readonly records: readonly DnsRecord[];
      readonly authoritative: boolean;
    }
  /** The apex of a zone, asked for its start of authority. */
  | { readonly kind: 'start-of-authority'; readonly zone: string }
  /** The name exists, but has no record of that type. */
  | { readonly kind: 'no-data'; readonly zone: string | undefined }
  /** There is no such name. */
  | { readonly kind: 'no-name'; readonly zone: string | undefined };

/** Answers questions; names compare without regard to case or a last dot. */
export type Zone = (name: string, type: string) => ZoneAnswer;

/** What an alias answers; for other types it has no data (CoreDNS plugin/kubernetes). */
const FOLLOWED = ['A', 'AAAA', 'CNAME'];

/**
 * A zone over a list of records. Aliases are followed as far as records go (RFC 1034 section
 * 3.6.2); where several records answer, each question starts one further, as CoreDNS' load
 * balancing does it. With a cluster, the zone answers as CoreDNS' kubernetes plugin with `pods
 * insecure` does: only its own names exist, and a pod's name is made of its address.
 */
export function createZone(
  records: readonly DnsRecord[],
  authoritativeFor: readonly string[],
  cluster?: DnsCluster,
): Zone {
  const byName = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const name = plain(record.name);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [record]);
    else known.push(record);
  }
  const zones = authoritativeFor.map(plain);
  const zoneOf = (name: string) => zones.find((z) => name === z || name.endsWith(`.${z}`));
  const existing = existingNames([...byName.keys()], zoneOf, cluster);
  const podRecords = podNames(cluster);
  let turn = 0;

  const recordsOf = (name: string): readonly DnsRecord[] => byName.get(name) ?? podRecords(name);
  const answersTo = (name: string, type: string): readonly DnsRecord[] => {
    const here = recordsOf(name);
    const matching = here.filter((record) => record.type === type);
    turn += 1;
    if (matching.length > 0) return rotate(matching, turn % matching.length);
    return FOLLOWED.includes(type) ? here.filter((record) => record.type === 'CNAME') : [];
  };
  return (asked, type) => {
    const name = plain(asked);
    const zone = zoneOf(name);
    if (type === 'SOA' && zone !== undefined) {
      return { kind: name === zone ? 'start-of-authority' : 'no-data', zone };
    }
    const found = leaveOpenAliasOut(follow(name, type, answersTo), type, zoneOf);
    if (found.length > 0) {
      return { kind: 'answered', records: found, authoritative: zone !== undefined };
    }
    const exists =
      (existing.has(name) || name === zone || recordsOf(name).length > 0) &&
      (cluster === undefined || zone === undefined || isKnownFor(type, byName.get(name) ?? []));
    return { kind: exists ? 'no-data' : 'no-name', zone };
  };
}

/** The answers to a name and, where it is an alias, to what it stands for. */
function follow(
  name: string,
  type: string,
  answersTo: (name: string, type: string) => readonly DnsRecord[],
): readonly DnsRecord[] {
  const found: DnsRecord[] = [];
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !seen.has(next); ) {
    seen.add(next);
    const here = answersTo(next, type);
    found.push(...here);
    const alias = here.find((record) => record.type === 'CNAME');
    next = alias === undefined || type === 'CNAME' ? undefined : plain(alias.data);
  }
  return found;
}

/** An alias of one of its own names that has no answer is left out. */
function leaveOpenAliasOut(
  found: readonly DnsRecord[],
  type: string,
  zoneOf: (name: string) => string | undefined,
): readonly DnsRecord[] {
  const last = found.at(-1);
  const isOpen = last?.type === 'CNAME' && type !== 'CNAME';
  return isOpen && zoneOf(plain(last.data)) !== undefined ? [] : found;
}

/**
 * What CoreDNS' kubernetes plugin finds a name for: texts only where there are other records, names in
 * reverse only for pointers, and the version of the schema only as a text.
 */
function isKnownFor(type: string, records: readonly DnsRecord[]): boolean {
  const own = records.filter((record) => !['NS', 'PTR', 'TXT'].includes(record.type));
  if (type === 'TXT') return own.length > 0;
  return own.length > 0 || records.every((record) => record.type === 'NS');
}

/** Names without a record of their own exist above others (RFC 8020), in a cluster only these. */
function existingNames(
  names: readonly string[],
  zoneOf: (name: string) => string | undefined,
  cluster: DnsCluster | undefined,
): ReadonlySet<string> {
  if (cluster === undefined) return new Set(names.flatMap(withParents));
  const domain = plain(cluster.domain);
  const own = ['svc', 'pod'].flatMap((kind) => [
    `${kind}.${domain}`,
    ...cluster.namespaces.map((namespace) => `${plain(namespace)}.${kind}.${domain}`),
  ]);
  const others = names.filter((name) => zoneOf(name) === undefined).flatMap(withParents);
  return new Set([...names, ...own, `ns.dns.${domain}`, ...others]);
}

/** `10-0-1-2.shop.pod.cluster.local`: any address, in a namespace that exists. */
function podNames(cluster: DnsCluster | undefined): (name: string) => readonly DnsRecord[] {
  if (cluster === undefined) return () => [];
  const namespaces = new Set(cluster.namespaces.map(plain));
  const suffix = `.pod.${plain(cluster.domain)}`;
  return (name) => {
    if (!name.endsWith(suffix)) return [];
    const [dashed = '', namespace = '', ...more] = name.slice(0, -suffix.length).split('.');
    if (more.length > 0 || !namespaces.has(namespace)) return [];
    const isFour = dashed.split('-').length === 4 && !dashed.includes('--');
    const address = parseIp(dashed.replaceAll('-', isFour ? '.' : ':'));
    if (address === undefined) return [];
    return [{ name, type: familyOf(address) === 4 ? 'A' : 'AAAA', data: address }];
  };
}

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');

const rotate = <T>(items: readonly T[], by: number): readonly T[] => [
  ...items.slice(by),
  ...items.slice(0, by),
];

/** A name, and every name above it: those exist too, without records of their own. */
function withParents(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.map((_, i) => labels.slice(i).join('.'));
}
