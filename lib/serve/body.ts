import type { IncomingMessage } from 'node:http';
import { Failure } from '../model/problem';

/** Most bytes of a body. */
export const BODY_BYTES = 1_000_000;

/**
 * Reads the JSON value of a request.
 * @param most bytes that a body may have
 * @throws Failure `not-json` where it is of another type, `too-large`, or `bad-request` where it is not JSON
 */
export async function readBody(request: IncomingMessage, most: number): Promise<unknown> {
  // A form of a foreign page can send three types without asking first, and JSON is not one of them.
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') throw notJson(type);
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge(most);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) throw tooLarge(most);
    parts.push(part);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)));
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new Failure('bad-request', `the body is not JSON: ${why}`, 'send one JSON object');
  }
}

const notJson = (type: string): Failure =>
  new Failure(
    'not-json',
    `the body is of the type '${type}'`,
    'send application/json, and {} where a route asks nothing',
  );

const tooLarge = (most: number): Failure =>
  new Failure('too-large', `the body is larger than ${most} bytes`, 'send less');
