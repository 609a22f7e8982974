import fc from 'fast-check';
import { bitsOf, cidr, contains, ip } from '../../../lib/model/address';
import { tally } from '../../../lib/model/tally';
import {
  and,
  type Bits,
  bitsWhere,
  covers,
  forEachBit,
  fullBits,
  hasBit,
  isEmpty,
  meets,
  or,
  without,
} from '../../../lib/reach/policy/bits';
import { partition } from '../../../lib/reach/policy/partition';
import { createStretches } from '../../../lib/reach/policy/stretches';

/** Sizes around the ends of a word of 32. */
const size = fc.constantFrom(1, 31, 32, 33, 64, 70);

const members = (bits: Bits): readonly number[] => {
  const found: number[] = [];
  forEachBit(bits, (index) => found.push(index));
  return found;
};

test('bits do what sets of numbers do', () => {
  fc.assert(
    fc.property(size, fc.array(fc.nat(69)), fc.array(fc.nat(69)), (count, first, second) => {
      const a = bitsWhere(count, (i) => first.includes(i));
      const b = bitsWhere(count, (i) => second.includes(i));
      const all = Array.from({ length: count }, (_, i) => i);
      const where = (test: (i: number) => boolean) => all.filter(test);
      expect(members(fullBits(count))).toEqual(all);
      expect(members(and(a, b))).toEqual(where((i) => first.includes(i) && second.includes(i)));
      expect(members(or(a, b))).toEqual(where((i) => first.includes(i) || second.includes(i)));
      expect(members(without(a, b))).toEqual(
        where((i) => first.includes(i) && !second.includes(i)),
      );
      expect(meets(a, b)).toBe(members(and(a, b)).length > 0);
      expect(covers(a, b)).toBe(members(without(b, a)).length === 0);
      expect(isEmpty(a)).toBe(members(a).length === 0);
      expect(all.filter((i) => hasBit(a, i))).toEqual(members(a));
    }),
  );
  expect(isEmpty(fullBits(0))).toBe(true);
});

test('a class holds those that every set holds or leaves out together', () => {
  fc.assert(
    fc.property(size, fc.array(fc.array(fc.nat(69)), { maxLength: 6 }), (count, lists) => {
      const sets = lists.map((list) => bitsWhere(count, (i) => list.includes(i)));
      const { of, first } = partition(count, sets);
      const signature = (i: number): string => sets.map((set) => (hasBit(set, i) ? 1 : 0)).join('');
      for (let i = 0; i < count; i++) {
        expect(signature(first[of[i] ?? -1] ?? -1)).toBe(signature(i));
      }
      expect(first.length).toBe(new Set(of.map((_, i) => signature(i))).size);
    }),
  );
});

test('addresses of one stretch lie in the same blocks', () => {
  const blocks = ['10.0.0.0/8', '10.0.1.0/24', '10.0.1.128/25', '10.0.1.7/32', '0.0.0.0/0'].map(
    cidr,
  );
  const stretch = createStretches(blocks);
  const address = fc
    .tuple(fc.constantFrom(0, 1, 2), fc.nat(255))
    .map(([c, d]) => ip(`10.0.${c}.${d}`));
  fc.assert(
    fc.property(address, address, (a, b) => {
      const inSame = blocks.every((block) => contains(block, a) === contains(block, b));
      if (stretch(bitsOf(a)) === stretch(bitsOf(b))) expect(inSame).toBe(true);
    }),
  );
  const placed = ['10.0.1.6', '10.0.1.7', '10.0.1.8'].map((text) => stretch(bitsOf(ip(text))));
  expect(new Set(placed).size).toBe(3);
});

test('a tally counts what a look at every flow would', () => {
  const column = fc.array(fc.record({ group: fc.nat(2), kind: fc.nat(2) }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(column, column, fc.boolean(), (sources, targets, isOdd) => {
      const side = (all: typeof sources) => ({
        group: all.map(({ group }) => group),
        kind: all.map(({ kind }) => kind),
      });
      const answer = (s: number, t: number): number =>
        (sources[s]?.kind ?? 0) * 3 + (targets[t]?.kind ?? 0);
      const exceptions = isOdd ? [{ source: 0, target: 0, answer: undefined }] : [];
      const counted = tally(side(sources), side(targets), { answer, exceptions });
      const expected = new Map<string, number>();
      sources.forEach((source, s) => {
        targets.forEach((target, t) => {
          if (isOdd && s === 0 && t === 0) return;
          const key = `${source.group} ${target.group} ${answer(s, t)}`;
          expected.set(key, (expected.get(key) ?? 0) + 1);
        });
      });
      const found = counted.map((c) => [`${c.source} ${c.target} ${c.answer}`, c.flows] as const);
      expect(new Map(found)).toEqual(expected);
    }),
  );
});
