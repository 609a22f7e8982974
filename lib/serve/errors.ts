import { Failure, InputProblems } from '../model/problem';
import type { ErrorBody } from './api/shapes';

/** An error as an answer: its body, and the status of HTTP. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody;
}

/** Statuses of failures that are not about what a request says (400). */
const STATUS: Readonly<Record<string, number>> = {
  'foreign-host': 403,
  'foreign-origin': 403,
  'no-cookie': 403,
  'wrong-token': 403,
  'unknown-lab': 404,
  'no-route': 404,
  'no-file': 404,
  'bad-method': 405,
  exists: 409,
  'already-up': 409,
  'too-large': 413,
  'not-json': 415,
  'too-many': 429,
};

/**
 * What is said about an error: what a person can act on as it is. Anything else is a mistake of this
 * project; its text goes to `onBug` and not to the page.
 */
export function errorAnswer(error: unknown, onBug: (error: unknown) => void): ErrorAnswer {
  if (error instanceof InputProblems) return { status: 400, body: { problems: error.problems } };
  if (error instanceof Failure) {
    const { code, problem, fix } = error;
    return { status: STATUS[code] ?? 400, body: { error: { code, problem, fix } } };
  }
  onBug(error);
  const problem = 'the lab book could not answer: this is a bug in the tool';
  const fix = 'please report it with the lines that lab book printed in its terminal';
  return { status: 500, body: { error: { code: 'bug', problem, fix } } };
}
