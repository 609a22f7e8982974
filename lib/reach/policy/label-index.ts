import { lazyTable } from '../../model/lazy';
import { type Labels, matches, NAMESPACE_LABEL, type Selector } from '../../model/selector';
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

/** Up to this many members, matching each one is cheaper than building an index. */
const FEW = 8;

/** An index over members; each has no, one or several label sets. */
export function createLabelIndex(members: readonly (readonly Labels[])[]): LabelIndex {
  if (members.length <= FEW) {
    return (selector) =>
      bitsWhere(members.length, (i) => (members[i] ?? []).some((set) => matches(selector, set)));
  }
  const evaluate = createEvaluator(members.flat());
  const owners = members.flatMap((sets, member) => sets.map(() => member));
  return lazyTable((selector) => {
    const result = emptyBits(members.length);
    forEachBit(evaluate(selector), (index) => setBit(result, owners[index] ?? 0));
    return result;
  });
}

type Values = ReadonlyMap<string, Bits>;

/** Selectors over label sets, by set operations on an inverted index. */
function createEvaluator(sets: readonly Labels[]): (selector: Selector) => Bits {
  const size = sets.length;
  const all = fullBits(size);
  const label = createLabelTests(sets);
  const evaluate = (selector: Selector): Bits => {
    switch (selector.kind) {
      case 'all':
        return all;
      case 'global':
        return without(
          all,
          label.where(NAMESPACE_LABEL, () => true),
        );
      case 'and':
        return selector.operands.map(evaluate).reduce(and, all);
      case 'or':
        return selector.operands.map(evaluate).reduce(or, emptyBits(size));
      case 'not':
        return without(all, evaluate(selector.operand));
      case 'not-equals':
        return without(all, label.oneOf(selector.label, [selector.value]));
      case 'not-in':
        return without(all, label.oneOf(selector.label, selector.values));
      case 'equals':
        return label.oneOf(selector.label, [selector.value]);
      case 'in':
        return label.oneOf(selector.label, selector.values);
      case 'has':
      case 'contains':
      case 'starts-with':
      case 'ends-with':
        return label.where(selector.label, (value) => hasValue(selector, value));
    }
  };
  return evaluate;
}

/** Tests that any value of a label may pass. */
type ValueTest = Extract<
  Selector,
  { readonly kind: 'has' | 'contains' | 'starts-with' | 'ends-with' }
>;

function hasValue(test: ValueTest, value: string): boolean {
  switch (test.kind) {
    case 'has':
      return true;
    case 'contains':
      return value.includes(test.value);
    case 'starts-with':
      return value.startsWith(test.value);
    case 'ends-with':
      return value.endsWith(test.value);
  }
}

/** The two lookups of an index of labels: by some values, or by a test on the values. */
function createLabelTests(sets: readonly Labels[]) {
  const size = sets.length;
  const index = invert(sets);
  const valuesOf = (label: string): Values => index.get(label) ?? new Map();
  return {
    where: (label: string, test: (value: string) => boolean): Bits => {
      const result = emptyBits(size);
      for (const [value, bits] of valuesOf(label)) if (test(value)) addTo(result, bits);
      return result;
    },
    oneOf: (label: string, values: readonly string[]): Bits => {
      const result = emptyBits(size);
      for (const value of values) addTo(result, valuesOf(label).get(value) ?? emptyBits(size));
      return result;
    },
  };
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
