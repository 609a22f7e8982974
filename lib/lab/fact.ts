import { CNI_JUDGE, type PluginFact, readVerdict } from './plugin-fact';

/**
 * Facts of a network that a Linux lab checks from outside. Each is asked with one read-only
 * command whose answer is JSON, and judged here: what a learner typed is never parsed.
 */
export type Fact =
  | PluginFact
  | { readonly kind: 'namespace'; readonly name: string; readonly state: 'present' | 'absent' }
  | {
      readonly kind: 'interface';
      readonly device: string;
      readonly state: 'up' | 'down' | 'absent';
      /** As `ip -d link` calls it: `veth`, `bridge`, `vxlan`, `macvlan`. */
      readonly type?: string;
      /** The bridge it is plugged into. */
      readonly master?: string;
      /** Largest packet in bytes. */
      readonly mtu?: number;
      /** VXLAN network identifier (VNI). */
      readonly vni?: number;
    }
  | {
      readonly kind: 'address';
      readonly device: string;
      /** Address with prefix length, such as `10.0.0.1/24`. */
      readonly address: string;
    }
  | {
      readonly kind: 'route';
      /** `default`, or a block. */
      readonly to: string;
      readonly via?: string;
      readonly device?: string;
      /** @default present */
      readonly state?: 'absent';
    }
  | {
      /**
       * Rules of nftables that use a statement or expression of this name, as `nft -j` calls it: `drop`,
       * `accept`, `ct`, `masquerade`, `dnat`. Rules that iptables-nft wrote count too.
       */
      readonly kind: 'rules';
      readonly uses: string;
      readonly count: number;
    }
  | {
      /** A bridge has seen this device's neighbour: a learned, not permanent, entry. */
      readonly kind: 'learned-mac';
      readonly device: string;
    }
  | {
      /** A file holds a text. */
      readonly kind: 'file';
      readonly path: string;
      readonly contains: string;
    }
  | { readonly kind: 'sysctl'; readonly key: string; readonly value: string }
  | {
      /** So many addresses are leased in a plugin's store, and none of them twice. */
      readonly kind: 'leases';
      /** Path of what is counted: results of ADD, one a line, or the plugin's own store. */
      readonly store: string;
      readonly count: number;
    };

/** What was found: right, or what was seen instead, what that means, and where to look. */
export type FactResult =
  | { readonly kind: 'right'; readonly saw: string }
  | {
      readonly kind: 'wrong';
      readonly saw: string;
      readonly means: string;
      readonly look: string;
    };

/** The read-only command, run in the fact's machine, that shows it. */
export function askFact(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'namespace':
      return ['ip', '-j', 'netns', 'list'];
    case 'interface':
      return ['ip', '-j', '-d', 'link', 'show'];
    case 'address':
      return ['ip', '-j', 'address', 'show'];
    case 'route':
      return ['ip', '-j', 'route', 'show', 'table', 'main'];
    case 'rules':
      return ['nft', '-j', 'list', 'ruleset'];
    case 'learned-mac':
      return ['bridge', '-j', 'fdb', 'show'];
    case 'leases':
      return ['cat', fact.store];
    case 'file':
      return ['cat', fact.path];
    case 'plugin':
      return [CNI_JUDGE, fact.does, fact.path];
    case 'sysctl':
      return ['cat', `/proc/sys/${fact.key.replaceAll('.', '/')}`];
  }
}

/** Judges what `askFact` printed; an empty answer means an empty list (`ip -j` prints nothing). */
export function judgeFact(fact: Fact, output: string): FactResult {
  switch (fact.kind) {
    case 'namespace':
      return judgeNamespace(fact, rows(output));
    case 'interface':
      return judgeInterface(fact, rows(output));
    case 'address':
      return judgeAddress(fact, rows(output));
    case 'route':
      return judgeRoute(fact, rows(output));
    case 'rules':
      return judgeRules(fact, output);
    case 'learned-mac':
      return judgeLearned(fact, rows(output));
    case 'leases':
      return judgeLeases(fact, output);
    case 'file':
      return judgeFile(fact, output);
    case 'sysctl':
      return judgeSysctl(fact, output.trim());
    case 'plugin': {
      const { right: isRight, saw, means, look } = readVerdict(output);
      return isRight ? right(saw) : wrong(saw, means, look);
    }
  }
}

