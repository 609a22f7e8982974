import { Failure } from '../../model/problem';
import type { Captured } from '../../runtime/probes/captured';
import { readFrame } from '../../runtime/probes/packet';
import { parseFilter } from '../../runtime/probes/packet-filter';
import { packetLine } from '../../runtime/probes/packet-text';
import { withPlace } from '../../session/local/place';
import type { CaptureRequest, PacketItem } from '../api/shapes';
import { object, optional, text, whole } from './fields';
import type { StreamHandlers } from './types';

/** Packets as they pass. */
export const packetStreams: Pick<StreamHandlers, 'POST api/labs/:lab/capture'> = {
  'POST api/labs/:lab/capture': {
    read: object<CaptureRequest>({
      place: text(200),
      device: optional(text(15)),
      filter: optional(text(200)),
      count: optional(whole(1, 10_000)),
      seconds: optional(whole(1, 3600)),
    }),
    run: ({ lab, ask }, { progress, item, gone }) =>
      withPlace({ name: ask.place, lab }, async ({ sandbox, netns }) => {
        const { count = 100, seconds = 30, device } = ask;
        const filter = parseFilter(ask.filter ?? '');
        await expectDevice(device, () => sandbox.exec(netns, ['ip', '-o', 'link', 'show']));
        progress(`capturing in ${ask.place}: ${count} packets or ${seconds} s`);
        const wish = { netns, count, seconds, filter, ...(device !== undefined && { device }) };
        const seen = sandbox.capture(wish, (packet) => item(packetItem(packet)));
        seen.catch(() => undefined);
        // Letting go of the sandbox ends a capture whose page is gone.
        const aborted = new Promise<number>((resolve) => {
          if (gone.aborted) resolve(0);
          gone.addEventListener('abort', () => resolve(0), { once: true });
        });
        return { packets: await Promise.race([seen, aborted]) };
      }),
  },
};

/** @throws Failure `no-device` where the place has none of that name */
async function expectDevice(
  device: string | undefined,
  list: () => Promise<{ readonly stdout: string }>,
): Promise<void> {
  if (device === undefined) return;
  const { stdout } = await list();
  const names = [...stdout.matchAll(/^\d+: ([^:@\s]+)/gm)].map(([, name]) => name);
  if (names.includes(device)) return;
  throw new Failure('no-device', `no device has the name '${device}'`, `use ${names.join(', ')}`);
}

function packetItem(packet: Captured): PacketItem {
  const headers = readFrame(Buffer.from(packet.frame, 'base64'));
  const item = { ...packet, text: packetLine(packet) };
  if (headers.kind !== 'ip') return item;
  const { source, destination, payload } = headers;
  const ports =
    'sourcePort' in payload
      ? { sourcePort: payload.sourcePort, destinationPort: payload.destinationPort }
      : {};
  return { ...item, source, destination, protocol: payload.kind, ...ports };
}
