import { isRecord, type Raw, type RawMap } from './document';
import { below, type Place, type Resolve, report } from './scope';
import { isScalar, isValueList } from './value';

const LOOP = 'Fn::ForEach::';

/** What expanding needs beside the value. */
interface Expansion {
  readonly place: Place;
  readonly resolve: Resolve;
}

/**
 * A section with its loops written out: `Fn::ForEach::Name: [identifier, collection, { key: value }]`
 * (CloudFormation: Fn::ForEach, of the transform AWS::LanguageExtensions). A loop over what is not
 * known yet is a problem: what it makes is not known.
 */
export function expandLoops(raw: Raw, expansion: Expansion): Raw {
  if (Array.isArray(raw)) return raw.map((item, i) => expandLoops(item, inside(expansion, i)));
  if (!isRecord(raw)) return raw;
  const entries = Object.entries(raw).flatMap(
    ([key, value]): readonly (readonly [string, Raw])[] =>
      key.startsWith(LOOP)
        ? turns(value, inside(expansion, key))
        : [[key, expandLoops(value, inside(expansion, key))]],
  );
  return Object.fromEntries(entries);
}

/** Is there a loop anywhere in a value? */
export const hasLoop = (raw: Raw): boolean =>
  typeof raw === 'object' &&
  raw !== null &&
  Object.entries(raw).some(([key, child]) => key.startsWith(LOOP) || hasLoop(child as Raw));

const inside = (expansion: Expansion, key: string | number): Expansion => ({
  ...expansion,
  place: below(expansion.place, key),
});

/** The entries that a loop writes, turn by turn. */
function turns(raw: Raw, expansion: Expansion): readonly (readonly [string, Raw])[] {
  const [identifier, collection, body] = Array.isArray(raw) ? raw : [];
  if (typeof identifier !== 'string' || collection === undefined || !isRecord(body ?? null)) {
    const fix = 'write [identifier, [item, …], { key: value }]';
    report(expansion.place, 'the loop is not written as Fn::ForEach', fix);
    return [];
  }
  const found = expansion.resolve(collection, expansion.place);
  const items =
    isValueList(found) && found.length === 1 && isValueList(found[0]) ? found[0] : found;
  if (!isValueList(items) || !items.every(isScalar)) {
    const fix = 'give the collection: --parameter, or a literal list';
    report(expansion.place, 'the collection of the loop is not known before deployment', fix);
    return [];
  }
  return items.flatMap((item) => {
    const written = replaced(body as RawMap, identifier, String(item));
    return Object.entries(expandLoops(written, expansion) as RawMap);
  });
}

/** A loop's body with its identifier replaced: `${Id}`, `&{Id}` (letters and digits only), and Ref. */
function replaced(raw: Raw, identifier: string, item: string): Raw {
  if (typeof raw === 'string') return inText(raw, identifier, item);
  if (Array.isArray(raw)) return raw.map((one) => replaced(one, identifier, item));
  if (!isRecord(raw)) return raw;
  if (raw.Ref === identifier && Object.keys(raw).length === 1) return item;
  return Object.fromEntries(
    Object.entries(raw).map(([key, child]) => [
      inText(key, identifier, item),
      replaced(child, identifier, item),
    ]),
  );
}

const inText = (text: string, identifier: string, item: string): string =>
  text
    .replaceAll(`\${${identifier}}`, item)
    .replaceAll(`&{${identifier}}`, item.replace(/[^A-Za-z0-9]/g, ''));
