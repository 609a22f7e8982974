import { type Cidr, contains, type Ip, parseCidr } from '../model/address';

/** Blocks that have a name: a network set of the manifests, or a service of AWS in a region. */
export interface NamedBlocks {
  /** `NetworkSet shop/partner`, `AWS S3 eu-west-1`. */
  readonly name: string;
  readonly blocks: readonly Cidr[];
}

/** Services whose blocks AWS gives to customers, so a block says nothing of who answers there. */
const SHARED: ReadonlySet<string> = new Set(['AMAZON', 'EC2']);

/**
 * The blocks of AWS's `ip-ranges.json` by service and region (AWS general reference, "AWS IP address
 * ranges"). Services that only say that an address is AWS's are left out.
 *
 * @throws SyntaxError where the text is not JSON
 */
export function readAwsRanges(text: string): readonly NamedBlocks[] | undefined {
  const value = JSON.parse(text) as {
    readonly prefixes?: readonly Record<string, unknown>[];
    readonly ipv6_prefixes?: readonly Record<string, unknown>[];
  };
  if (!Array.isArray(value.prefixes)) return undefined;
  const groups = new Map<string, Cidr[]>();
  for (const entry of [...value.prefixes, ...(value.ipv6_prefixes ?? [])]) {
    const { service, region } = entry;
    if (typeof service !== 'string' || SHARED.has(service)) continue;
    const block = parseCidr(String(entry.ip_prefix ?? entry.ipv6_prefix));
    if ('problem' in block) continue;
    const name = `AWS ${service} ${String(region)}`;
    groups.set(name, [...(groups.get(name) ?? []), block]);
  }
  return [...groups].map(([name, blocks]) => ({ name, blocks }));
}

/** The named blocks that hold an address; of several, those with the smallest block around it. */
export function blocksHolding(all: readonly NamedBlocks[], address: Ip): NamedBlocks | undefined {
  const found = all.flatMap((one) => {
    const [narrowest] = one.blocks
      .filter((block) => contains(block, address))
      .sort((a, b) => b.prefix - a.prefix);
    return narrowest === undefined ? [] : [{ one, prefix: narrowest.prefix }];
  });
  return found.sort((a, b) => b.prefix - a.prefix)[0]?.one;
}
