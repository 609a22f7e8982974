import { type Ip, parseIp } from '../../../model/address';
import type { Env } from './call';
import { CniError, invalidNetwork } from './error';
import { type ConfigFields, fieldOf, isObject } from './fields';

/** What a runtime asks for one container, beside its network. */
export interface StaticRequest {
  /** Addresses that the container must get; at most one a family. */
  readonly addresses: readonly Ip[];
  /** The MAC address that its interface must get. */
  readonly mac: string | undefined;
}

/** The pairs of CNI_ARGS that this plugin knows; containerd and CRI-O write those of Kubernetes. */
const KNOWN = [
  'IgnoreUnknown',
  'IP',
  'MAC',
  'K8S_POD_NAMESPACE',
  'K8S_POD_NAME',
  'K8S_POD_INFRA_CONTAINER_ID',
  'K8S_POD_UID',
];

/**
 * Reads CNI_ARGS: pairs of KEY=VALUE in any order, `;` between them.
 * @throws CniError 4 where a pair has no `=`, or where a key is unknown and IgnoreUnknown is not set
 * (containernetworking/cni, types.LoadArgs).
 */
export function readArgs({ CNI_ARGS = '' }: Env): ReadonlyMap<string, string> {
  const texts = CNI_ARGS.split(';').filter((pair) => pair.trim() !== '');
  const malformed = texts.filter((pair) => !/^[^=]+=/.test(pair));
  const pairs = new Map(
    texts.map((pair): [string, string] => {
      const [key = '', ...value] = pair.split('=');
      return [key.trim(), value.join('=')];
    }),
  );
  const ignores = /^(1|true)$/i.test(pairs.get('IgnoreUnknown') ?? '');
  const unknown = ignores ? [] : [...pairs.keys()].filter((key) => !KNOWN.includes(key));
  const wrong = [
    ...malformed.map((pair) => `'${pair}' must be KEY=VALUE`),
    ...unknown.map((key) => `'${key}' is not supported; IgnoreUnknown=1 allows unknown keys`),
  ];
  if (wrong.length === 0) return pairs;
  throw new CniError(4, 'invalid environment', `CNI_ARGS: ${wrong.join('; ')}`);
}

/**
 * Addresses and MAC that are requested: by the capabilities `ips` and `mac` (runtimeConfig), by
 * `args.cni` of the configuration, or by IP and MAC of CNI_ARGS (CONVENTIONS.md of the CNI project).
 * @throws CniError 7 where a request is not understood, or several are for one family.
 */
export function readStaticRequest(env: Env, config: ConfigFields): StaticRequest {
  const pairs = readArgs(env);
  const runtime = objectAt(config, 'runtimeConfig');
  const args = objectAt(objectAt(config, 'args'), 'cni');
  const problems: string[] = [];
  const texts = [
    ...listAt(runtime, { name: 'ips', path: 'runtimeConfig.ips', problems }),
    ...listAt(args, { name: 'ips', path: 'args.cni.ips', problems }),
    ...(pairs.get('IP') ?? '')
      .split(',')
      .filter((text) => text.trim() !== '')
      .map((text) => ({ path: 'CNI_ARGS IP', text })),
  ];
  const addresses = texts.flatMap(({ path, text }) => {
    const address = parseIp(text.trim().replace(/\/\d+$/, ''));
    if (address !== undefined) return [address];
    problems.push(`${path}: '${text}' is not an address such as 10.244.0.50 or 10.244.0.50/24`);
    return [];
  });
  const distinct = [...new Set(addresses)];
  const families = distinct.map((address) => address.includes(':'));
  if (new Set(families).size < families.length) {
    problems.push(`${distinct.join(', ')}: at most one address a family can be requested`);
  }
  const mac = readMac([fieldOf(runtime, 'mac'), fieldOf(args, 'mac'), pairs.get('MAC')], problems);
  if (problems.length > 0) throw invalidNetwork(problems);
  return { addresses: distinct, mac };
}

function objectAt(fields: ConfigFields, name: string): ConfigFields {
  const value = fieldOf(fields, name);
  return isObject(value) ? value : {};
}

function listAt(
  fields: ConfigFields,
  at: { readonly name: string; readonly path: string; readonly problems: string[] },
): readonly { readonly path: string; readonly text: string }[] {
  const value = fieldOf(fields, at.name) ?? [];
  const { path } = at;
  if (!Array.isArray(value)) {
    at.problems.push(`${path}: must be a list of addresses`);
    return [];
  }
  return value.map((text: unknown) => ({ path, text: String(text) }));
}

/** The first MAC address that is given; it must be one of a single device (not multicast). */
function readMac(given: readonly unknown[], problems: string[]): string | undefined {
  const value = given.find((one) => one !== undefined && one !== '');
  if (value === undefined) return undefined;
  const mac = String(value).toLowerCase().replaceAll('-', ':');
  const isUnicast = /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(mac);
  if (isUnicast && mac !== '00:00:00:00:00:00') return mac;
  problems.push(`mac: '${value}' is not a unicast MAC address such as 02:00:00:00:00:01`);
  return undefined;
}
