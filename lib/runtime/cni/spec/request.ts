import {
  type Cidr,
  cidr,
  familyOf,
  formatCidr,
  overlaps,
  parseCidr,
  parseIp,
} from '../../../model/address';
import { readStaticRequest, type StaticRequest } from './args';
import { type CniRequest, type Env, type NamedNetwork, readCall } from './call';
import { unsupportedField } from './error';
import { type ConfigFields, fieldOf, isObject, unknownFields } from './fields';

/** Where the addresses of a network without a lab come from. */
export interface OwnNetwork {
  /** Blocks that all nodes share, at most one a family; each node claims parts of them. */
  readonly pools: readonly Cidr[];
  /** Parts of the pools that no container gets. */
  readonly exclude: readonly Cidr[];
  /** How many addresses a node claims at once, as a prefix: /26 for IPv4 and /122 for IPv6 is 64. */
  readonly blockPrefixes: Readonly<Record<4 | 6, number>>;
  /** The node that claims blocks. */
  readonly node: string;
  /** Of the container's interface, in bytes: 68 to 65535, and at least 1280 with an IPv6 pool. */
  readonly mtu: number;
  /** Folder of the address store. */
  readonly dataDir: string;
  /** What the runtime asks for this one container. */
  readonly requested: StaticRequest;
}

/** A network that no lab stands behind: the plugin keeps its addresses itself. */
export type OwnNetworkConfig = NamedNetwork & OwnNetwork;

/**
 * Reads a call about a network without a lab.
 * @throws CniError
 */
export const readRequest = (
  env: Env,
  stdin: string,
  hostname: string,
): CniRequest<OwnNetworkConfig> =>
  readCall(env, stdin, (config, problems) => readOwn(config, { env, hostname, problems }));

interface Reading {
  readonly env: Env;
  readonly hostname: string;
  readonly problems: string[];
}

const IPAM_FIELDS = ['pools', 'exclude', 'blockPrefix', 'blockPrefix6', 'node', 'dataDir'];

function readOwn(config: ConfigFields, { env, hostname, problems }: Reading): OwnNetwork {
  refuseUnsupported(config);
  const value = fieldOf(config, 'ipam') ?? {};
  if (!isObject(value)) problems.push('ipam: must be an object');
  const ipam = isObject(value) ? value : {};
  const pools = readPools(fieldOf(ipam, 'pools'), problems);
  return {
    pools,
    exclude: readExclude(fieldOf(ipam, 'exclude'), { pools, problems }),
    blockPrefixes: {
      4: readPrefix(fieldOf(ipam, 'blockPrefix'), PREFIX_4, problems),
      6: readPrefix(fieldOf(ipam, 'blockPrefix6'), PREFIX_6, problems),
    },
    node: readText(fieldOf(ipam, 'node'), { name: 'node', fallback: hostname, problems }),
    mtu: readMtu(fieldOf(config, 'mtu'), { pools, problems }),
    dataDir: readText(fieldOf(ipam, 'dataDir'), {
      name: 'dataDir',
      fallback: '/var/lib/cni/lab',
      problems,
    }),
    requested: readStaticRequest(env, config),
  };
}

/** What the specification and its conventions know and this plugin does not do is refused by name. */
function refuseUnsupported(config: ConfigFields): void {
  const { ipam } = { ipam: fieldOf(config, 'ipam') };
  const [unknown] = isObject(ipam) ? unknownFields(ipam, IPAM_FIELDS) : [];
  if (isObject(ipam) && unknown !== undefined) {
    const fix = `this plugin gives addresses itself, by ${IPAM_FIELDS.join(', ')}`;
    throw unsupportedField(`ipam.${unknown}`, ipam[unknown], fix);
  }
  if (fieldOf(config, 'ipMasq') === true) {
    throw unsupportedField('ipMasq', true, 'masquerade on the node, or leave it out');
  }
  refuseCapabilities(config, ['ips', 'mac']);
}

/**
 * Refuses capabilities (`runtimeConfig`) that are not among `known`.
 * @throws CniError 2
 */
