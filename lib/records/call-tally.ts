import type { RecordPlace } from '../model/flow-evidence';
import { detached } from './detached';
import type { PlacedPackets, PortProtocol } from './observation';
import type { RecordParty } from './parties';

/** Client ports of accepted connections that are remembered for each call: one of them suffices. */
const MOST_ACCEPTED = 32;
/** Client ports of rejected connections that are remembered for each call. */
const MOST_REJECTED = 1024;

/** What records say together about one party calling another on a port. */
export interface CallTally {
  readonly from: RecordParty;
  readonly to: RecordParty;
  readonly protocol: PortProtocol;
  readonly port: number;
  records: number;
  first: number | undefined;
  last: number | undefined;
  readonly example: RecordPlace;
  /** Verdicts of policies: how many records allowed it, and how many denied it. */
  policyAllows: number;
  policyDenies: number;
  /** Connections by their client port, in logs that have one record a connection and direction. */
  readonly accepted: Map<number, Accepted>;
  readonly rejected: Map<number, Rejected>;
  /** More accepted connections than are remembered. */
  isMore: boolean;
}

interface Accepted {
  readonly end: number | undefined;
  readonly interface: string | undefined;
  readonly packets: number | undefined;
}

interface Rejected {
  readonly start: number | undefined;
  readonly interface: string | undefined;
  readonly packets: number | undefined;
}

export const newTally = (
  call: Pick<CallTally, 'from' | 'to' | 'protocol' | 'port'>,
  example: RecordPlace,
): CallTally => ({
  ...call,
  records: 0,
  first: undefined,
  last: undefined,
  example,
  policyAllows: 0,
  policyDenies: 0,
  accepted: new Map(),
  rejected: new Map(),
  isMore: false,
});

/** Adds a record of the call; `clientPort` tells its connections apart. */
export function addTo(tally: CallTally, seen: PlacedPackets, clientPort: number): void {
  tally.records += 1;
  const { start, end } = seen;
  if (start !== undefined && (tally.first === undefined || start < tally.first))
    tally.first = start;
  const until = end ?? start;
  if (until !== undefined && (tally.last === undefined || until > tally.last)) tally.last = until;
  if (seen.isPolicyVerdict) {
    if (seen.action === 'allow') tally.policyAllows += 1;
    else tally.policyDenies += 1;
  } else if (seen.action === 'allow') accept(tally, seen, clientPort);
  else reject(tally, seen, clientPort);
}

function accept(tally: CallTally, seen: PlacedPackets, clientPort: number): void {
  const { accepted } = tally;
  if (accepted.size >= MOST_ACCEPTED && !accepted.has(clientPort)) {
    tally.isMore = true;
    return;
  }
  const known = accepted.get(clientPort);
  // The earliest record of a connection is kept: what is rejected after it came too late.
  if (known !== undefined && (known.end ?? 0) <= (seen.end ?? 0)) return;
  accepted.set(clientPort, {
    end: seen.end,
    interface: seen.interface === undefined ? undefined : detached(seen.interface),
    packets: seen.packets,
  });
}

function reject(tally: CallTally, seen: PlacedPackets, clientPort: number): void {
  const { rejected } = tally;
  if (rejected.size >= MOST_REJECTED && !rejected.has(clientPort)) return;
  const known = rejected.get(clientPort);
  if (known !== undefined && (known.start ?? 0) <= (seen.start ?? 0)) return;
  rejected.set(clientPort, {
    start: seen.start,
    interface: seen.interface === undefined ? undefined : detached(seen.interface),
    packets: seen.packets,
  });
}

/** What became of a call: allowed, denied, or both at different times or for different connections. */
export interface TallyVerdict {
  readonly isAllowed: boolean;
  readonly isDenied: boolean;
  /** Records of policies say both, so it counts as denied. */
  readonly isMixed: boolean;
}

/** Judges a call after its last record. */
export function verdictOf(tally: CallTally): TallyVerdict {
  const { policyAllows, policyDenies } = tally;
  if (policyAllows + policyDenies > 0) {
    const isDenied = policyDenies > 0;
    return { isAllowed: !isDenied, isDenied, isMixed: isDenied && policyAllows > 0 };
  }
  const refused = [...tally.rejected].filter(([port, rejected]) => {
    const accepted = tally.accepted.get(port);
    return accepted === undefined || !isLate(accepted, rejected);
  });
  const denied = new Set(refused.map(([port]) => port));
  const isAllowed = [...tally.accepted.keys()].some((port) => !denied.has(port));
  return { isAllowed, isDenied: denied.size > 0, isMixed: !isAllowed && tally.isMore };
}

/**
 * A packet that is rejected at the interface that accepted its connection before came too late: also
 * packets after the end of a connection are logged as REJECT (VPC guide, field `action`).
 */
function isLate(accepted: Accepted, rejected: Rejected): boolean {
  if (accepted.end === undefined || rejected.start === undefined) return false;
  return accepted.interface === rejected.interface && rejected.start >= accepted.end;
}