type Row = Readonly<Record<string, unknown>>;
type Of<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

const right = (saw: string): FactResult => ({ kind: 'right', saw });
const wrong = (saw: string, means: string, look: string): FactResult => ({
  kind: 'wrong',
  saw,
  means,
  look,
});

function rows(output: string): readonly Row[] {
  if (output.trim() === '') return [];
  const parsed: unknown = JSON.parse(output);
  return Array.isArray(parsed)
    ? parsed.filter((row): row is Row => typeof row === 'object' && row !== null)
    : [];
}

const text = (row: Row | undefined, key: string): string => String(row?.[key] ?? '');
const list = (row: Row, key: string): readonly Row[] =>
  Array.isArray(row[key]) ? (row[key] as readonly Row[]) : [];
const named = (all: readonly Row[], device: string): Row | undefined =>
  all.find((row) => row.ifname === device);

function judgeNamespace(fact: Of<'namespace'>, found: readonly Row[]): FactResult {
  const names = found.map((row) => text(row, 'name')).sort();
  const saw = names.length === 0 ? 'no named namespace' : `namespaces ${names.join(', ')}`;
  if (names.includes(fact.name) === (fact.state === 'present')) return right(saw);
  return fact.state === 'present'
    ? wrong(saw, `'${fact.name}' was not made, or under another name`, 'ip netns list')
    : wrong(saw, `'${fact.name}' is still there, with all it holds`, 'ip netns list');
}

function judgeInterface(fact: Of<'interface'>, found: readonly Row[]): FactResult {
  const row = named(found, fact.device);
  const devices = found.map((each) => text(each, 'ifname')).join(', ');
  if (row === undefined) {
    return fact.state === 'absent'
      ? right(`only ${devices}`)
      : wrong(`only ${devices}`, `'${fact.device}' is not in this namespace`, 'ip link');
  }
  const flags = Array.isArray(row.flags) ? row.flags : [];
  const state = flags.includes('UP') ? 'up' : 'down';
  const info = row.linkinfo as Row | undefined;
  const saw = `${fact.device} is ${state}, ${text(info, 'info_kind') || 'no special type'}, mtu ${text(row, 'mtu')}${row.master === undefined ? '' : `, in ${text(row, 'master')}`}`;
  if (fact.state !== state) {
    return wrong(saw, interfaceMeans(fact), `ip link show ${fact.device}`);
  }
  if (fact.type !== undefined && fact.type !== text(info, 'info_kind'))
    return wrong(saw, `it should be a ${fact.type}`, `ip -d link show ${fact.device}`);
  if (fact.master !== undefined && fact.master !== row.master)
    return wrong(saw, `it is not plugged into ${fact.master}`, `bridge link`);
  const data = info?.info_data as Row | undefined;
  if (fact.vni !== undefined && fact.vni !== data?.id)
    return wrong(
      `${fact.device} has the VXLAN id ${text(data, 'id') || 'none'}`,
      `its id should be ${fact.vni}`,
      `ip -d link show ${fact.device}`,
    );
  if (fact.mtu !== undefined && fact.mtu !== row.mtu)
    return wrong(saw, `its mtu should be ${fact.mtu}`, `ip link show ${fact.device}`);
  return right(saw);
}

const interfaceMeans = (fact: Of<'interface'>): string =>
  ({
    up: 'a device that is down carries nothing, and neither does its peer',
    down: 'it should be down at this point',
    absent: `'${fact.device}' should be gone`,
  })[fact.state];

