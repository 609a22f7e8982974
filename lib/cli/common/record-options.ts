import { parseCidr } from '../../model/address';
import { Failure } from '../../model/problem';
import type { ServerPort } from '../../records/collect';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Seconds since 1970 of `--since`: a time (RFC 3339), or how long ago (`90m`, `24h`, `7d`).
 * @throws Failure `bad-since`
 */
export function readSince(text: string, now: Date): number {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count !== undefined) {
    return Math.floor(now.getTime() / 1000) - Number(count) * (UNITS[unit] ?? 1);
  }
  const time = Date.parse(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(time)) return Math.floor(time / 1000);
  throw new Failure(
    'bad-since',
    `'${text}' is not a time`,
    'write a time such as 2026-11-30T10:00:00Z, or how long ago: 90m, 24h, 7d',
  );
}

/**
 * A port that is a server's: `shop/api:50051`, `10.9.0.5:9000/TCP`.
 * @throws Failure `bad-server`
 */
export function readServer(text: string): ServerPort {
  const [, end, digits, protocol] = /^(.+):(\d{1,5})(?:\/(TCP|UDP|SCTP))?$/i.exec(text) ?? [];
  const port = Number(digits);
  if (end === undefined || !(port >= 1 && port <= 65_535)) {
    throw new Failure(
      'bad-server',
      `'${text}' does not name a server port`,
      'write <end>:<port> or <end>:<port>/<protocol>, such as shop/api:50051/TCP',
    );
  }
  const known = (['TCP', 'UDP', 'SCTP'] as const).find((one) => one === protocol?.toUpperCase());
  return { end, port, ...(known !== undefined && { protocol: known }) };
}

/**
 * A whole number within bounds.
 * @throws Failure `bad-number`
 */
export function readNumber(
  option: string,
  text: string,
  [least, most]: readonly [number, number],
): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Failure(
    'bad-number',
    `${option} is '${text}'`,
    `write a whole number from ${least} to ${most}`,
  );
}

/**
 * A block of addresses.
 * @throws Failure `bad-block`
 */
export function readBlock(option: string, text: string): string {
  const block = parseCidr(text);
  if (!('problem' in block)) return text;
  throw new Failure('bad-block', `${option}: ${block.problem}`, block.fix);
}
