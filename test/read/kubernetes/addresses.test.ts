import { formatCidr, ip } from '../../../lib/model/address';
import { FIRST_POD, poolFrom, serviceBlock } from '../../../lib/read/kubernetes/addresses';

test.each`
  given                            | block                | why
  ${[]}                            | ${'172.20.0.0/16'}   | ${'EKS user guide: the default'}
  ${['172.20.9.1']}                | ${'172.20.0.0/16'}   | ${'the default holds it'}
  ${['10.100.0.1']}                | ${'10.100.0.0/16'}   | ${'EKS: where the VPC lies in 172.16.0.0/12'}
  ${['10.96.0.1']}                 | ${'10.96.0.0/12'}    | ${'kubeadm'}
  ${['10.43.0.1']}                 | ${'10.43.0.0/16'}    | ${'k3s'}
  ${['10.100.0.1', '10.96.0.1']}   | ${'10.96.0.0/12'}    | ${'a block must hold every address, not one of them'}
  ${['192.168.0.1']}               | ${'172.20.0.0/16'}   | ${'no known block holds it'}
  ${['fd00:abcd::1', '10.96.0.1']} | ${'fd00:abcd::/108'} | ${'the family of the first'}
`('Services at $given lie in $block: $why', ({ given, block }) => {
  expect(formatCidr(serviceBlock(given.map(ip), 4))).toBe(block);
});

test('a cluster of IPv6 has a block of unique local addresses', () => {
  expect(formatCidr(serviceBlock([], 6))).toBe('fd00:20::/108');
});

test('a pool leaves out what is taken, what lies in a block to avoid, .0 and .255', () => {
  const taken = new Set([ip('10.0.1.1')]);
  const pool = poolFrom(FIRST_POD[4], taken, [{ address: ip('10.0.1.4'), prefix: 30 }]);
  expect(Array.from({ length: 3 }, () => pool.next())).toEqual([
    '10.0.1.2',
    '10.0.1.3',
    '10.0.1.8',
  ]);
  const end = poolFrom(ip('10.0.1.254'), new Set());
  expect([end.next(), end.next()]).toEqual(['10.0.1.254', '10.0.2.1']);
});

test('a pool passes over any number of taken addresses', () => {
  const taken = new Set(
    Array.from({ length: 60_000 }, (_, i) => ip(`10.0.${Math.floor(i / 256)}.${i % 256}`)),
  );
  expect(poolFrom(ip('10.0.0.1'), taken).next()).toBe('10.0.234.96');
});