function judgeAddress(fact: Of<'address'>, found: readonly Row[]): FactResult {
  const row = named(found, fact.device);
  const look = `ip address show ${fact.device}`;
  if (row === undefined) return wrong('no such device', `'${fact.device}' is not here`, 'ip link');
  const addresses = list(row, 'addr_info').map(
    (info) => `${text(info, 'local')}/${text(info, 'prefixlen')}`,
  );
  const saw = `${fact.device} has ${addresses.join(', ') || 'no address'}`;
  if (addresses.includes(fact.address)) return right(saw);
  const bare = fact.address.split('/')[0];
  return addresses.some((address) => address.split('/')[0] === bare)
    ? wrong(
        saw,
        'the address is right and its prefix is not: the prefix says who is a neighbour',
        look,
      )
    : wrong(saw, `${fact.address} is missing`, look);
}

function judgeRoute(fact: Of<'route'>, found: readonly Row[]): FactResult {
  const same = found.filter((row) => row.dst === fact.to);
  const show = (row: Row): string =>
    `${text(row, 'dst')}${row.gateway === undefined ? '' : ` via ${text(row, 'gateway')}`} dev ${text(row, 'dev')}`;
  const saw = same.length === 0 ? `no route to ${fact.to}` : same.map(show).join('; ');
  const hit = same.some(
    (row) =>
      (fact.via === undefined || row.gateway === fact.via) &&
      (fact.device === undefined || row.dev === fact.device),
  );
  if (fact.state === 'absent')
    return same.length === 0 ? right(saw) : wrong(saw, 'this route should be gone', 'ip route');
  if (hit) return right(saw);
  const means =
    same.length === 0
      ? 'a packet to there has nowhere to go: the kernel answers "unreachable" at once'
      : 'packets to there leave another way';
  return wrong(saw, means, 'ip route');
}

function judgeRules({ uses, count }: Of<'rules'>, output: string): FactResult {
  const parsed: unknown = output.trim() === '' ? {} : JSON.parse(output);
  const listed = list((parsed ?? {}) as Row, 'nftables');
  const rules = listed.filter((one) => one.rule !== undefined && mentions(one.rule, uses)).length;
  const saw = `${rules} rules with ${uses}`;
  return rules === count ? right(saw) : wrong(saw, `there should be ${count}`, 'nft list ruleset');
}

/** Whether a key of this name stands anywhere in a value. */
function mentions(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name === key || mentions(inner, key));
}

function judgeLearned(fact: Of<'learned-mac'>, found: readonly Row[]): FactResult {
  const learned = found.filter((row) => row.ifname === fact.device && row.state !== 'permanent');
  const saw = `${learned.length} learned on ${fact.device}`;
  return learned.length > 0
    ? right(saw)
    : wrong(saw, 'no frame has come in there yet: a bridge learns from senders', 'bridge fdb');
}

const judgeSysctl = (fact: Of<'sysctl'>, value: string): FactResult =>
  value === fact.value
    ? right(`${fact.key} = ${value}`)
    : wrong(`${fact.key} = ${value}`, `it must be ${fact.value}`, `sysctl ${fact.key}`);

const judgeFile = ({ path, contains }: Of<'file'>, output: string): FactResult =>
  output.includes(contains)
    ? right(`${path} holds ${contains}`)
    : wrong(`${path} has ${output.length} characters`, `it should hold ${contains}`, `cat ${path}`);

function judgeLeases(fact: Of<'leases'>, output: string): FactResult {
  const named = /"address":"([\d.]+)|"([\d.]+)":\{"containerId"/g;
  const leased = [...output.matchAll(named)].map(([, result, holder]) => result ?? holder);
  const distinct = new Set(leased).size;
  const saw = `${leased.length} leases of ${distinct} addresses`;
  if (distinct < leased.length)
    return wrong(saw, 'two containers were given one address', `cat ${fact.store}`);
  return leased.length === fact.count
    ? right(saw)
    : wrong(saw, `there should be ${fact.count}`, `cat ${fact.store}`);
}
