import type { Cidr } from '../../model/address';
import { labName } from '../../model/lab-tags';
import { likely } from '../../model/nearest';
import type { Problem, Reading } from '../../model/problem';
import { conflictsOf } from './conflicts';
import type { CloudLabId } from './environments';
import { CONTEXT_KEYS, type ContextKey, type Parsed } from './keys';
import type { ConfigValues } from './types';
import type { KubernetesRelease } from './versions';

/** `small` is cheap (two zones, one NAT gateway), `production` is what one would run. */
export type Size = 'small' | 'production';

/** How nodes reach the internet: a gateway for all zones, one a zone, or one regional gateway. */
export type NatMode = 'single' | 'per-zone' | 'regional';

/** Everything a person can ask of a lab's cloud, checked as a whole. */
export interface LabConfig {
  readonly lab: CloudLabId;
  /** What its owner calls theirs, where several stand side by side; empty: there is one. */
  readonly as: string;
  /** What follows from both: the lab's name in the account. */
  readonly name: string;
  readonly size: Size;
  /** Hours until everything billed by the hour may go. */
  readonly ttlHours: number;
  /**
   * The first full hour after that, UTC, ISO 8601: `2026-11-21T18:00:00Z`. Whole hours, so that
   * the same configuration synthesizes to the same bytes a second later.
   */
  readonly expires: string;
  readonly owner: string;
  /** ARNs of the IAM users and roles that administer the cluster, besides the stack's Learner role. */
  readonly admin: readonly string[];
  /**
   * Blocks outside the VPC that may reach the cluster's API and internet-facing load balancers.
   * Empty: none may, and the API answers inside the VPC only.
   */
  readonly allowedCidrs: readonly Cidr[];
  /** The cluster's API is open to every address; load balancers are not. */
  readonly publicApi: boolean;
  readonly kubernetes: KubernetesRelease;
  /** The API has no public door, and AWS' own services are reached by interface endpoints. */
  readonly privateOnly: boolean;
  readonly vpcCidr: Cidr;
  readonly podCidr: Cidr;
  /** Two families in the VPC, and IPv6 pods (EKS gives a cluster one family for pods). */
  readonly ipv6: boolean;
  readonly nat: NatMode;
  /** In how many availability zones the subnets are. */
  readonly zoneCount: 2 | 3;
  /** Their names; empty: the first ones that the region names. */
  readonly zones: readonly string[];
}

/** Context that the CDK and its tools bring along: `@aws-cdk/...`, `aws:cdk:...`, lookups. */
const FOREIGN_KEY = /[:/]|^acknowledged-issue-numbers$|^cli-/;

/**
 * Reads the configuration from CDK context (`cdk.json`, `-c key=value`). Answers a value only
 * where nothing is wrong; otherwise every problem, each with its fix.
 */
export function readConfig(
  context: Readonly<Record<string, unknown>>,
  now: Date,
): Reading<LabConfig> {
  const unknown = Object.keys(context).filter((key) => !FOREIGN_KEY.test(key) && !isKey(key));
  const parsed = Object.fromEntries(keys.map((key) => [key, parseKey(key, context[key])])) as {
    readonly [K in ContextKey]: Parsed<unknown>;
  };
  const broken = keys.flatMap((key) => {
    const result = parsed[key];
    return 'problem' in result ? [problem(key, result.problem, result.fix)] : [];
  });
  const values = Object.fromEntries(
    keys.flatMap((key) => {
      const result = parsed[key];
      return 'value' in result ? [[key, result.value]] : [];
    }),
  ) as ConfigValues;
  const conflicts = conflictsOf(values, { given: new Set(Object.keys(context)), now });
  const problems = [
    ...unknown.map(unknownKey),
    ...broken,
    ...conflicts.map(({ key, problem: what, fix }) => problem(key, what, fix)),
  ];
  if (problems.length > 0) return { kind: 'problems', problems };
  return {
    kind: 'read',
    value: assemble(values as Required<ConfigValues>, now),
    warnings: [],
    skipped: {},
  };
}

const keys = Object.keys(CONTEXT_KEYS) as readonly ContextKey[];

const isKey = (key: string): key is ContextKey => Object.hasOwn(CONTEXT_KEYS, key);

/** `-c` gives texts and `cdk.json` may give booleans, numbers or lists: all are read as texts. */
function parseKey(key: ContextKey, given: unknown): Parsed<unknown> {
  const { fallback, parse } = CONTEXT_KEYS[key];
  return parse(given === undefined ? fallback : String(given).trim());
}

function assemble(values: Required<ConfigValues>, now: Date): LabConfig {
  const { ttl: ttlHours, nat, size, ...rest } = values;
  return {
    ...rest,
    name: labName(rest.lab, rest.as),
    size,
    ttlHours,
    expires: expiryOf(now, ttlHours),
    nat: nat === 'by-size' ? NAT_BY_SIZE[size] : nat,
    zoneCount: zoneCountOf(rest.zones, size),
  };
}

const NAT_BY_SIZE: Readonly<Record<Size, NatMode>> = { small: 'single', production: 'per-zone' };

/** As many as are named, else by size. */
function zoneCountOf(zones: readonly string[], size: Size): 2 | 3 {
  if (zones.length === 2) return 2;
  return zones.length === 3 || size === 'production' ? 3 : 2;
}

const HOUR_MS = 3_600_000;

const expiryOf = (now: Date, hours: number): string => {
  const end = Math.ceil(now.getTime() / HOUR_MS + hours) * HOUR_MS;
  return new Date(end).toISOString().replace(/\.\d+Z$/, 'Z');
};

function unknownKey(key: string): Problem {
  const meant = likely(key, keys);
  return problem(
    key,
    `nothing reads the context key '${key}'`,
    meant === undefined ? `leave it out; known: ${keys.join(', ')}` : `write -c ${meant}=...`,
  );
}

const problem = (key: string, what: string, fix: string): Problem => ({
  file: 'context',
  document: 0,
  path: key,
  problem: what,
  fix,
});
