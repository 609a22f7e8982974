import { type Cidr, contains, formatCidr, hostCidr, type Ip } from '../../model/address';
import type { Decision } from '../../model/explanation';
import type { Route, RouteTable, RouteTarget } from '../../model/vpc';
import { routeEvidence } from '../hops/evidence';
import { mayHold } from './prefix-list';
import type { VpcIndex } from './types';
import { isWithin } from './within';

/** Where a route table sends an address, and the line that says so. */
export interface RouteAnswer {
  readonly decision: Decision;
  /** Absent where the packet goes nowhere. */
  readonly target?: RouteTarget;
}

/**
 * The route of an address: the longest prefix wins; among equals the VPC's own local route, then a
 * static route, then a prefix list (VPC user guide, "Route priority"). Prefix lists count by the block of
 * theirs that holds the address; between two lists with one block AWS chooses. A route of which it is
 * not known whether it exists, or whether it holds the address, leaves the answer unknown where it
 * would win.
 */
export function askTable(index: VpcIndex, table: RouteTable, address: Ip): RouteAnswer {
  const all = table.routes.flatMap((route, i) => candidate(index, table, { route, i, address }));
  const certain = all.filter(({ doubt }) => doubt === undefined);
  const best = certain.reduce<Candidate | undefined>(
    (winner, next) => (winner === undefined || beats(next, winner) ? next : winner),
    undefined,
  );
  const doubtful = all.find((one) => one.doubt !== undefined && mayWin(one, best));
  if (doubtful?.doubt !== undefined)
    return { decision: decision('unknown', table, { rule: doubtful.i, because: doubtful.doubt }) };
  if (best === undefined) {
    const because = `${table.name} has no route for ${address}`;
    return { decision: decision('no-route', table, { rule: null, because }) };
  }
  const rival = certain.find((one) => one !== best && isTie(one, best));
  if (rival !== undefined) {
    const because = `${table.name} has two prefix lists that hold ${address} (routes ${best.i} and ${rival.i}), and AWS chooses between them`;
    return { decision: decision('unknown', table, { rule: best.i, because }) };
  }
  return taken(index, table, { ...best, address });
}

interface Candidate {
  readonly route: Route;
  readonly i: number;
  /** The block that holds the address; the widest one where that is not known. */
  readonly block: Cidr;
  /** Why it is not known whether the route holds the address. */
  readonly doubt?: string;
}

/** A route, where it may hold an address. */
function candidate(
  index: VpcIndex,
  table: RouteTable,
  { route, i, address }: { readonly route: Route; readonly i: number; readonly address: Ip },
): readonly Candidate[] {
  const { destination } = route;
  if (isHidden(index, route)) {
    const name = 'prefixList' in destination ? destination.prefixList : formatCidr(destination);
    const doubt = `${table.name} has a route for ${name}, and whether that holds ${address} is not known`;
    return [{ route, i, block: hostCidr(address), doubt }];
  }
  const vpc = index.vpcOfTable(table.id);
  const list = 'prefixList' in destination ? index.prefixList(destination.prefixList) : undefined;
  const blocks = 'prefixList' in destination ? (list?.cidrs ?? []) : [destination];
  const held = blocks
    .map((block) => ({
      block,
      answer:
        vpc === undefined ? contains(block, address) : isWithin(index, { vpc, block, address }),
    }))
    .filter(({ answer }) => answer !== false)
    .toSorted((a, b) => b.block.prefix - a.block.prefix);
  const [longest] = held;
  if (longest === undefined) {
    if (list === undefined || !mayHold(list, address)) return [];
    const doubt = `${table.name} has a route for ${list.id}, of which only examples are known: whether it holds ${address} is not known`;
    return [{ route, i, block: hostCidr(address), doubt }];
  }
  const { block, answer } = longest;
  const doubt = route.unknown ?? (typeof answer === 'object' ? answer.unknown : undefined);
  const found = { route, i, block };
  if (doubt === undefined) return [found];
  const because = `${table.name} has a route for ${formatCidr(block)}, or not: that depends on ${doubt}`;
  return [{ ...found, doubt: because }];
}

/** Would a route that is not certain win over the best that is? */
function mayWin(one: Candidate, best: Candidate | undefined): boolean {
  if (best === undefined) return true;
  const local = best.route.target.kind === 'local';
  // A list is never more specific than the VPC's own blocks; a block that is not known may be.
  const list = 'prefixList' in one.route.destination && one.route.unknown === undefined;
  if (local && (list || !MORE_SPECIFIC.includes(one.route.target.kind))) return false;
  return one.block.prefix >= best.block.prefix;
}

/** Targets that a route more specific than the local one may have (VPC user guide, "Route tables"). */
const MORE_SPECIFIC: readonly RouteTarget['kind'][] = [
  'nat-gateway',
  'network-interface',
  'vpc-endpoint',
];

function taken(
  index: VpcIndex,
  table: RouteTable,
  { route, i, block, address }: Candidate & { readonly address: Ip },
): RouteAnswer {
  const { target } = route;
  const line = `${table.name} sends ${address} (${formatCidr(block)})`;
  switch (target.kind) {
    case 'blackhole': {
      const because = `${line} into a blackhole: what the route led to is gone`;
      return { decision: decision('no-route', table, { rule: i, because }) };
    }
    case 'unknown': {
      const because = `${line} to ${target.what}, which is not known before deployment`;
      return { decision: decision('unknown', table, { rule: i, because }) };
    }
    case 'local':
      return {
        decision: decision('allowed', table, { rule: i, because: `${line} inside the VPC` }),
        target,
      };
    case 'internet-gateway':
    case 'egress-only-internet-gateway':
    case 'nat-gateway':
    case 'vpc-endpoint':
    case 'peering':
    case 'transit-gateway':
    case 'network-interface':
      return {
        decision: decision('allowed', table, {
          rule: i,
          because: `${line} to ${index.deviceName(target)}`,
        }),
        target,
      };
  }
}

function beats(a: Candidate, b: Candidate): boolean {
  if (a.block.prefix !== b.block.prefix) return a.block.prefix > b.block.prefix;
  return rank(a) > rank(b);
}

const rank = ({ route: { destination, target } }: Candidate): number => {
  if (target.kind === 'local') return 2;
  return 'prefixList' in destination ? 0 : 1;
};

/** Two prefix lists with one block and different targets. */
const isTie = (a: Candidate, b: Candidate): boolean =>
  a.block.prefix === b.block.prefix &&
  rank(a) === 0 &&
  rank(b) === 0 &&
  JSON.stringify(a.route.target) !== JSON.stringify(b.route.target);

const isHidden = (index: VpcIndex, { destination }: Route): boolean =>
  'prefixList' in destination && index.prefixList(destination.prefixList) === undefined;

const decision = (
  kind: Decision['kind'],
  table: RouteTable,
  { rule, because }: { readonly rule: number | null; readonly because: string },
): Decision => ({
  kind,
  evidence: routeEvidence(table.name, because, { rule }),
});
