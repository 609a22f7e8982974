import { type Labels, matches, NAMESPACE_LABEL, type Selector } from '../model/selector';
import {
  addTo,
  and,
  type Bits,
  bitsWhere,
  emptyBits,
  forEachBit,
  fullBits,
  or,
  setBit,
  without,
} from './bits';

/** Finds the members of which at least one label set matches a selector. */
export type LabelIndex = (selector: Selector) => Bits;

/** Up to so many members, asking each is cheaper than building an index. */
const FEW = 8;

/** An index over members; each has no, one or several label sets. */
export function createLabelIndex(members: readonly (readonly Labels[])[]): LabelIndex {
  if (members.length <= FEW) {
    return (selector) =>
      bitsWhere(members.length, (i) => (members[i] ?? []).some((set) => matches(selector, set)));
  }
  const evaluate = createEvaluator(members.flat());
  const owners = members.flatMap((sets, member) => sets.map(() => member));
  const memo = new Map<Selector, Bits>();
  return (selector) => {
    const known = memo.get(selector);
    if (known !== undefined) return known;
    const result = emptyBits(members.length);
    forEachBit(evaluate(selector), (index) => setBit(result, owners[index] ?? 0));
    memo.set(selector, result);
    return result;
  };
}

type Values = ReadonlyMap<string, Bits>;

/** Selectors over label sets, by set operations on an inverted index. */
function createEvaluator(sets: readonly Labels[]): (selector: Selector) => Bits {
  const size = sets.length;
  const all = fullBits(size);
  const index = invert(sets);
  const valuesOf = (label: string): Values => index.get(label) ?? new Map();
  const where = (label: string, test: (value: string) => boolean): Bits => {
    const result = emptyBits(size);
    for (const [value, bits] of valuesOf(label)) if (test(value)) addTo(result, bits);
    return result;
  };
  const oneOf = (label: string, values: readonly string[]): Bits => {
    const result = emptyBits(size);
    for (const value of values) addTo(result, valuesOf(label).get(value) ?? emptyBits(size));
    return result;
  };
  const evaluate = (selector: Selector): Bits => {
    switch (selector.kind) {
      case 'all':
        return all;
      case 'global':
        return without(
          all,
          where(NAMESPACE_LABEL, () => true),
        );
      case 'and':
        return selector.operands.map(evaluate).reduce(and, all);
      case 'or':
        return selector.operands.map(evaluate).reduce(or, emptyBits(size));
      case 'not':
        return without(all, evaluate(selector.operand));
      case 'has':
        return where(selector.label, () => true);
      case 'equals':
        return oneOf(selector.label, [selector.value]);
      case 'not-equals':
        return without(all, oneOf(selector.label, [selector.value]));
      case 'in':
        return oneOf(selector.label, selector.values);
      case 'not-in':
        return without(all, oneOf(selector.label, selector.values));
      case 'contains':
        return where(selector.label, (value) => value.includes(selector.value));
      case 'starts-with':
        return where(selector.label, (value) => value.startsWith(selector.value));
      case 'ends-with':
        return where(selector.label, (value) => value.endsWith(selector.value));
    }
  };
  return evaluate;
}

function invert(sets: readonly Labels[]): ReadonlyMap<string, Values> {
  const index = new Map<string, Map<string, Bits>>();
  sets.forEach((labels, i) => {
    for (const [label, value] of Object.entries(labels)) {
      const values = index.get(label) ?? new Map<string, Bits>();
      const bits = values.get(value) ?? emptyBits(sets.length);
      setBit(bits, i);
      index.set(label, values.set(value, bits));
    }
  });
  return index;
}
