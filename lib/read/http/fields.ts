import { likely } from '../../model/nearest';
import { type At, complain, inside } from '../schema/at';
import { BAD, type Bad } from '../schema/refusal';
import type { Shape } from '../schema/shape';

/** What is done with a field: it is served, it has no effect here, or it is refused with a fix. */
export type FieldFate = 'served' | 'no-effect' | { readonly refused: string };

/**
 * Fields of a kind by path, such as `spec.rules.matches.path.value`; items of a list stand for the
 * list. A path holds for everything below it that is not listed itself. `no-effect`: it does not
 * change who reaches whom.
 */
export type FieldTable = Readonly<Record<string, FieldFate>>;

/** Refused, with what to do. */
export const refused = (fix: string): FieldFate => ({ refused: fix });

/** What the tables say of a path: its own entry, or that of the nearest field above it. */
export function fateOf(table: FieldTable, path: string): FieldFate | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const fate = Object.hasOwn(table, at) ? table[at] : undefined;
    if (fate !== undefined) return fate;
  }
  return undefined;
}

/**
 * The value with its served fields alone. Reports each field that is refused, by name, and each
 * that the table does not know, with the nearest name. Absent, null and empty lists count as not
 * written.
 */
export function servedFields(value: unknown, at: At, table: FieldTable, path = ''): unknown {
  if (Array.isArray(value)) {
    return value.map((item, i) => servedFields(item, inside(at, i), table, path));
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    if (field === null || field === undefined) continue;
    const place = path === '' ? key : `${path}.${key}`;
    const fate = fateOf(table, place);
    const isParent = Object.keys(table).some((one) => one.startsWith(`${place}.`));
    if (fate === undefined && !isParent) {
      unknownField(inside(at, key), { key, path, table });
    } else if (typeof fate === 'object') {
      if (Array.isArray(field) && field.length === 0) continue;
      complain(inside(at, key), `${key} is not supported here`, fate.refused);
    } else if (fate === 'served' && !isParent) {
      kept[key] = field;
    } else if (isParent) {
      kept[key] = servedFields(field, inside(at, key), table, place);
    }
  }
  return kept;
}

/** A shape that is shown the served fields of `spec` alone; the others are reported by the table. */
export const tabled =
  <T>(table: FieldTable, shape: Shape<T>): Shape<T> =>
  (value, at): T | Bad => {
    if (typeof value !== 'object' || value === null || !('spec' in value)) return shape(value, at);
    const before = at.report.problems.length;
    const { spec } = servedFields({ spec: value.spec }, at, table) as { readonly spec?: unknown };
    const read = shape({ ...value, spec }, at);
    return at.report.problems.length === before ? read : BAD;
  };

function unknownField(
  at: At,
  { key, path, table }: { readonly key: string; readonly path: string; readonly table: FieldTable },
): void {
  const prefix = path === '' ? '' : `${path}.`;
  const known = Object.keys(table)
    .filter((one) => one.startsWith(prefix))
    .map((one) => one.slice(prefix.length).split('.')[0] ?? '');
  const meant = likely(key, [...new Set(known)]);
  const fix = meant === undefined ? 'remove it' : `write ${meant}`;
  complain(at, `there is no field '${key}' here`, fix);
}
