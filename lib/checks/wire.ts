import type { EndName, WireCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { judged } from './judged';
import type { PacketAddresses, Target } from './target';

/** Watches a device until a packet of the flow passes, and judges the addresses it carries. */
export async function checkWire(check: WireCheck, target: Target): Promise<CheckResult> {
  const answer = await target.watch(check);
  const sources = await addresses(check.expect.source, target);
  const destinations = await addresses(check.expect.destination, target);
  return judged(check, answer, (packet) => judge(check, packet, { sources, destinations }));
}

/** The addresses that a packet may carry; `undefined`: any. */
interface WantedAddresses {
  readonly sources: readonly string[] | undefined;
  readonly destinations: readonly string[] | undefined;
}

const addresses = async (
  name: EndName | undefined,
  target: Target,
): Promise<readonly string[] | undefined> =>
  name === undefined ? undefined : target.addressesOf(name);

function judge(
  check: WireCheck,
  packet: PacketAddresses | undefined,
  { sources, destinations }: WantedAddresses,
): CheckResult {
  const look = `lab capture ${check.at.in}`;
  if (check.expect.passes === 'never') {
    if (packet === undefined) return right(check, `no such packet at ${check.at.device}`);
    const saw = `${packet.source} > ${packet.destination} passed ${check.at.device}`;
    return wrong(check, { saw, means: 'no packet of this flow should come so far', look });
  }
  if (packet === undefined) {
    const saw = `no such packet at ${check.at.device}`;
    return wrong(check, { saw, means: noPacketMeans(check), look });
  }
  const saw = `${packet.source} > ${packet.destination}`;
  if (!admits(sources, packet.source)) {
    return wrong(check, { saw, means: `its source should be ${sources?.join(' or ')}`, look });
  }
  if (!admits(destinations, packet.destination)) {
    const means = `its destination should be ${destinations?.join(' or ')}`;
    return wrong(check, { saw, means, look });
  }
  return right(check, saw);
}

const noPacketMeans = ({ expect }: WireCheck): string =>
  expect.encapsulation === 'none'
    ? 'the packet did not pass this device, or it was encapsulated in another packet'
    : `no ${expect.encapsulation} packet passed this device`;

const admits = (wanted: readonly string[] | undefined, address: string): boolean =>
  wanted === undefined || wanted.includes(address);
