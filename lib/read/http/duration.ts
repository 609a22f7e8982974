import { mapped, parsed, type Shape } from '../schema/shape';

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A duration such as `1m30s`, in milliseconds (Gateway API: Duration, GEP-2257). */
export const durationMs: Shape<number> = mapped(
  parsed<{ readonly ms: number }>((value) => {
    if (!/^(\d{1,5}(h|ms|m|s)){1,4}$/.test(value)) {
      return { problem: `'${value}' is not a duration`, fix: 'write one like 500ms or 1m30s' };
    }
    const parts = [...value.matchAll(/(\d{1,5})(h|ms|m|s)/g)];
    const ms = parts.reduce((sum, [, number, unit = '']) => {
      return sum + Number(number) * (UNIT_MS[unit] ?? 0);
    }, 0);
    return { ms };
  }),
  ({ ms }) => ms,
);
