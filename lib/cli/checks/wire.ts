import type { Netns } from '../../dataplane/command';
import type { Probe } from '../../dataplane/probe';
import type { WireCheck } from '../../lab/check';
import { type CheckResult, right, wrong } from '../../lab/check-result';
import { type Headers, readFrame } from '../../runtime/packet';
import type { PacketFilter } from '../../runtime/packet-filter';
import type { Sandbox } from '../../runtime/sandbox';

/** A wire check with its names resolved. */
export interface Wire {
  readonly sandbox: Sandbox;
  readonly probe: Probe;
  /** Where to look. */
  readonly at: { readonly netns: Netns; readonly device: string };
  /** Addresses that the packet's source may have; absent: any. */
  readonly sources?: readonly string[];
  readonly destinations?: readonly string[];
}

/** Sends packets until one passes the device, and reads its headers. */
export async function checkWire(check: WireCheck, wire: Wire): Promise<CheckResult> {
  const look = `lab capture ${check.at.in}`;
  const headers = await firstPacket(wire, filterOf(check, wire.probe));
  if (headers === undefined) {
    const means =
      check.expect.encapsulation === 'none'
        ? 'the packet never came there, or it was hidden in another one'
        : `no ${check.expect.encapsulation} packet came there`;
    return wrong(check, { saw: `no such packet at ${check.at.device}`, means, look });
  }
  const saw = `${headers.source} > ${headers.destination}`;
  if (!admits(wire.sources, headers.source))
    return wrong(check, { saw, means: `its source should be ${wire.sources?.join(' or ')}`, look });
  if (!admits(wire.destinations, headers.destination))
    return wrong(check, {
      saw,
      means: `its destination should be ${wire.destinations?.join(' or ')}`,
      look,
    });
  return right(check, saw);
}

const admits = (wanted: readonly string[] | undefined, address: string): boolean =>
  wanted === undefined || wanted.includes(address);

type IpHeaders = Extract<Headers, { readonly kind: 'ip' }>;

/** VXLAN travels in UDP to port 4789 (RFC 7348), whatever is inside. */
const filterOf = (check: WireCheck, probe: Probe): PacketFilter =>
  check.expect.encapsulation === 'vxlan'
    ? { protocol: 'UDP', port: 4789 }
    : { protocol: 'TCP', port: probe.port };

const DEADLINE_SECONDS = 2;

/** The first packet that passes; probes go out until one does, because a capture begins unseen. */
async function firstPacket(
  { sandbox, at, probe }: Wire,
  filter: PacketFilter,
): Promise<IpHeaders | undefined> {
  const seen: IpHeaders[] = [];
  const wish = { ...at, count: 1, seconds: DEADLINE_SECONDS, filter };
  let over = false;
  const capture = sandbox
    .capture(wish, ({ frame }) => {
      const headers = readFrame(Buffer.from(frame, 'base64'));
      if (headers.kind === 'ip') seen.push(headers);
    })
    .catch(() => 0)
    .finally(() => {
      over = true;
    });
  while (!over) await sandbox.probe([probe], { timeoutMs: 100, trace: 'off' });
  await capture;
  return seen[0];
}
