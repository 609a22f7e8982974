import fc from 'fast-check';
import {
  bitsOf,
  cidr,
  formatCidr,
  type Ip,
  ip,
  offsetIp,
  parseCidr,
} from '../../lib/model/address';
import type { OutsideEndpoint } from '../../lib/model/world';
import type { RandomCluster } from './random-cluster';

/** Families that a random cluster's endpoints have: the second alone, or both. */
export type Families = 'ipv6' | 'dual';

/** Where the twins of IPv4 addresses are: in the last 32 bits of this block. */
const TWINS = cidr('2001:db8::/96');

/** The IPv6 address that stands for an IPv4 one. */
const twinOf = (address: Ip): Ip => offsetIp(TWINS.address, bitsOf(address));

/** The internet at the address it always has, in both families. */
export const INTERNET: OutsideEndpoint = {
  kind: 'outside',
  name: 'internet',
  addresses: [ip('203.0.113.10'), twinOf(ip('203.0.113.10'))],
  ports: [
    { protocol: 'TCP', port: 53 },
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 80 },
  ],
};

/**
 * The same cluster with IPv6 addresses instead of its IPv4 ones, or with both. With both, each rule
 * draws the family that its blocks are of, and each Service whether it has one family or two.
 */
export function inFamilies(
  { objects, policies }: RandomCluster,
  families: Families,
  seed: number,
): RandomCluster {
  const drawn = fc.sample(fc.nat(11), { seed, numRuns: 300 });
  let next = 0;
  const roll = (): number => drawn[next++ % drawn.length] ?? 0;
  const change = (object: object): object => changed(object as Json, { families, roll }) as object;
  return { objects: objects.map(change), policies: policies.map(change) };
}

type Json = Readonly<Record<string, unknown>>;

interface Draw {
  readonly families: Families;
  readonly roll: () => number;
}

const drawsSix = ({ families, roll }: Draw): boolean => families === 'ipv6' || roll() % 2 === 0;

function changed(object: Json, draw: Draw): unknown {
  const { kind, status = {}, spec = {} } = object as Record<'status' | 'spec', Json> & Json;
  switch (kind) {
    case 'Node': {
      const [{ address } = { address: '' }] = status.addresses as readonly { address: string }[];
      const addresses = both(ip(address), draw).map((one) => ({
        type: 'InternalIP',
        address: one,
      }));
      return { ...object, status: { ...status, addresses } };
    }
    case 'Pod': {
      const all = both(ip(String(status.podIP)), draw);
      const podIPs = all.map((one) => ({ ip: one }));
      return { ...object, status: { ...status, podIP: all[0], podIPs } };
    }
    case 'Service':
      return spec.clusterIP === 'None'
        ? object
        : { ...object, spec: { ...spec, ...clusterIps(object, draw) } };
    default:
      return 'spec' in object ? { ...object, spec: inRules(spec, draw) } : object;
  }
}

const both = (four: Ip, { families }: Draw): readonly Ip[] =>
  families === 'ipv6' ? [twinOf(four)] : [four, twinOf(four)];

/** Service names end in their number. */
function clusterIps({ metadata }: Json, { families, roll }: Draw): Json {
  const number = 5 + Number((metadata as { name: string }).name.slice(1));
  const [four, six] = [`172.20.0.${number}`, `fd00:20::${number}`];
  const choices = [[four, six], [six, four], [four], [six]];
  const clusterIPs = (families === 'ipv6' ? [six] : choices[roll() % 4]) ?? [six];
  return { clusterIP: clusterIPs[0], clusterIPs };
}

/** What stands in one place of one family: a rule of Calico's, a block, or else each text alone. */
function inRules(value: unknown, draw: Draw): unknown {
  if (Array.isArray(value)) return value.map((one) => inRules(one, draw));
  if (typeof value === 'string') return drawsSix(draw) ? inSix(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if ('cidr' in value || ('action' in value && !('from' in value) && !('to' in value)))
    return drawsSix(draw) ? inSix(value) : value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inRules(one, draw)]));
}

/** Everything that means IPv4 means IPv6. */
function inSix(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSix);
  if (typeof value === 'string') return value === 'ICMP' ? 'ICMPv6' : twinText(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === 'icmp' ? { type: 128 } : inSix(one)]),
  );
}

function twinText(text: string): string {
  const block = parseCidr(text);
  if ('problem' in block) return text;
  if (block.prefix === 0) return '::/0';
  return formatCidr({ address: twinOf(block.address), prefix: TWINS.prefix + block.prefix });
}
