import type { Policy, Rule, Traffic } from '../model/policy';
import type { World } from '../model/world';
import { addTo, type Bits, bitsWhere, emptyBits, hasBit } from './bits';
import { both, type Fuzzy, fuzzy } from './fuzzy';
import { createMembers, type Members } from './members';
import type { Party } from './party';
import { matchPeers } from './peer';
import { matchesSourcePort, matchesTraffic, type Target } from './traffic';

/** The flows under judgement: every source against every target. */
export interface Universe {
  readonly sources: Members;
  readonly targets: Members;
  /** Where packets to each member of `targets` go. */
  readonly to: readonly Target[];
  /** Which sources and targets a rule matches: a flow's match is both, for one of the pairs. */
  readonly rule: (rule: Rule) => readonly Sides[];
}

/** A rule holds between these sources and these targets. */
export interface Sides {
  readonly sources: Fuzzy;
  readonly targets: Fuzzy;
}

/**
 * Prepares the flows between these sources and targets; each rule is compiled when first asked.
 * `sourcePort` is known for replies alone.
 */
export function createUniverse(
  world: World,
  from: readonly Party[],
  to: readonly Target[],
  sourcePort?: number,
): Universe {
  const sources = createMembers(world, from);
  const targets = createMembers(
    world,
    to.map(({ party }) => party),
  );
  const members = { sources, targets, to, sourcePort, traffic: createTrafficIndex(to) };
  const memo = new Map<Rule, readonly Sides[]>();
  return {
    ...{ sources, targets, to },
    rule: (rule) => {
      const known = memo.get(rule);
      if (known !== undefined) return known;
      const sides = compile(rule, members);
      memo.set(rule, sides);
      return sides;
    },
  };
}

interface Ends extends Pick<Universe, 'sources' | 'targets' | 'to'> {
  readonly sourcePort: number | undefined;
  readonly traffic: (line: Traffic) => Bits;
}

/** Whom a rule means on each side: once for all its traffic, and once more for each picky line. */
function compile(
  rule: Rule,
  { sources, targets, to, sourcePort, traffic }: Ends,
): readonly Sides[] {
  const source = both(matchPeers(rule.source, sources), versions(rule, sources));
  const target = matchPeers(rule.destination, targets, to);
  if (rule.traffic === 'any') return [{ sources: source, targets: target }];
  const [plain, picky] = partition(rule.traffic);
  const union = emptyBits(to.length);
  for (const line of plain) addTo(union, traffic(line));
  return [
    { sources: source, targets: both(target, { sure: union }) },
    ...picky.map((line) => ({
      sources: both(source, fromPorts(line, sources, sourcePort)),
      targets: both(target, { sure: traffic(line) }),
    })),
  ];
}

/** Is a member on its side of a rule? Which of the two answers it got, or `undefined`. */
export const standing = (side: Fuzzy, member: number): 'sure' | 'perhaps' | undefined => {
  if (hasBit(side.sure, member)) return 'sure';
  return side.perhaps !== undefined && hasBit(side.perhaps, member) ? 'perhaps' : undefined;
};

/** A rule of a policy. */
export interface PolicyRule {
  readonly policy: Policy;
  readonly rule: Rule;
}

const versions = (rule: Rule, members: Members): Fuzzy =>
  rule.ipVersion === undefined
    ? { sure: members.all }
    : { sure: bitsWhere(members.size, (i) => members.parties[i]?.family === rule.ipVersion) };

/** Lines that leave the source port open can be asked together; the others each on its own. */
function partition(lines: readonly Traffic[]): readonly [Traffic[], Traffic[]] {
  const open = (t: Traffic): boolean => t.sourcePorts === 'any' && t.notSourcePorts === undefined;
  return [lines.filter(open), lines.filter((line) => !open(line))];
}

function fromPorts(line: Traffic, members: Members, sourcePort: number | undefined): Fuzzy {
  const answers = members.parties.map((party) => matchesSourcePort(line, party, sourcePort));
  return fuzzy(
    bitsWhere(members.size, (i) => answers[i] === 'sure'),
    bitsWhere(members.size, (i) => answers[i] === 'perhaps'),
  );
}

/** Rules repeat few kinds of traffic, so each kind is matched once. */
function createTrafficIndex(to: readonly Target[]): (traffic: Traffic) => Bits {
  const match = (traffic: Traffic): Bits =>
    bitsWhere(to.length, (i) => {
      const target = to[i];
      return target !== undefined && matchesTraffic(traffic, target);
    });
  if (to.length === 1) return match;
  const memo = new Map<string, Bits>();
  return (traffic) => {
    const key = JSON.stringify(traffic);
    const known = memo.get(key) ?? match(traffic);
    memo.set(key, known);
    return known;
  };
}
