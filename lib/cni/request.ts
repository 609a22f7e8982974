import { type Cidr, parseCidr } from '../model/address';
import {
  type CniRequest,
  type Env,
  type Fields,
  isObject,
  type NamedNetwork,
  readCall,
} from './call';

/** Where the addresses of a network without a lab come from. */
export interface OwnNetwork {
  /** Blocks that all nodes share, at most one a family; each node claims parts of them. */
  readonly pools: readonly Cidr[];
  /** How many addresses a node claims at once, as a prefix: /26 for IPv4 and /122 for IPv6 is 64. */
  readonly blockPrefixes: Readonly<Record<4 | 6, number>>;
  /** Whose blocks these are. */
  readonly node: string;
  readonly mtu: number;
  /** Folder of the address store. */
  readonly dataDir: string;
}

/** A network that no lab stands behind: the plugin keeps its addresses itself. */
export type Network = NamedNetwork & OwnNetwork;

/** Reads a call about a network without a lab. Throws `CniError`. */
export const readRequest = (env: Env, stdin: string, hostname: string): CniRequest<Network> =>
  readCall(env, stdin, (config, problems) => readOwn(config, { hostname, problems }));

function readOwn(
  config: Fields,
  { hostname, problems }: { readonly hostname: string; readonly problems: string[] },
): OwnNetwork {
  const ipam = isObject(config.ipam) ? config.ipam : {};
  const pools = readPools(ipam.pools, problems);
  const mtu = config.mtu ?? 1500;
  if (typeof mtu !== 'number' || !(mtu >= 68 && mtu <= 65535)) problems.push('mtu: 68 to 65535');
  const four = readPrefix(ipam.blockPrefix, PREFIX_4, problems);
  const six = readPrefix(ipam.blockPrefix6, PREFIX_6, problems);
  return {
    pools,
    blockPrefixes: { 4: four, 6: six },
    node: typeof ipam.node === 'string' ? ipam.node : hostname,
    mtu: Number(mtu),
    dataDir: typeof ipam.dataDir === 'string' ? ipam.dataDir : '/var/lib/cni/lab',
  };
}

function readPools(value: unknown, problems: string[]): readonly Cidr[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 2) {
    problems.push('ipam.pools: one or two blocks, such as ["10.244.0.0/16"]');
    return [];
  }
  const pools = value.flatMap((text: unknown) => {
    const block = parseCidr(String(text));
    if (!('problem' in block)) return [block];
    problems.push(`ipam.pools: ${block.problem}: ${block.fix}`);
    return [];
  });
  const families = new Set(pools.map(({ address }) => address.includes(':')));
  if (families.size < pools.length) problems.push('ipam.pools: one block a family');
  return pools;
}

interface PrefixField {
  readonly name: string;
  readonly fallback: number;
  readonly most: number;
}

function readPrefix(value: unknown, field: PrefixField, problems: string[]): number {
  const prefix = value ?? field.fallback;
  if (Number.isInteger(prefix) && Number(prefix) > 0 && Number(prefix) <= field.most) {
    return Number(prefix);
  }
  problems.push(`ipam.${field.name}: 1 to ${field.most}`);
  return field.fallback;
}

const PREFIX_4: PrefixField = { name: 'blockPrefix', fallback: 26, most: 32 };
const PREFIX_6: PrefixField = { name: 'blockPrefix6', fallback: 122, most: 128 };
