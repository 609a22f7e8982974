import type { SecurityGroupRule } from '../../model/vpc';
import { ANY, both, type Match, plain } from '../nft/match';
import { portTexts } from '../nft/traffic';

const ICMP = [1, 58];

/** Protocol and ports; for ICMP the field of ports holds the types, -1 being any. */
export function matchProtocol(
  protocol: 'any' | number,
  ports: SecurityGroupRule['ports'],
): readonly Match[] {
  if (protocol === 'any') return [ANY];
  const named = plain(`meta l4proto ${protocol}`);
  if (ports === 'any') return [named];
  if (!ICMP.includes(protocol)) return both([named], [plain(`th dport ${portTexts([ports])}`)]);
  const field = protocol === 1 ? 'icmp' : 'icmpv6';
  return ports.first < 0 ? [named] : [plain(`${field} type ${portTexts([ports])}`)];
}
