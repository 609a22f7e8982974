import type { Cidr } from '../model/address';
import { labName } from '../model/lab-tags';
import { likely } from '../model/nearest';
import type { Problem, Reading } from '../model/problem';
import { conflictsOf } from './config-conflicts';
import { CONTEXT_KEYS, type ContextKey, type Parsed } from './config-keys';
import type { CloudLabId } from './environments';
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
  /** When that is, UTC, ISO 8601 to the second: `2026-11-21T18:00:00Z`. */
  readonly expires: string;
  readonly owner: string;
  /** Who may reach the cluster's API from outside; empty: nobody, it answers inside the VPC only. */
  readonly allowedCidrs: readonly Cidr[];
  readonly kubernetes: KubernetesRelease;
  /** The API has no public door, and AWS' own services are reached by interface endpoints. */
  readonly privateOnly: boolean;
  readonly vpcCidr: Cidr;
  readonly podCidr: Cidr;
  /** Two families in the VPC, and IPv6 pods (EKS gives a cluster one family for pods). */
  readonly ipv6: boolean;
  readonly nat: NatMode;
  readonly zones: 2 | 3;
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

/** The values that could be read; a key with a problem is absent. */
export type ConfigValues = { readonly [K in ContextKey]?: ValueOf<K> };

type ValueOf<K extends ContextKey> = (typeof CONTEXT_KEYS)[K] extends {
  readonly parse: (text: string) => Parsed<infer T>;
}
  ? T
  : never;

const keys = Object.keys(CONTEXT_KEYS) as readonly ContextKey[];

const isKey = (key: string): key is ContextKey => Object.hasOwn(CONTEXT_KEYS, key);

/** `-c` gives texts and `cdk.json` may give booleans, numbers or lists: all are read as texts. */
function parseKey(key: ContextKey, given: unknown): Parsed<unknown> {
  const { fallback, parse } = CONTEXT_KEYS[key];
  return parse(given === undefined ? fallback : String(given).trim());
}

function assemble(values: Required<ConfigValues>, now: Date): LabConfig {
  const { ttl: ttlHours, nat, size, ...rest } = values;
  const small = size === 'small';
  return {
    ...rest,
    name: labName(rest.lab, rest.as),
    size,
    ttlHours,
    expires: expiryOf(now, ttlHours),
    nat: nat === 'by-size' ? (small ? 'single' : 'per-zone') : nat,
    zones: small ? 2 : 3,
  };
}

/** EventBridge Scheduler and the tags take whole seconds. */
const expiryOf = (now: Date, hours: number): string =>
  new Date(now.getTime() + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');

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
