import fc from 'fast-check';
import {
  bitsOf,
  type Cidr,
  cidr,
  contains,
  formatCidr,
  ipFromBits,
  overlaps,
  parseCidr,
  parseIp,
  rangeOf,
  within,
} from '../../lib/model/address';

describe('an address is parsed strictly', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['10.0.0.256', undefined],
    ['010.0.0.1', undefined],
    ['10.0.0', undefined],
    ['1x.2.3.4', undefined],
    ['10.0.0.1 ', undefined],
    ['', undefined],
    ['1:2:3', undefined],
    ['1::2::3', undefined],
    ['12345::', undefined],
    ['1:2:3:4:5:6:7:8:9', undefined],
    ['1:2:3:4::5:6:7:8', undefined],
    ['::10.0.0.256', undefined],
  ])('%p is %p', (text, expected) => {
    expect(parseIp(text)).toBe(expected);
  });

  test('text and bits are inverses, for both families', () => {
    const four = fc.bigInt({ min: 0n, max: (1n << 32n) - 1n });
    const six = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
    fc.assert(fc.property(four, (bits) => expect(bitsOf(ipFromBits(bits, 4))).toBe(bits)));
    fc.assert(fc.property(six, (bits) => expect(bitsOf(ipFromBits(bits, 6))).toBe(bits)));
  });
});

describe('a block is refused with the repair', () => {
  test.each([
    ['10.0.0.5/24', { problem: "'10.0.0.5/24' has host bits set", fix: 'write 10.0.0.0/24' }],
    [
      '10.0.0.0/33',
      { problem: "'10.0.0.0/33' has no prefix of 0 to 32", fix: 'write 10.0.0.0/32' },
    ],
    [
      '10.0.0.0/08',
      { problem: "'10.0.0.0/08' has no prefix of 0 to 32", fix: 'write 10.0.0.0/32' },
    ],
    [
      '10.0.0.0',
      { problem: "'10.0.0.0' is not a CIDR block", fix: 'write address/prefix, like 10.0.0.0/16' },
    ],
    [
      '10.0.0.0/8/8',
      {
        problem: "'10.0.0.0/8/8' is not a CIDR block",
        fix: 'write address/prefix, like 10.0.0.0/16',
      },
    ],
  ])('%s', (text, expected) => {
    expect(parseCidr(text)).toEqual(expected);
  });
});

const block = fc
  .tuple(fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }), fc.integer({ min: 0, max: 32 }))
  .map(([bits, prefix]): Cidr => {
    const rest = BigInt(32 - prefix);
    return { address: ipFromBits((bits >> rest) << rest, 4), prefix };
  });

describe('blocks', () => {
  test('contain exactly the addresses of their range', () => {
    const bits = fc.bigInt({ min: 0n, max: (1n << 32n) - 1n });
    fc.assert(
      fc.property(block, bits, (a, b) => {
        const [first, last] = rangeOf(a);
        expect(contains(a, ipFromBits(b, 4))).toBe(first <= b && b <= last);
      }),
    );
  });

  test('overlap exactly where their ranges do, and are within themselves', () => {
    fc.assert(
      fc.property(block, block, (a, b) => {
        const [firstA, lastA] = rangeOf(a);
        const [firstB, lastB] = rangeOf(b);
        expect(overlaps(a, b)).toBe(firstA <= lastB && firstB <= lastA);
        expect(within(a, a)).toBe(true);
        expect(parseCidr(formatCidr(a))).toEqual(a);
      }),
    );
  });

  test('of one family hold no address of the other', () => {
    expect(contains(cidr('0.0.0.0/0'), ipFromBits(1n, 6))).toBe(false);
    expect(contains(cidr('::/0'), ipFromBits(1n, 4))).toBe(false);
  });
});
