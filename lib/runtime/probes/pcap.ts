import type { Captured } from './captured';

/** The head of a capture file of Ethernet frames (libpcap's own format, microseconds). */
export function pcapHeader(): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(LINKTYPE_ETHERNET, 20);
  return header;
}

/** One packet of a capture file. */
export function pcapRecord({ time, frame }: Captured): Buffer {
  const bytes = Buffer.from(frame, 'base64');
  const header = Buffer.alloc(16);
  header.writeUInt32LE(Math.floor(time / 1000), 0);
  header.writeUInt32LE((time % 1000) * 1000, 4);
  header.writeUInt32LE(bytes.length, 8);
  header.writeUInt32LE(bytes.length, 12);
  return Buffer.concat([header, bytes]);
}

const LINKTYPE_ETHERNET = 1;
