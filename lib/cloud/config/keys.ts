import { type Cidr, familyOf, formatCidr, parseCidr } from '../../model/address';
import { likely } from '../../model/nearest';
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
  admin: { fallback: '', parse: parseAdmins },
  allowedCidrs: { fallback: '', parse: parseAllowed },
  publicApi: yesOrNo(),
  kubernetes: { fallback: DEFAULT_KUBERNETES, parse: parseKubernetes },
  privateOnly: yesOrNo(),
  vpcCidr: { fallback: '10.0.0.0/16', parse: parseBlock },
  podCidr: { fallback: '100.64.0.0/16', parse: parseBlock },
  ipv6: yesOrNo(),
  zones: { fallback: '', parse: parseZones },
  nat: oneOf(['by-size', 'single', 'per-zone', 'regional']),
} as const satisfies Readonly<Record<string, Key<unknown>>>;

export type ContextKey = keyof typeof CONTEXT_KEYS;

/** Longest and shortest life of a lab in hours: a lab that is needed for longer than three days is rare. */
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
 * The name of one person's copy of a lab. The schedule's name is the longest that follows from it: 64
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

/** Availability zones by name, with commas between; none: the first ones of the region. */
function parseZones(text: string): Parsed<readonly string[]> {
  const zones = [...new Set(wordsOf(text))];
  const other = zones.find((zone) => !/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/.test(zone));
  if (other !== undefined) {
    return {
      problem: `'${other}' is not an availability zone`,
      fix: 'write names like eu-west-1a',
    };
  }
  const regions = new Set(zones.map((zone) => zone.slice(0, -1)));
  if (regions.size > 1) {
    return {
      problem: `${zones.join(', ')} are in ${regions.size} regions`,
      fix: 'name zones of the region that is deployed to',
    };
  }
  return zones.length === 0 || zones.length === 2 || zones.length === 3
    ? { value: zones }
    : {
        problem: `${zones.length} zones are named, and the network has subnets in two or three`,
        fix: 'name two or three',
      };
}

/** Users and roles by ARN, with commas between; what an access entry of EKS takes. */
function parseAdmins(text: string): Parsed<readonly string[]> {
  const arns = [...new Set(wordsOf(text))];
  for (const arn of arns) {
    const [, session] = /^arn:[^:]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn) ?? [];
    if (session !== undefined) {
      return {
        problem: `'${arn}' is a session of the role ${session}, and an access entry takes the role's own ARN`,
        fix: `write what this prints: aws iam get-role --role-name ${session} --query Role.Arn --output text`,
      };
    }
    if (!/^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/.test(arn)) {
      return {
        problem: `'${arn}' is not the ARN of an IAM user or role`,
        fix: 'write -c admin=arn:aws:iam::<account>:role/<path and name>',
      };
    }
  }
  return { value: arns };
}

/** The words of a list with commas between. */
const wordsOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** Blocks that may open connections from outside. Everyone is a key of its own, `publicApi`. */
function parseAllowed(text: string): Parsed<readonly Cidr[]> {
  const blocks: Cidr[] = [];
  for (const word of new Set(wordsOf(text))) {
    const block = parseCidr(word);
    if ('problem' in block) return block;
    if (familyOf(block.address) === 6) {
      return {
        problem: `'${word}' is IPv6, and the public endpoint of this cluster takes IPv4 blocks`,
        fix: 'write your IPv4 address/32',
      };
    }
    if (block.prefix === 0) {
      return {
        problem: `${word} would open the cluster's API and its load balancers to everyone`,
        fix: 'write your own address/32; to open the API alone to everyone, write -c publicApi=true',
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
