import fc from 'fast-check';
import {
  complement,
  everything,
  intersection,
  isEverything,
  ofCidrs,
  spanTexts,
  union,
} from '../../../lib/dataplane/nft/ranges';
import { cidr, contains, type Ip, ipFromBits } from '../../../lib/model/address';

/** A block inside 10.0.0.0/27, so that every address of the neighbourhood can be tried. */
const block = fc
  .tuple(fc.integer({ min: 27, max: 32 }), fc.integer({ min: 0, max: 31 }))
  .map(([prefix, offset]) => {
    const size = 2 ** (32 - prefix);
    return cidr(`10.0.0.${Math.floor(offset / size) * size}/${prefix}`);
  });
const blocks = fc.array(block, { maxLength: 6 });
const neighbourhood = Array.from({ length: 34 }, (_, i) =>
  ipFromBits(0x0a000000n - 1n + BigInt(i), 4),
);

const holds = (set: ReturnType<typeof ofCidrs>, address: Ip): boolean =>
  intersection(set, ofCidrs(4, [cidr(`${address}/32`)])).spans.length > 0;

test('sets of addresses agree with asking each block for each address', () => {
  fc.assert(
    fc.property(blocks, blocks, (some, others) => {
      const a = ofCidrs(4, some);
      const b = ofCidrs(4, others);
      for (const address of neighbourhood) {
        const inA = some.some((one) => contains(one, address));
        const inB = others.some((one) => contains(one, address));
        expect(holds(a, address)).toBe(inA);
        expect(holds(complement(a), address)).toBe(!inA);
        expect(holds(union(4, [a, b]), address)).toBe(inA || inB);
        expect(holds(intersection(a, b), address)).toBe(inA && inB);
      }
    }),
    { numRuns: 50 },
  );
});

test.each`
  blocks                              | texts
  ${['10.0.0.0/8']}                   | ${['10.0.0.0/8']}
  ${['10.0.0.1/32']}                  | ${['10.0.0.1']}
  ${['10.0.0.0/9', '10.128.0.0/9']}   | ${['10.0.0.0/9', '10.128.0.0/9']}
  ${['10.0.0.0/24', '10.0.1.128/25']} | ${['10.0.0.0/24', '10.0.1.128/25']}
  ${['10.0.0.1/32', '10.0.0.2/32']}   | ${['10.0.0.1', '10.0.0.2']}
`('$blocks is written $texts', ({ blocks: given, texts }) => {
  expect(spanTexts(ofCidrs(4, given.map(cidr)))).toEqual(texts);
});

test('what a block leaves out of everything', () => {
  expect(spanTexts(complement(ofCidrs(4, [cidr('10.0.0.0/8')])))).toEqual([
    '0.0.0.0-9.255.255.255',
    '11.0.0.0-255.255.255.255',
  ]);
  expect(isEverything(complement(complement(everything(6))))).toBe(true);
});
