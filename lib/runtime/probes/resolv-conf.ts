import { type Ip, parseIp } from '../../model/address';

/** What a resolv.conf says, as far as resolving a name needs it. */
export interface ResolvConf {
  readonly servers: readonly Ip[];
  readonly search: readonly string[];
  /** A name with at least so many dots is tried as it is first. 1 unless said (resolv.conf(5)). */
  readonly ndots: number;
}

/** Reads a resolv.conf; lines it does not know mean nothing, as for every resolver. */
export function readResolvConf(text: string): ResolvConf {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const values = (keyword: string) =>
    lines.filter(([first]) => first === keyword).map(([, ...rest]) => rest);
  const servers = values('nameserver').flatMap(([address = '']) => parseIp(address) ?? []);
  const ndots = values('options')
    .flat()
    .flatMap((option) => /^ndots:(\d+)$/.exec(option)?.[1] ?? []);
  // The last `search` line wins; glibc caps ndots at 15 and servers at 3.
  return {
    servers: servers.slice(0, 3),
    search: values('search').at(-1) ?? [],
    ndots: Math.min(15, Number(ndots.at(-1) ?? 1)),
  };
}

/** The names that a resolver asks for, in order. A last dot says the name is complete. */
export function namesToTry(name: string, { search, ndots }: ResolvConf): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = search.map((domain) => `${name}.${domain.replace(/\.$/, '')}`);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...searched] : [...searched, name];
}
