import type { PacketAddresses } from '../../checks/target';
import type { Netns } from '../../dataplane/commands/command';
import type { Probe } from '../../dataplane/probe';
import type { WireCheck } from '../../lab/check';
import { readFrame } from '../../runtime/probes/packet';
import type { PacketFilter } from '../../runtime/probes/packet-filter';
import type { Sandbox } from '../../runtime/sandbox/sandbox';

/** Which packet to wait for, and where. */
export interface PacketWatch {
  /** Sent until a packet passes: a capture does not say when it begins. */
  readonly probe: Probe;
  readonly netns: Netns;
  readonly device: string;
  readonly encapsulation: WireCheck['expect']['encapsulation'];
}

const DEADLINE_SECONDS = 2;

/** Sends packets until one passes the device; the addresses of its outer IP header. */
export async function watchPacket(
  sandbox: Sandbox,
  { probe, netns, device, encapsulation }: PacketWatch,
): Promise<PacketAddresses | undefined> {
  const seen: PacketAddresses[] = [];
  const filter = filterFor(encapsulation, probe);
  let over = false;
  const capture = sandbox
    .capture({ netns, device, count: 1, seconds: DEADLINE_SECONDS, filter }, ({ frame }) => {
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

/** VXLAN travels in UDP to port 4789 (RFC 7348), whatever is inside. */
const filterFor = (encapsulation: PacketWatch['encapsulation'], probe: Probe): PacketFilter =>
  encapsulation === 'vxlan'
    ? { protocol: 'UDP', port: 4789 }
    : { protocol: 'TCP', port: probe.port };