export function refuseCapabilities(config: ConfigFields, known: readonly string[]): void {
  const runtime = fieldOf(config, 'runtimeConfig');
  if (!isObject(runtime)) return;
  const [unknown] = unknownFields(runtime, known);
  if (unknown === undefined) return;
  const fix =
    known.length === 0
      ? 'the lab decides it; take it out of capabilities'
      : `the capabilities of this plugin are ${known.join(' and ')}`;
  throw unsupportedField(`runtimeConfig.${unknown}`, runtime[unknown], fix);
}

/**
 * Blocks that no container can live in: the kernel refuses their addresses, or the plugin's gateways
 * (169.254.1.1 and fe80::1) are in them (RFC 6890).
 */
const UNUSABLE = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/96',
  '::ffff:0:0/96',
  'fe80::/10',
  'ff00::/8',
].map((block) => cidr(block));

function readPools(value: unknown, problems: string[]): readonly Cidr[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 2) {
    problems.push('ipam.pools: one or two blocks, such as ["10.244.0.0/16"]');
    return [];
  }
  const pools = value.flatMap((text: unknown) => {
    const block = parseCidr(String(text));
    if ('problem' in block) {
      problems.push(`ipam.pools: ${block.problem}: ${block.fix}`);
      return [];
    }
    const unusable = UNUSABLE.find((one) => overlaps(one, block));
    if (unusable !== undefined) {
      problems.push(`ipam.pools: ${formatCidr(block)} overlaps ${formatCidr(unusable)}`);
    }
    if (block.prefix > LONGEST_PREFIX[familyOf(block.address)]) {
      problems.push(`ipam.pools: ${formatCidr(block)} has no address between its first and last`);
    }
    return [block];
  });
  const families = new Set(pools.map(({ address }) => familyOf(address)));
  if (families.size < pools.length) problems.push('ipam.pools: one block a family');
  return pools;
}

const LONGEST_PREFIX = { 4: 30, 6: 126 } as const;

function readExclude(
  value: unknown,
  { pools, problems }: { readonly pools: readonly Cidr[]; readonly problems: string[] },
): readonly Cidr[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.push('ipam.exclude: must be a list of addresses and blocks');
    return [];
  }
  return value.flatMap((text: unknown) => {
    const address = parseIp(String(text));
    const block = address === undefined ? parseCidr(String(text)) : hostBlock(String(text));
    if ('problem' in block) {
      problems.push(`ipam.exclude: ${block.problem}: ${block.fix}`);
      return [];
    }
    if (!pools.some((pool) => overlaps(pool, block))) {
      problems.push(`ipam.exclude: ${text} is outside the pools`);
    }
    return [block];
  });
}

const hostBlock = (text: string): Cidr => cidr(`${text}/${text.includes(':') ? 128 : 32}`);

function readMtu(
  value: unknown,
  { pools, problems }: { readonly pools: readonly Cidr[]; readonly problems: string[] },
): number {
  const mtu = value ?? 1500;
  // RFC 791 and RFC 8200: the smallest MTU of IPv4 and of IPv6.
  const least = pools.some(({ address }) => familyOf(address) === 6) ? 1280 : 68;
  if (Number.isInteger(mtu) && Number(mtu) >= least && Number(mtu) <= 65535) return Number(mtu);
  problems.push(`mtu: must be a whole number from ${least} to 65535`);
  return 1500;
}

function readText(
  value: unknown,
  at: { readonly name: string; readonly fallback: string; readonly problems: string[] },
): string {
  if (value === undefined) return at.fallback;
  if (typeof value === 'string' && value !== '') return value;
  at.problems.push(`ipam.${at.name}: must be a text`);
  return at.fallback;
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
  problems.push(`ipam.${field.name}: must be a whole number from 1 to ${field.most}`);
  return field.fallback;
}

const PREFIX_4: PrefixField = { name: 'blockPrefix', fallback: 26, most: 32 };
const PREFIX_6: PrefixField = { name: 'blockPrefix6', fallback: 122, most: 128 };
