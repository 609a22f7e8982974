import { lazyTable } from '../../model/lazy';
import type { Rule, Traffic } from '../../model/policy';
import type { World } from '../../model/world';
import type { Destination, Party } from '../ends/types';
import { addTo, type Bits, bitsWhere, emptyBits, hasBit } from './bits';
import { both, type Fuzzy, fuzzy } from './fuzzy';
import { createMembers, type Members } from './members';
import { matchPeers } from './peer';
import { matchesSourcePort, matchesTraffic } from './traffic';

/** The flows under judgement: every source against every target. */
export interface Universe {
  readonly sources: Members;
  readonly targets: Members;
  /** Where packets to each member of `targets` go. */
  readonly to: readonly Destination[];
  /** Which sources and targets a rule matches: a flow's match is both, for one of the pairs. */
  readonly rule: (rule: Rule) => readonly RuleSides[];
}

/** A rule holds between these sources and these targets. */
export interface RuleSides {
  readonly sources: Fuzzy;
  readonly targets: Fuzzy;
}

/**
 * Prepares the flows between these sources and targets. A rule is compiled when it is first used.
 * `sourcePort` is known for replies alone.
 */
export function createUniverse(
  world: World,
  from: readonly Party[],
  to: readonly Destination[],
  sourcePort?: number,
): Universe {
  const sources = createMembers(world, from);
  const targets = createMembers(
    world,
    to.map(({ party }) => party),
  );
  const members = { sources, targets, to, sourcePort, traffic: createTrafficIndex(to) };
  return { sources, targets, to, rule: lazyTable((rule) => compile(rule, members)) };
}

interface Ends extends Pick<Universe, 'sources' | 'targets' | 'to'> {
  readonly sourcePort: number | undefined;
  readonly traffic: (line: Traffic) => Bits;
}

/** The members that a rule matches on each side: once for all its traffic, and once for each line with source ports. */
function compile(
  rule: Rule,
  { sources, targets, to, sourcePort, traffic }: Ends,
): readonly RuleSides[] {
  const source = both(matchPeers(rule.source, sources), versions(rule, sources));
  const target = matchPeers(rule.destination, targets, to);
  if (rule.traffic === 'any') return [{ sources: source, targets: target }];
  const [plain, withPorts] = partition(rule.traffic);
  const union = emptyBits(to.length);
  for (const line of plain) addTo(union, traffic(line));
  return [
    { sources: source, targets: both(target, { sure: union }) },
    ...withPorts.map((line) => ({
      sources: both(source, fromPorts(line, sources, sourcePort)),
      targets: both(target, { sure: traffic(line) }),
    })),
  ];
}

/** Whether a side of a rule matches a member for `sure` or `perhaps`; `undefined` where it does not match. */
export const standing = (side: Fuzzy, member: number): 'sure' | 'perhaps' | undefined => {
  if (hasBit(side.sure, member)) return 'sure';
  return side.perhaps !== undefined && hasBit(side.perhaps, member) ? 'perhaps' : undefined;
};

const versions = (rule: Rule, members: Members): Fuzzy =>
  rule.ipVersion === undefined
    ? { sure: members.all }
    : { sure: bitsWhere(members.size, (i) => members.parties[i]?.family === rule.ipVersion) };

/** Splits lines without source ports, which are matched together, from lines with source ports. */
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

/** Rules repeat the same kinds of traffic, so each kind is matched once. */
function createTrafficIndex(to: readonly Destination[]): (traffic: Traffic) => Bits {
  const match = (traffic: Traffic): Bits =>
    bitsWhere(to.length, (i) => {
      const target = to[i];
      return target !== undefined && matchesTraffic(traffic, target);
    });
  if (to.length === 1) return match;
  return lazyTable(match, (traffic) => JSON.stringify(traffic));
}
