import { type Cidr, contains, formatCidr, type Ip } from '../model/address';
import type { Decision } from '../model/explanation';
import type { Route, RouteTable, RouteTarget } from '../model/vpc';
import type { VpcIndex } from './vpc-index';

/** Where a route table sends an address, and the line that says so. */
export interface Routed {
  readonly decision: Decision;
  /** Absent where the packet goes nowhere. */
  readonly target?: RouteTarget;
}

/**
 * The route of an address: the longest prefix wins, and among equals the VPC's own local route (VPC
 * user guide, "Route priority"). Prefix lists count by the block of theirs that holds the address.
 */
export function askTable(index: VpcIndex, table: RouteTable, address: Ip): Routed {
  const found = table.routes.flatMap((route, i) => {
    const block = blockOf(index, route, address);
    return block === undefined ? [] : [{ route, i, block }];
  });
  const best = found.reduce<(typeof found)[number] | undefined>(
    (winner, next) => (winner === undefined || beats(next, winner) ? next : winner),
    undefined,
  );
  const hidden = table.routes.findIndex((route) => isHidden(index, route));
  const list = table.routes[hidden]?.destination;
  if (hidden !== -1 && list !== undefined && best?.route.target.kind !== 'local') {
    const name = 'prefixList' in list ? list.prefixList : formatCidr(list);
    const because = `${table.name} has a route for ${name}, and whether that holds ${address} is not known`;
    return { decision: decision('unknown', table, { rule: hidden, because }) };
  }
  if (best === undefined) {
    const because = `${table.name} has no route for ${address}`;
    return { decision: decision('no-route', table, { rule: null, because }) };
  }
  return taken(index, table, { ...best, address });
}

interface Candidate {
  readonly route: Route;
  readonly i: number;
  readonly block: Cidr;
}

function taken(
  index: VpcIndex,
  table: RouteTable,
  { route, i, block, address }: Candidate & { readonly address: Ip },
): Routed {
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
  return a.route.target.kind === 'local' && b.route.target.kind !== 'local';
}

function blockOf(index: VpcIndex, { destination }: Route, address: Ip): Cidr | undefined {
  if (!('prefixList' in destination))
    return contains(destination, address) ? destination : undefined;
  const blocks = index.prefixList(destination.prefixList)?.cidrs ?? [];
  return blocks
    .filter((block) => contains(block, address))
    .reduce<Cidr | undefined>(
      (longest, block) => (longest && longest.prefix >= block.prefix ? longest : block),
      undefined,
    );
}

const isHidden = (index: VpcIndex, { destination }: Route): boolean =>
  'prefixList' in destination && index.prefixList(destination.prefixList) === undefined;

const decision = (
  kind: Decision['kind'],
  table: RouteTable,
  { rule, because }: { readonly rule: number | null; readonly because: string },
): Decision => ({
  kind,
  evidence: { filter: 'route', direction: 'egress', object: table.name, rule, because },
});
