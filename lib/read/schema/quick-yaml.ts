import {
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  EVENT_ID,
  FAILSAFE_SCHEMA,
  NOT_RESOLVED,
  parseEvents,
  type Schema,
  YAMLException,
} from 'js-yaml';
import { goScalar } from './go-scalars';
import { MAX_DEPTH } from './yaml-limits';

/** What is wrong with a text, and where: an offset into it. */
export interface YamlFault {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** The values of the documents, or why they cannot be read this way. */
export type QuickYaml =
  | { readonly kind: 'documents'; readonly values: readonly unknown[] }
  /** Something that only the other parser reads as kubectl does: an anchor, a tag, a key that is no text. */
  | { readonly kind: 'special' }
  | { readonly kind: 'wrong'; readonly fault: YamlFault };

/** Line ends that YAML and we count otherwise, and the byte order mark. */
const OTHER_BREAKS = /[\r\u0085\u2028\u2029\ufeff]/;

/** A tab in front of a line's text, which the parsers take differently, and keys that are marked as such. */
const TAB_OR_MARKED_KEY = /^[ \-?:]*(?:\t|\?(?:\s|$))/m;

/**
 * Reads YAML ten times as fast as the parser that keeps every place. It answers only where both read the
 * same: documents of objects, without anchors, tags, directives and merges, whose keys are texts.
 */
export function quickYaml(source: string): QuickYaml {
  if (OTHER_BREAKS.test(source) || TAB_OR_MARKED_KEY.test(source)) return SPECIAL;
  try {
    const events = parseEvents(source, { maxDepth: MAX_DEPTH });
    if (events.some(isSpecial)) return SPECIAL;
    const values = constructFromEvents(events, { source, schema: schema() });
    const isPlain = values.every((value) => typeof value === 'object' && value !== null);
    return isPlain && values.length > 0 ? { kind: 'documents', values } : SPECIAL;
  } catch (error) {
    if (error instanceof RangeError) return SPECIAL;
    if (!(error instanceof YAMLException)) throw error;
    const { mark, reason } = error;
    if (mark === undefined || isOwnReason(reason)) return SPECIAL;
    return {
      kind: 'wrong',
      fault: { line: mark.line + 1, column: mark.column + 1, reason },
    };
  }
}

/** What the other parser has a word for: a key that is no text, and objects that are too deep. */
const isOwnReason = (reason: string): boolean =>
  reason.startsWith(SPECIAL_KEY) || reason.includes('maxDepth');

const SPECIAL: QuickYaml = { kind: 'special' };

type YamlEvent = ReturnType<typeof parseEvents>[number];

function isSpecial(event: YamlEvent): boolean {
  switch (event.type) {
    case EVENT_ID.ALIAS:
      return true;
    case EVENT_ID.DOCUMENT:
      return event.directives.length > 0 || event.explicitEnd;
    case EVENT_ID.POP:
      return false;
    default:
      return event.anchorStart !== -1 || event.tagStart !== -1;
  }
}

const PREFIX = 'tag:yaml.org,2002:';
const SPECIAL_KEY = 'a key that is no plain text';

/** Plain scalars as kubectl reads them. */
const plainScalar = defineScalarTag(`${PREFIX}float`, {
  implicit: true,
  resolve: (source) => {
    const value = goScalar(source);
    return typeof value === 'string' ? NOT_RESOLVED : value;
  },
  identify: () => false,
});

/** Objects whose keys are texts; a key written twice is refused by the parser. */
const plainObject = defineMappingTag<Record<string, unknown>>(`${PREFIX}map`, {
  create: () => ({}),
  addPair: (object, key, value) => {
    if (typeof key !== 'string' || key === '<<' || key === '__proto__') return SPECIAL_KEY;
    object[key] = value;
    return '';
  },
  has: (object, key) => typeof key === 'string' && Object.hasOwn(object, key),
  keys: (object) => Object.keys(object),
  get: (object, key) => object[String(key)],
  identify: () => false,
});

const schema = (): Schema => FAILSAFE_SCHEMA.withTags(plainScalar, plainObject);
