import { type At, complain } from './at';

/** Stands for a value that could not be read: what was wrong with it has been reported. */
export const BAD: unique symbol = Symbol('reported');
export type Bad = typeof BAD;

/** Reports a problem and answers that there is no value. */
export function refuse(at: At, problem: string, fix: string): Bad {
  complain(at, problem, fix);
  return BAD;
}

/** Reports a value of the wrong type, with what YAML made of it. */
export function wrongType(value: unknown, at: At, wanted: string): Bad {
  const found = describe(value);
  return refuse(at, `expected ${wanted}, found ${found}`, fixFor(value, wanted));
}

function fixFor(value: unknown, wanted: string): string {
  if (wanted === 'a text' && typeof value === 'number') return `put it in quotes: "${value}"`;
  if (wanted === 'a text' && typeof value === 'boolean') {
    return 'put it in quotes: y, n, yes, no, on and off are booleans in YAML';
  }
  const isDigits = typeof value === 'string' && /^-?\d+$/.test(value);
  return wanted === 'a number' && isDigits ? `write ${value} without quotes` : `write ${wanted}`;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `the text '${value.slice(0, 60)}'`;
  if (typeof value === 'boolean') return `the boolean ${value}`;
  return `the number ${String(value)}`;
}
