import { hash32, hash64 } from '../../lib/model/hash';
import { lazy, lazyTable } from '../../lib/model/lazy';
import { EPHEMERAL_PORTS, UNPRIVILEGED_PORTS } from '../../lib/model/ports';
import { numberEqual, uniqueBy } from '../../lib/model/unique';

test('of items with one key the last is kept, in the place of the first', () => {
  const items = ['a1', 'b1', 'a2', 'c1'];
  expect(uniqueBy(items, (item) => item[0])).toEqual(['a2', 'b1', 'c1']);
  expect(uniqueBy([], String)).toEqual([]);
});

test('equal keys get equal numbers, in the order they appear', () => {
  expect(numberEqual(['x', 'y', 'x', 'z', 'y'])).toEqual({ of: [0, 1, 0, 2, 1], first: [0, 1, 3] });
  expect(numberEqual(Int32Array.of(7, 7, 3))).toEqual({ of: [0, 0, 1], first: [0, 2] });
});

test('FNV-1a as its authors publish it', () => {
  // Noll, "FNV hash": test vectors of FNV-1a, 32 bits.
  expect(hash32('')).toBe('811c9dc5');
  expect(hash32('a')).toBe('e40c292c');
  expect(hash32('foobar')).toBe('bf9cf968');
  expect(hash64('foobar').slice(0, 8)).toBe(hash32('foobar'));
  expect(hash64('foobar')).toHaveLength(16);
  expect(hash64('foobaz').slice(8)).not.toBe(hash64('foobar').slice(8));
});

test('an entry of a table is made once, also where it is undefined', () => {
  const asked: string[] = [];
  const table = lazyTable(
    (name: string) => {
      asked.push(name);
      return name === 'none' ? undefined : name.length;
    },
    (name) => name.toLowerCase(),
  );
  expect(['four', 'FOUR', 'none', 'none'].map(table)).toEqual([4, 4, undefined, undefined]);
  expect(asked).toEqual(['four', 'none']);
  let made = 0;
  const value = lazy(() => {
    made += 1;
  });
  value();
  value();
  expect(made).toBe(1);
});

test('client ports are what the kernel and the VPC guide say', () => {
  // ip-sysctl, net.ipv4.ip_local_port_range; VPC user guide, "Ephemeral ports".
  expect(EPHEMERAL_PORTS).toEqual({ first: 32_768, last: 60_999 });
  expect(UNPRIVILEGED_PORTS).toEqual({ first: 1024, last: 65_535 });
});
