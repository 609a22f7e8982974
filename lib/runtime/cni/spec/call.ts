import { CniError, invalidNetwork } from './error';
import { type ConfigFields, fieldOf, isObject } from './fields';
import type { CniDns, CniResult } from './result';
import { readDns, readPrevResult } from './shapes';

/** What a runtime may ask for that concerns one interface of one container. */
export interface Attachment {
  readonly containerId: string;
  readonly ifname: string;
}

/** What every network configuration says, wherever its addresses come from. */
export interface NamedNetwork {
  readonly cniVersion: string;
  readonly name: string;
  readonly dns: CniDns;
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
  | {
      readonly kind: 'DEL';
      readonly network: N;
      readonly attachment: Attachment;
      /** Empty where the runtime has lost the namespace already. */
      readonly netns: string;
    };

/** Versions of the specification that results can be written in. */
export const SUPPORTED_VERSIONS = ['0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const;

/** Parameters of a call, as a runtime sets them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Reads what a network configuration says beside its name; what is wrong goes to `problems`. */
export type ReadRest<R> = (config: ConfigFields, problems: string[]) => R;

/**
 * Reads a call from its environment and its standard input.
 * @throws CniError with the code of the specification; all problems of one kind in one error.
 */
export function readCall<R>(
  env: Env,
  stdin: string,
  readRest: ReadRest<R>,
): CniRequest<NamedNetwork & R> {
  const command = env.CNI_COMMAND ?? '';
  // A person who types CNI_COMMAND=VERSION has no configuration at hand.
  if (command === 'VERSION') return { kind: 'VERSION', cniVersion: versionAsked(stdin) };
  const config = readObject(stdin);
  const network = readNetwork(config, readRest);
  switch (command) {
    case 'STATUS':
      return { kind: command, network };
    case 'GC':
      return { kind: command, network, valid: readValid(config) };
    case 'DEL':
      // A runtime may have lost the namespace already: DEL must do without.
      return {
        kind: command,
        network,
        attachment: readAttachment(env, []),
        netns: env.CNI_NETNS ?? '',
      };
    case 'ADD':
    case 'CHECK':
      if (command === 'CHECK' && network.cniVersion.startsWith('0.3.')) {
        throw new CniError(1, 'incompatible CNI version', `${network.cniVersion} has no CHECK`);
      }
      return {
        kind: command,
        network,
        attachment: readAttachment(env, ['CNI_NETNS']),
        netns: env.CNI_NETNS ?? '',
      };
    default:
      throw new CniError(4, 'invalid environment', `CNI_COMMAND is '${command}'`);
  }
}

const LATEST = '1.1.0';

function versionAsked(stdin: string): string {
  if (stdin.trim() === '') return LATEST;
  return String(fieldOf(readObject(stdin), 'cniVersion') ?? LATEST);
}

function readObject(text: string): ConfigFields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CniError(6, 'cannot decode the network configuration', String(error));
  }
  if (isObject(value)) return value;
  throw new CniError(6, 'cannot decode the network configuration', 'it must be a JSON object');
}

/** All problems of the configuration together, in one error. */
function readNetwork<R>(config: ConfigFields, readRest: ReadRest<R>): NamedNetwork & R {
  // libcni reads a configuration without a version as 0.1.0.
  const version = String(fieldOf(config, 'cniVersion') ?? '0.1.0');
  if (!(SUPPORTED_VERSIONS as readonly string[]).includes(version)) {
    const known = SUPPORTED_VERSIONS.join(', ');
    throw new CniError(1, 'incompatible CNI version', `'${version}' must be one of ${known}`);
  }
  const problems: string[] = [];
  const named = fieldOf(config, 'name');
  const name = typeof named === 'string' ? named : '';
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    problems.push(
      `name '${name}' must begin with a letter or digit and hold letters, digits, _ . -`,
    );
  }
  const dns = readDns(fieldOf(config, 'dns'), problems);
  const prevResult = readPrevResult(fieldOf(config, 'prevResult'), problems);
  const rest = readRest(config, problems);
  if (problems.length > 0) throw invalidNetwork(problems);
  return { cniVersion: version, name, dns, prevResult, ...rest };
}

/** The specification wants every wrong variable named in one error. */
function readAttachment(env: Env, alsoNeeded: readonly string[]): Attachment {
  const { CNI_CONTAINERID: containerId = '', CNI_IFNAME: ifname = '' } = env;
  const wrong = [
    ...(/^[A-Za-z0-9][\w.-]*$/.test(containerId) ? [] : ['CNI_CONTAINERID']),
    ...(isDeviceName(ifname) ? [] : ['CNI_IFNAME']),
    ...alsoNeeded.filter((variable) => (env[variable] ?? '') === ''),
  ];
  if (wrong.length > 0) throw new CniError(4, 'invalid environment', wrong.join(', '));
  return { containerId, ifname };
}

/** The kernel's dev_valid_name(): at most 15 bytes, no slash, no colon, no blank. */
const isDeviceName = (name: string): boolean =>
  /^(?!\.\.?$)[^\s/:]+$/.test(name) && Buffer.byteLength(name) <= 15;

const VALID = 'cni.dev/valid-attachments';

/**
 * The attachments that are alive. Null is Go's empty list: nothing is alive. An entry that is not
 * understood refuses the call, since it would make a living container look stale.
 */
function readValid(config: ConfigFields): readonly Attachment[] {
  const key = [VALID, 'cni.dev/attachments'].find((name) => name in config);
  if (key === undefined) throw invalidNetwork([`${VALID} is missing`]);
  const listed = config[key] ?? [];
  if (!Array.isArray(listed)) throw invalidNetwork([`${key}: must be a list`]);
  const problems: string[] = [];
  const valid = listed.map((entry: unknown, i): Attachment => {
    const fields = isObject(entry) ? entry : {};
    const containerId = fieldOf(fields, 'containerID');
    const ifname = fieldOf(fields, 'ifname');
    const isText = typeof containerId === 'string' && typeof ifname === 'string';
    if (!isText || containerId === '' || ifname === '') {
      problems.push(`${key}[${i}]: must be an object with the texts containerID and ifname`);
    }
    return { containerId: String(containerId), ifname: String(ifname) };
  });
  if (problems.length > 0) throw invalidNetwork(problems);
  return valid;
}
