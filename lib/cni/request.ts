import { type Cidr, parseCidr } from '../model/address';
import { CniError } from './cni-error';
import type { CniResult } from './result';

/** What a runtime may ask for that concerns one interface of one container. */
export interface Attachment {
  readonly containerId: string;
  readonly ifname: string;
}

/** The plugin's own part of a network configuration. */
export interface Network {
  readonly cniVersion: string;
  readonly name: string;
  /** Blocks that all nodes share, at most one a family; each node claims parts of them. */
  readonly pools: readonly Cidr[];
  /** How many addresses a node claims at once, as a prefix: /26 for IPv4 and /122 for IPv6 is 64. */
  readonly blockPrefixes: Readonly<Record<4 | 6, number>>;
  /** Whose blocks these are. */
  readonly node: string;
  readonly mtu: number;
  /** Folder of the address store. */
  readonly dataDir: string;
  readonly dns: unknown;
  readonly prevResult: CniResult | undefined;
}

/** One call of the plugin. */
export type CniRequest =
  | { readonly kind: 'VERSION'; readonly cniVersion: string }
  | { readonly kind: 'STATUS'; readonly network: Network }
  | { readonly kind: 'GC'; readonly network: Network; readonly valid: readonly Attachment[] }
  | {
      readonly kind: 'ADD' | 'CHECK';
      readonly network: Network;
      readonly attachment: Attachment;
      readonly netns: string;
    }
  | { readonly kind: 'DEL'; readonly network: Network; readonly attachment: Attachment };

/** Versions of the specification that results can be written in. */
export const SUPPORTED_VERSIONS = ['0.4.0', '1.0.0', '1.1.0'] as const;

/** Reads a call from its environment and its standard input. Throws `CniError`. */
export function readRequest(
  env: Readonly<Record<string, string | undefined>>,
  stdin: string,
  hostname: string,
): CniRequest {
  const config = readObject(stdin);
  const command = env.CNI_COMMAND ?? '';
  if (command === 'VERSION') {
    return { kind: 'VERSION', cniVersion: String(config.cniVersion ?? '1.1.0') };
  }
  const network = readNetwork(config, hostname);
  switch (command) {
    case 'STATUS':
      return { kind: command, network };
    case 'GC':
      return { kind: command, network, valid: readValid(config) };
    case 'DEL':
      // A runtime may have lost the namespace already: DEL must do without.
      return { kind: command, network, attachment: readAttachment(env, []) };
    case 'ADD':
    case 'CHECK':
      return {
        kind: command,
        network,
        attachment: readAttachment(env, ['CNI_NETNS']),
        netns: env.CNI_NETNS ?? '',
      };
    default:
      throw new CniError(4, 'wrong environment', `CNI_COMMAND is '${command}'`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readObject(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CniError(6, 'cannot decode the network configuration', String(error));
  }
  if (isObject(value)) return value;
  throw new CniError(6, 'cannot decode the network configuration', 'it is no JSON object');
}

/** All problems of the configuration together, in one error. */
function readNetwork(config: Fields, hostname: string): Network {
  const problems: string[] = [];
  const version = String(config.cniVersion ?? '0.4.0');
  if (!(SUPPORTED_VERSIONS as readonly string[]).includes(version)) {
    const known = SUPPORTED_VERSIONS.join(', ');
    throw new CniError(1, 'incompatible CNI version', `'${version}' is none of ${known}`);
  }
  const name = typeof config.name === 'string' ? config.name : '';
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) problems.push(`name '${name}' is no network name`);
  const ipam = isObject(config.ipam) ? config.ipam : {};
  const pools = readPools(ipam.pools, problems);
  const mtu = config.mtu ?? 1500;
  if (typeof mtu !== 'number' || !(mtu >= 68 && mtu <= 65535)) problems.push('mtu: 68 to 65535');
  const four = readPrefix(ipam.blockPrefix, PREFIX_4, problems);
  const six = readPrefix(ipam.blockPrefix6, PREFIX_6, problems);
  if (problems.length > 0) {
    throw new CniError(7, 'invalid network configuration', problems.join('; '));
  }
  return {
    cniVersion: version,
    name,
    pools,
    blockPrefixes: { 4: four, 6: six },
    node: typeof ipam.node === 'string' ? ipam.node : hostname,
    mtu: Number(mtu),
    dataDir: typeof ipam.dataDir === 'string' ? ipam.dataDir : '/var/lib/cni/lab',
    dns: config.dns ?? {},
    prevResult: isObject(config.prevResult)
      ? (config.prevResult as unknown as CniResult)
      : undefined,
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

/** The specification wants every wrong variable named in one error. */
function readAttachment(
  env: Readonly<Record<string, string | undefined>>,
  alsoNeeded: readonly string[],
): Attachment {
  const { CNI_CONTAINERID: containerId = '', CNI_IFNAME: ifname = '' } = env;
  const wrong = [
    ...(/^[A-Za-z0-9][\w.-]*$/.test(containerId) ? [] : ['CNI_CONTAINERID']),
    // dev_valid_name() of the kernel: at most 15 bytes, no slash, no colon, no blank.
    ...(/^(?!\.\.?$)[^\s/:]{1,15}$/.test(ifname) ? [] : ['CNI_IFNAME']),
    ...alsoNeeded.filter((variable) => (env[variable] ?? '') === ''),
  ];
  if (wrong.length > 0) throw new CniError(4, 'wrong environment', wrong.join(', '));
  return { containerId, ifname };
}

function readValid(config: Fields): readonly Attachment[] {
  const listed = config['cni.dev/valid-attachments'] ?? config['cni.dev/attachments'];
  if (!Array.isArray(listed)) {
    // Without the list everything would look stale.
    throw new CniError(7, 'invalid network configuration', 'cni.dev/valid-attachments is missing');
  }
  return listed.map((entry: unknown) => {
    const { containerID, ifname } = isObject(entry) ? entry : {};
    return { containerId: String(containerID ?? ''), ifname: String(ifname ?? '') };
  });
}
