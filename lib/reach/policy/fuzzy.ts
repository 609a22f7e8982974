import { and, type Bits, isEmpty, or, without } from './bits';

/**
 * Which members match, with what cannot be told apart kept apart: `sure` ones do, `perhaps` ones
 * (disjoint from them, absent where there are none) may, and the rest do not.
 */
export interface Fuzzy {
  readonly sure: Bits;
  readonly perhaps?: Bits;
}

export const fuzzy = (sure: Bits, perhaps?: Bits): Fuzzy => {
  const rest = perhaps === undefined ? undefined : without(perhaps, sure);
  return rest === undefined || isEmpty(rest) ? { sure } : { sure, perhaps: rest };
};

/** Those that match or may. */
export const possible = (a: Fuzzy): Bits =>
  a.perhaps === undefined ? a.sure : or(a.sure, a.perhaps);

export const both = (a: Fuzzy, b: Fuzzy): Fuzzy =>
  a.perhaps === undefined && b.perhaps === undefined
    ? { sure: and(a.sure, b.sure) }
    : fuzzy(and(a.sure, b.sure), and(possible(a), possible(b)));

export const either = (a: Fuzzy, b: Fuzzy): Fuzzy =>
  a.perhaps === undefined && b.perhaps === undefined
    ? { sure: or(a.sure, b.sure) }
    : fuzzy(or(a.sure, b.sure), or(possible(a), possible(b)));

/** Those that do not match; what may match may also not. */
export const complement = (all: Bits, a: Fuzzy): Fuzzy =>
  fuzzy(without(all, possible(a)), a.perhaps);
