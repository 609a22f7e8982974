import { gunzipSync } from 'node:zlib';

/** Most bytes that one record of a stream may have (Kinesis: 1 MiB, which gzip shrinks at most thousandfold). */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The text in the `Data` of a Kinesis record: base64, and gzip where CloudWatch Logs sent it
 * (CloudWatch Logs guide, subscription filters).
 */
export function textInData(data: string): readonly string[] | undefined {
  try {
    const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = isGzip ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
    return [new TextDecoder().decode(text)];
  } catch {
    return undefined;
  }
}
