import type { PortRange } from '../../model/policy';
import type { SubnetGroup } from '../config/layout';
import { REPLY_PORTS, type TrafficPlace, type TrafficRow } from './traffic';

/** One allow line of a network ACL before it has a number; all lines allow, the rest is denied. */
export interface AclLine {
  readonly direction: 'ingress' | 'egress';
  /** Where packets come from, or where they go. */
  readonly peer: TrafficPlace;
  readonly match:
    | { readonly kind: 'any' }
    | { readonly kind: 'tcp'; readonly ports: PortRange }
    | { readonly kind: 'path-mtu' };
  /** Why it is there: one reason for every traffic it carries. */
  readonly because: readonly string[];
}

/**
 * The lines of a group's network ACL, the fewest that carry its traffic.
 *
 * An ACL keeps no connection state, so every connection is two lines at either end: its packets
 * by the server's port, and its replies by the client's ephemeral port. Both come from one entry
 * of the traffic table, so neither can be forgotten alone.
 */
export const aclLines = (group: SubnetGroup, traffic: readonly TrafficRow[]): readonly AclLine[] =>
  fewest(traffic.flatMap((each) => linesOf(each, group)));

/**
 * The same for IPv6, where AWS chooses the blocks: every group inside is then one, called `nodes`,
 * and the rule names the VPC's block. Pods have no IPv6 subnets of their own.
 */
export const aclLines6 = (
  group: SubnetGroup,
  traffic: readonly TrafficRow[],
): readonly AclLine[] =>
  group === 'pods'
    ? []
    : fewest(
        aclLines(group, traffic)
          .filter(({ peer }) => peer !== 'pods' && peer !== 'peer')
          .map((line) => (line.peer === 'internet' ? line : { ...line, peer: 'nodes' })),
      );

function linesOf(traffic: TrafficRow, group: SubnetGroup): readonly AclLine[] {
  const because = [traffic.because];
  switch (traffic.kind) {
    case 'tcp':
      return [...serverLines(traffic, group), ...clientLines(traffic, group)];
    case 'mesh': {
      const [a, b] = traffic.between;
      const peers = [...(a === group ? [b] : []), ...(b === group ? [a] : [])];
      return peers.flatMap((peer) => both({ peer, match: { kind: 'any' }, because }));
    }
    case 'path-mtu':
      return traffic.to === group
        ? both({ peer: 'internet', match: { kind: 'path-mtu' }, because })
        : [];
  }
}

type Tcp = Extract<TrafficRow, { readonly kind: 'tcp' }>;

function serverLines(traffic: Tcp, group: SubnetGroup): readonly AclLine[] {
  const { client, server, ports, because } = traffic;
  if (server !== group) return [];
  return [
    ...ports.map((range) => tcp('ingress', client, range, because)),
    tcp('egress', client, REPLY_PORTS[client], `replies: ${because}`),
  ];
}

function clientLines(traffic: Tcp, group: SubnetGroup): readonly AclLine[] {
  const { client, server, ports, because } = traffic;
  if (client !== group) return [];
  return [
    ...ports.map((range) => tcp('egress', server, range, because)),
    tcp('ingress', server, REPLY_PORTS[client], `replies: ${because}`),
  ];
}

const tcp = (
  ...[direction, peer, ports, because]: [AclLine['direction'], TrafficPlace, PortRange, string]
): AclLine => ({ direction, peer, match: { kind: 'tcp', ports }, because: [because] });

const both = (line: Omit<AclLine, 'direction'>): readonly AclLine[] => [
  { ...line, direction: 'ingress' },
  { ...line, direction: 'egress' },
];

/** Drops every line that another one carries, and hands its reasons on. */
function fewest(lines: readonly AclLine[]): readonly AclLine[] {
  const kept = lines.filter(
    (line, i) =>
      !lines.some(
        (other, j) => j !== i && carries(other, line) && (!carries(line, other) || j < i),
      ),
  );
  return kept.map((line) => ({
    ...line,
    because: [...new Set(lines.filter((l) => carries(line, l)).flatMap((l) => l.because))],
  }));
}

/** Does every packet of `inner` match `outer` too? */
function carries(outer: AclLine, inner: AclLine): boolean {
  if (outer.direction !== inner.direction) return false;
  if (outer.peer !== inner.peer && outer.peer !== 'internet') return false;
  const [a, b] = [outer.match, inner.match];
  if (a.kind === 'any') return true;
  if (a.kind === 'tcp' && b.kind === 'tcp') {
    return a.ports.first <= b.ports.first && a.ports.last >= b.ports.last;
  }
  return a.kind === b.kind;
}
