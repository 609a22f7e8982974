import type { IpFamily } from '../../model/address';
import type { Direction } from '../../model/flow';
import { type Policy, policyName, type Rule } from '../../model/policy';
import { filterOf, ruleName } from '../../model/rule-name';
import { uniqueBy } from '../../model/unique';
import type { World } from '../../model/world';
import { ANY, both, type Match, plain } from './match';
import { matchPeers } from './peers';
import { type NftChain, type NftSet, quoted } from './ruleset';
import { matchTraffic } from './traffic';

/** A chain and the sets its rules speak of. */
export interface CompiledChain {
  readonly chain: NftChain;
  readonly sets: readonly NftSet[];
}

/** The NFLOG group that `Log` rules write to. */
export const LOG_GROUP = 1;

/**
 * The bit of a packet's mark that says "this tier passes": only `Pass` sets it, and the tier's
 * chain takes it away again. (`Allow` needs none: it ends the hook's base chain.)
 */
const PASS = 0x1;

const PASS_ON = `meta mark set meta mark or ${PASS} return`;

/** In a tier's chain, behind a policy that may pass: leave the tier. */
export const LEAVE_TIER = `meta mark and ${PASS} == ${PASS} meta mark set meta mark and 0xfffffffe return`;

/** Address families that any endpoint of the world has: others need no rules. */
export function familiesOf(world: World): readonly IpFamily[] {
  const known = families.get(world) ?? (hasSix(world) ? [4, 6] : [4]);
  families.set(world, known);
  return known;
}

const families = new WeakMap<World, readonly IpFamily[]>();

const hasSix = ({ pods, nodes, outside }: World): boolean =>
  [...pods, ...nodes, ...outside].some((endpoint) =>
    endpoint.addresses.some((address) => address.includes(':')),
  );

/** Does a rule of this direction say Pass? */
export const mayPass = (policy: Policy, direction: Direction): boolean =>
  policy[direction]?.some((rule) => rule.action === 'pass') ?? false;

/**
 * One policy's rules of one direction as a chain that falls through where none decides. A staged
 * policy's chain counts what each rule would have decided, and decides nothing.
 */
export function policyChain(
  world: World,
  policy: Policy,
  direction: Direction,
  effect: 'decide' | 'count',
): CompiledChain {
  const compiled = (policy[direction] ?? []).map((rule) => ({
    rule,
    matches: matchesOf(world, rule),
  }));
  const rules = compiled.flatMap(({ rule, matches }) => {
    const name = ruleName({
      filter: filterOf(policy.kind),
      direction,
      object: policyName(policy),
      rule: rule.index,
    });
    const verdict = effect === 'count' ? 'counter return' : verdictOf(policy, rule, name);
    return matches.map((match) => withVerdict(match.text, name, verdict));
  });
  return {
    chain: { name: chainName(policy, direction, effect), rules },
    sets: compiled.flatMap(({ matches }) => matches.flatMap((match) => match.sets)),
  };
}

/** `NetworkPolicy/shop/default-deny/ingress`: what a person finds in `nft list ruleset`. */
export function chainName(
  policy: Policy,
  direction: Direction,
  effect: 'decide' | 'count',
): string {
  const name = `${policy.kind}/${policyName(policy)}/${direction}`;
  return effect === 'decide' ? name : `staged/${name}`;
}

const withVerdict = (match: string, name: string, verdict: string): string =>
  `${match} ${verdict} comment ${quoted(name)}`.trim();

function verdictOf(policy: Policy, rule: Rule, name: string): string {
  switch (rule.action) {
    case 'allow':
      return ALLOW[policy.hook];
    case 'deny':
      return 'drop';
    case 'pass':
      return PASS_ON;
    case 'log':
      return `log prefix ${quoted(`${name} `)} group ${LOG_GROUP}`;
  }
}

/** The bit that says a host endpoint's earlier policy has the last word on a packet. */
export const ACCEPTED = 0x2;

const ACCEPT_FOR_GOOD = `meta mark set meta mark or ${ACCEPTED} accept`;

const ALLOW: Record<Policy['hook'], string> = {
  normal: 'accept',
  'apply-on-forward': 'accept',
  'pre-dnat': ACCEPT_FOR_GOOD,
  untracked: `notrack ${ACCEPT_FOR_GOOD}`,
};

/** Every way a packet can match the rule, each one rule of nft. */
export function matchesOf(world: World, rule: Rule): readonly Match[] {
  const found = familiesOf(world)
    .filter((family) => rule.ipVersion === undefined || rule.ipVersion === family)
    .flatMap((family) => matchesOfFamily(world, rule, family));
  return uniqueBy(found, (match) => match.text);
}

const matchesOfFamily = (world: World, rule: Rule, family: IpFamily): readonly Match[] =>
  [
    [rule.ipVersion === undefined ? ANY : plain(`meta nfproto ipv${family}`)],
    // Ports first: most packets that a rule does not mean are told by two comparisons.
    matchTraffic(world, family, rule.traffic),
    matchPeers(world, family, { peers: rule.source, side: 'source' }),
    matchPeers(world, family, { peers: rule.destination, side: 'destination' }),
  ].reduce(both);
