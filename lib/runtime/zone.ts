import type { DnsRecord } from '../dataplane/command';

/** What a DNS server knows about a question. */
export type ZoneAnswer =
  | {
      readonly kind: 'answered';
      readonly records: readonly DnsRecord[];
      readonly authoritative: boolean;
    }
  /** The name exists, but has no record of that type. */
  | { readonly kind: 'no-data'; readonly zone: string | undefined }
  /** There is no such name (RFC 8020: and none below it). */
  | { readonly kind: 'no-name'; readonly zone: string | undefined };

/** Answers questions; names compare without regard to case or a last dot. */
export type Zone = (name: string, type: string) => ZoneAnswer;

/**
 * A zone over a list of records. Aliases are followed as far as records go (RFC 1034 section
 * 3.6.2); where several records answer, each question starts one further, as CoreDNS' load
 * balancing does it.
 */
export function createZone(
  records: readonly DnsRecord[],
  authoritativeFor: readonly string[],
): Zone {
  const byName = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const name = plain(record.name);
    byName.set(name, [...(byName.get(name) ?? []), record]);
  }
  const existing = new Set([...byName.keys()].flatMap(withParents));
  let turn = 0;

  const answersTo = (name: string, type: string): readonly DnsRecord[] => {
    const here = byName.get(name) ?? [];
    const matching = here.filter((record) => record.type === type);
    turn += 1;
    return matching.length > 0
      ? rotate(matching, turn % matching.length)
      : here.filter((record) => record.type === 'CNAME');
  };
  const follow = (name: string, type: string): readonly DnsRecord[] => {
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
  };
  return (asked, type) => {
    const name = plain(asked);
    const zone = authoritativeFor.map(plain).find((z) => name === z || name.endsWith(`.${z}`));
    const found = follow(name, type);
    if (found.length > 0) {
      return { kind: 'answered', records: found, authoritative: zone !== undefined };
    }
    return { kind: existing.has(name) || name === zone ? 'no-data' : 'no-name', zone };
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
