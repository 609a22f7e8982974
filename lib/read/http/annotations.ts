import { likely } from '../../model/nearest';
import type { Labels } from '../../model/selector';
import { type At, complain, inside } from '../schema/at';
import type { FieldTable } from './fields';

/** Annotations under one prefix, such as `alb.ingress.kubernetes.io/`. */
export interface AnnotationTable {
  readonly prefix: string;
  readonly fates: FieldTable;
  /** Beginnings of names that end in a name of the user's own, such as `actions.`. */
  readonly open: FieldTable;
}

/** The place of an annotation of an object. */
export const annotationAt = (at: At, key: string): At =>
  inside(inside(inside(at, 'metadata'), 'annotations'), key);

/** A place in the spec of an object, such as `rules[0].http.paths[1].path`. */
export const specAt = (at: At, place: string): At => ({ ...at, path: `spec.${place}` });

/**
 * The served annotations of a table that an object has, without their prefix. Reports those that
 * are refused, by name, and those that do not exist.
 */
export function servedAnnotations(
  annotations: Labels,
  { prefix, fates, open }: AnnotationTable,
  at: At,
): Labels {
  const served: Record<string, string> = {};
  for (const [key, value] of Object.entries(annotations)) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    const opening = Object.keys(open).find((one) => name.startsWith(one));
    const fate = Object.hasOwn(fates, name) ? fates[name] : opening && open[opening];
    const place = annotationAt(at, key);
    if (fate === undefined || fate === '') {
      const meant = likely(name, Object.keys(fates));
      const fix = meant === undefined ? 'remove it' : `write ${prefix}${meant}`;
      complain(place, `there is no annotation '${key}'`, fix);
    } else if (typeof fate === 'object') {
      complain(place, `annotation ${name} is not supported here`, fate.refused);
    } else if (fate === 'served') {
      served[name] = value;
    }
  }
  return served;
}

/** The items of a list that is written with commas. */
export const commaList = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
