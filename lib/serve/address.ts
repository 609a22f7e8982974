import type { IncomingMessage } from 'node:http';
import { Failure } from '../model/problem';

/**
 * The path and the questions of a request.
 * @throws Failure `bad-request` where its target is not an address
 */
export function addressOf({ url = '/' }: IncomingMessage): URL {
  try {
    return new URL(url, 'http://book');
  } catch {
    throw new Failure('bad-request', 'the address cannot be read', 'open /');
  }
}
