import { CniError } from './cni-error';
import type { CniResult } from './result';

/** What a runtime may ask for that concerns one interface of one container. */
export interface Attachment {
  readonly containerId: string;
  readonly ifname: string;
}

/** What every network configuration says, whoever gives the addresses. */
export interface NamedNetwork {
  readonly cniVersion: string;
  readonly name: string;
  readonly dns: unknown;
  readonly prevResult: CniResult | undefined;
}

/** One call of the plugin, about a network of this kind. */
export type CniRequest<N extends NamedNetwork> =
  | { readonly kind: 'VERSION'; readonly cniVersion: string }
  | { readonly kind: 'STATUS'; readonly network: N }
  | { readonly kind: 'GC'; readonly network: N; readonly valid: readonly Attachment[] }
  | {
      readonly kind: 'ADD' | 'CHECK';
      readonly network: N;
      readonly attachment: Attachment;
      readonly netns: string;
    }
  | { readonly kind: 'DEL'; readonly network: N; readonly attachment: Attachment };

/** Versions of the specification that results can be written in. */
export const SUPPORTED_VERSIONS = ['0.4.0', '1.0.0', '1.1.0'] as const;

/** Parameters of a call, as a runtime sets them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads what a network configuration says beside its name; what is wrong goes to `problems`. */
export type ReadRest<R> = (config: Fields, problems: string[]) => R;

/** Reads a call from its environment and its standard input. Throws `CniError`. */
export function readCall<R>(
  env: Env,
  stdin: string,
  readRest: ReadRest<R>,
): CniRequest<NamedNetwork & R> {
  const config = readObject(stdin);
  const command = env.CNI_COMMAND ?? '';
  if (command === 'VERSION') {
    return { kind: 'VERSION', cniVersion: String(config.cniVersion ?? '1.1.0') };
  }
  const network = readNetwork(config, readRest);
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
function readNetwork<R>(config: Fields, readRest: ReadRest<R>): NamedNetwork & R {
  const version = String(config.cniVersion ?? '0.4.0');
  if (!(SUPPORTED_VERSIONS as readonly string[]).includes(version)) {
    const known = SUPPORTED_VERSIONS.join(', ');
    throw new CniError(1, 'incompatible CNI version', `'${version}' is none of ${known}`);
  }
  const problems: string[] = [];
  const name = typeof config.name === 'string' ? config.name : '';
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) problems.push(`name '${name}' is no network name`);
  const rest = readRest(config, problems);
  if (problems.length > 0) {
    throw new CniError(7, 'invalid network configuration', problems.join('; '));
  }
  const { dns = {}, prevResult } = config;
  const before = isObject(prevResult) ? (prevResult as unknown as CniResult) : undefined;
  return { cniVersion: version, name, dns, prevResult: before, ...rest };
}

/** The specification wants every wrong variable named in one error. */
function readAttachment(env: Env, alsoNeeded: readonly string[]): Attachment {
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
