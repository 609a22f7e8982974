import { gunzipSync } from 'node:zlib';

/** Most bytes that one record of a stream may have (Kinesis: 1 MiB, which gzip shrinks at most thousandfold). */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The text in the `Data` of a Kinesis record: base64, and gzip where CloudWatch Logs sent it
 * (CloudWatch Logs guide, subscription filters).
 */
export function textInData(data: string): readonly string[] | undefined {
  const bytes = Buffer.from(data, 'base64');
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const text = isGzip ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
    return [text.toString('utf8')];
  } catch {
    return undefined;
  }
}
