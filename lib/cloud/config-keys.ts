import { type Cidr, familyOf, formatCidr, parseCidr } from '../model/address';
import { likely } from '../model/nearest';
import { type CloudLabId, cloudLabIds, isCloudLab } from './environments';
import { DEFAULT_KUBERNETES, KUBERNETES_RELEASES, type KubernetesRelease } from './versions';

/** What one text says, or why it says nothing. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string; readonly fix: string };

/** One context key: what it is without being given, and how its text is read. */
interface Key<T> {
  readonly fallback: string;
  readonly parse: (text: string) => Parsed<T>;
}

/** Every `-c key=value` there is. */
export const CONTEXT_KEYS = {
  lab: { fallback: 'k8s-5-network-policy', parse: parseLab },
  as: { fallback: '', parse: parseAs },
  size: oneOf(['small', 'production']),
  ttl: { fallback: '8h', parse: parseTtl },
  owner: { fallback: 'unnamed', parse: parseOwner },
  allowedCidrs: { fallback: '', parse: parseAllowed },
  kubernetes: { fallback: DEFAULT_KUBERNETES, parse: parseKubernetes },
  privateOnly: yesOrNo(),
  vpcCidr: { fallback: '10.0.0.0/16', parse: parseBlock },
  podCidr: { fallback: '100.64.0.0/16', parse: parseBlock },
  ipv6: yesOrNo(),
  nat: oneOf(['by-size', 'single', 'per-zone', 'regional']),
} as const satisfies Readonly<Record<string, Key<unknown>>>;

export type ContextKey = keyof typeof CONTEXT_KEYS;

/** Longest and shortest life of a lab in hours: a lab nobody needs for three days is forgotten. */
const TTL_HOURS = { min: 1, max: 72 } as const;

function parseLab(text: string): Parsed<CloudLabId> {
  if (isCloudLab(text)) return { value: text };
  const meant = likely(text, cloudLabIds);
  return {
    problem: `no lab '${text}' runs on EKS`,
    fix: meant === undefined ? `use one of ${cloudLabIds.join(', ')}` : `write -c lab=${meant}`,
  };
}

/**
 * What somebody calls theirs of a lab. The schedule's name is the longest that follows from it: 64
 * characters with a lab's id before and `-expiry` behind (EventBridge Scheduler, CreateSchedule).
 * `peer` is how a second cluster is named.
 */
function parseAs(text: string): Parsed<string> {
  return text === '' || (/^[a-z][a-z0-9]{0,15}$/.test(text) && text !== 'peer')
    ? { value: text }
    : {
        problem: `'${text}' cannot be a part of names in an account`,
        fix: 'up to 16 small letters and digits, a letter first, and not peer: ana, team7',
      };
}

function parseTtl(text: string): Parsed<number> {
  const hours = /^([1-9]\d{0,3})h$/.exec(text)?.[1];
  if (hours === undefined) {
    return { problem: `'${text}' is no number of hours`, fix: 'write -c ttl=8h' };
  }
  const value = Number(hours);
  return value >= TTL_HOURS.min && value <= TTL_HOURS.max
    ? { value }
    : {
        problem: `a lab lives ${TTL_HOURS.min} to ${TTL_HOURS.max} hours, not ${value}`,
        fix: `write -c ttl=${TTL_HOURS.max}h, and extend it while you need it`,
      };
}

/** What a tag's value may hold in every service (EC2, EKS: letters, digits, `_.:/=+-@`). */
function parseOwner(text: string): Parsed<string> {
  return /^[\w.:/=+@-]{1,64}$/.test(text)
    ? { value: text }
    : {
        problem: `'${text}' cannot be the value of a tag`,
        fix: 'write a name of up to 64 letters, digits and _.:/=+-@',
      };
}

/** `0.0.0.0/0` counts only where it is said twice: nobody opens an API to everybody by a slip. */
function parseAllowed(text: string): Parsed<readonly Cidr[]> {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const blocks: Cidr[] = [];
  for (const word of new Set(words)) {
    const block = parseCidr(word);
    if ('problem' in block) return block;
    if (familyOf(block.address) === 6) {
      return {
        problem: `'${word}' is IPv6, and the public endpoint of this cluster takes IPv4 blocks`,
        fix: 'write your IPv4 address/32',
      };
    }
    if (block.prefix === 0 && words.filter((other) => other === word).length < 2) {
      return {
        problem: `${word} lets everybody try the cluster's API`,
        fix: `name your own address/32; if you mean everybody, say it twice: ${word},${word}`,
      };
    }
    blocks.push(block);
  }
  return { value: blocks };
}

function parseKubernetes(text: string): Parsed<KubernetesRelease> {
  const release = KUBERNETES_RELEASES.find(({ version }) => version === text);
  const known = KUBERNETES_RELEASES.map(({ version }) => version);
  return release === undefined
    ? {
        problem: `Kubernetes '${text}' is not in the versions table`,
        fix: `use one of ${known.join(', ')}`,
      }
    : { value: release };
}

function parseBlock(text: string): Parsed<Cidr> {
  const block = parseCidr(text);
  if ('problem' in block) return block;
  return familyOf(block.address) === 4
    ? { value: block }
    : {
        problem: `${formatCidr(block)} is IPv6: AWS chooses those`,
        fix: 'write an IPv4 block, and -c ipv6=true for the second family',
      };
}

function oneOf<const T extends string>(words: readonly [T, ...T[]]): Key<T> {
  const parse = (text: string): Parsed<T> => {
    const value = words.find((word) => word === text);
    return value === undefined
      ? {
          problem: `'${text}' is not known here`,
          fix: `use one of ${words.join(', ')}`,
        }
      : { value };
  };
  return { fallback: words[0], parse };
}

function yesOrNo(): Key<boolean> {
  const parse = (text: string): Parsed<boolean> =>
    text === 'true' || text === 'false'
      ? { value: text === 'true' }
      : { problem: `'${text}' is neither true nor false`, fix: 'write true or false' };
  return { fallback: 'false', parse };
}
