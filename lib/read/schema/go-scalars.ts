import type { ScalarTag } from 'yaml';

/**
 * Scalars as kubectl reads them (sigs.k8s.io/yaml, which keeps go-yaml v2: resolve.go). YAML 1.1,
 * with Go's own integers: `0o17`, `0X1F` and `0b1` are numbers. Dates and `22:22` are text, and so
 * is a number that is too large to be held.
 */

const BOOLEANS: readonly (readonly [boolean, string])[] = [
  [true, 'y Y yes Yes YES true True TRUE on On ON'],
  [false, 'n N no No NO false False FALSE off Off OFF'],
];

const WORDS = new Map<string, boolean | null | number>([
  ...BOOLEANS.flatMap(([value, words]) =>
    words.split(' ').map((word) => [word, value] as [string, boolean]),
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as [string, null]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, Number.POSITIVE_INFINITY] as [string, number],
  ),
  ...['-.inf', '-.Inf', '-.INF'].map(
    (word) => [word, Number.NEGATIVE_INFINITY] as [string, number],
  ),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as [string, number]),
]);

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/** What go-yaml makes of a plain scalar. */
export function goScalar(text: string): boolean | null | number | string {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return /^[-+.0-9]/.test(text) ? goNumber(text) : text;
}

function goNumber(text: string): number | string {
  // Behind a point Go's own parser is asked first, which takes `_` between digits alone.
  if (text.startsWith('.') && /_(?!\d)|(?<!\d)_/.test(text)) return text;
  const plain = text.replaceAll('_', '');
  const whole = goInteger(plain);
  if (whole !== undefined) return whole;
  return FLOAT.test(plain) ? finite(Number(plain), text) : text;
}

/** A 64-bit integer with the prefixes of Go; a leading zero alone is octal. */
function goInteger(text: string): number | undefined {
  const [, sign, digits] = INTEGER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const spelt = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase();
  const value = sign === '-' ? -BigInt(spelt) : BigInt(spelt);
  return value > MAX_UINT64 || value < MIN_INT64 ? undefined : Number(value);
}

const finite = (value: number, text: string): number | string =>
  Number.isFinite(value) ? value : text;

const PREFIX = 'tag:yaml.org,2002:';

/** A plain scalar without a tag. */
const plainScalar: ScalarTag = {
  tag: `${PREFIX}float`,
  default: true,
  test: /^/,
  resolve: (text) => goScalar(text),
};

const explicit = (name: string, resolve: (text: string) => unknown): ScalarTag => ({
  tag: PREFIX + name,
  resolve,
});

/** The text behind base64, whatever else stands between its characters; no part of Node is needed. */
function decodeBase64(text: string): string {
  const digits = text.replace(/[^A-Za-z0-9+/]/g, '');
  const whole = digits.length % 4 === 1 ? digits.slice(0, -1) : digits;
  const bytes = Uint8Array.from(atob(whole), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/** Tags of scalars, for the parser; a text with a tag of its own is what the tag says. */
export const goTags: readonly ScalarTag[] = [
  ...['null', 'bool', 'int', 'float'].map((name) => explicit(name, goScalar)),
  plainScalar,
  explicit('timestamp', (text) => text),
  explicit('binary', decodeBase64),
];
