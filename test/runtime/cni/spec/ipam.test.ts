import fc from 'fast-check';
import { cidr, contains, ip } from '../../../../lib/model/address';
import {
  heldBy,
  type Leases,
  lease,
  leaseRequested,
  NO_LEASES,
  nextFree,
  release,
  type Source,
} from '../../../../lib/runtime/cni/spec/ipam';

const pool = cidr('10.244.0.0/24');
const source = (node: string): Source => ({
  pool,
  blockPrefix: 30,
  node,
  exclude: [],
  inUse: new Set(),
});
const container = (n: number) => ({ containerId: `c${n}`, ifname: 'eth0' });

/** Leases one address for each node named, in that order. */
function leaseFor(nodes: readonly string[]): {
  readonly leases: Leases;
  readonly given: readonly string[];
} {
  let leases = NO_LEASES;
  const given = nodes.flatMap((node, n) => {
    const got = lease(leases, source(node), container(n));
    leases = got?.leases ?? leases;
    return got === undefined ? [] : [got.address];
  });
  return { leases, given };
}

describe('addresses in blocks a node', () => {
  test('a node fills its block before it claims another; the pool has no first and last address', () => {
    expect(leaseFor(['a', 'a', 'b', 'a', 'a', 'b'])).toEqual({
      given: ['10.244.0.1', '10.244.0.2', '10.244.0.4', '10.244.0.3', '10.244.0.8', '10.244.0.5'],
      leases: {
        blocks: { '10.244.0.0/30': 'a', '10.244.0.4/30': 'b', '10.244.0.8/30': 'a' },
        holders: {
          '10.244.0.1': container(0),
          '10.244.0.2': container(1),
          '10.244.0.4': container(2),
          '10.244.0.3': container(3),
          '10.244.0.8': container(4),
          '10.244.0.5': container(5),
        },
        last: { '10.244.0.0/24 a': '10.244.0.8', '10.244.0.0/24 b': '10.244.0.5' },
      },
    });
  });

  test('a pool gives all it has, and then says so', () => {
    const { given, leases } = leaseFor(Array<string>(300).fill('a'));
    expect(given).toHaveLength(254);
    expect(nextFree(leases, source('a'))).toBeUndefined();
    expect(lease(leases, source('b'), container(0))).toBeUndefined();
  });

  test('a released address rests until the others were given; an empty block is free for any node', () => {
    const { leases } = leaseFor(['a', 'a', 'b']);
    const less = release(leases, ({ containerId }) => containerId === 'c2');
    expect(less).toMatchObject({
      blocks: { '10.244.0.4/30': 'b' },
      holders: { '10.244.0.4': container(2) },
    });
    expect(nextFree(less, source('z'))?.address).toBe('10.244.0.1');
    expect(nextFree(less, source('a'))?.address).toBe('10.244.0.3');
  });

  const at = (leases: Leases, more: Partial<Source>, address?: string) =>
    address === undefined
      ? lease(leases, { ...source('a'), ...more }, container(9))
      : leaseRequested(
          leases,
          { ...source('a'), ...more },
          { address: ip(address), attachment: container(9) },
        );

  test.each`
    what                                   | nodes    | more                                      | address         | given
    ${'an excluded block'}                 | ${[]}    | ${{ exclude: [cidr('10.244.0.0/28')] }}   | ${undefined}    | ${'10.244.0.16'}
    ${'addresses that the host uses'}      | ${[]}    | ${{ inUse: new Set([ip('10.244.0.1')]) }} | ${undefined}    | ${'10.244.0.2'}
    ${'a pool that replaced another'}      | ${['a']} | ${{ pool: cidr('10.250.0.0/24') }}        | ${undefined}    | ${'10.250.0.1'}
    ${'larger blocks beside small ones'}   | ${['b']} | ${{ blockPrefix: 26 }}                    | ${undefined}    | ${'10.244.0.64'}
    ${'a requested address'}               | ${['a']} | ${{}}                                     | ${'10.244.0.9'} | ${'10.244.0.9'}
    ${'a requested address that is taken'} | ${['a']} | ${{}}                                     | ${'10.244.0.1'} | ${'taken'}
    ${'a requested address elsewhere'}     | ${[]}    | ${{}}                                     | ${'192.0.2.1'}  | ${'outside'}
    ${'the first address of the pool'}     | ${[]}    | ${{}}                                     | ${'10.244.0.0'} | ${'reserved'}
    ${'a requested address of the host'}   | ${[]}    | ${{ inUse: new Set([ip('10.244.0.9')]) }} | ${'10.244.0.9'} | ${'reserved'}
    ${"a requested address of node b's"}   | ${['b']} | ${{}}                                     | ${'10.244.0.2'} | ${'other-node'}
  `('$what: $given', ({ nodes, more, address, given }) => {
    const got = at(leaseFor(nodes).leases, more, address);
    expect(got !== undefined && ('kind' in got ? got.kind : got.address)).toBe(given);
  });

  test('IPv6 pools work alike', () => {
    const six = { ...source('a'), pool: cidr('fd00:10::/112'), blockPrefix: 122 };
    expect(lease(NO_LEASES, six, container(1))).toEqual({
      address: ip('fd00:10::1'),
      leases: {
        blocks: { 'fd00:10::/122': 'a' },
        holders: { 'fd00:10::1': container(1) },
        last: { 'fd00:10::/112 a': 'fd00:10::1' },
      },
    });
  });

  const step = fc.record({
    node: fc.constantFrom('a', 'b', 'c'),
    n: fc.nat(40),
    gives: fc.boolean(),
  });
  test('whatever comes and goes: nobody shares an address, and each is in a block of its node', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        let leases = NO_LEASES;
        const nodeOf = new Map<string, string>();
        for (const { node, n, gives } of steps) {
          const [held] = heldBy(leases, container(n));
          if (gives) {
            leases = release(leases, ({ containerId }) => containerId !== `c${n}`);
            if (held !== undefined) nodeOf.delete(held);
          } else if (held === undefined) {
            const got = lease(leases, source(node), container(n));
            if (got === undefined) continue;
            expect(got.address in leases.holders).toBe(false);
            nodeOf.set(got.address, node);
            leases = got.leases;
          }
        }
        expect(Object.keys(leases.holders).sort()).toEqual([...nodeOf.keys()].sort());
        for (const [address, node] of nodeOf) {
          const block = Object.keys(leases.blocks).find((text) =>
            contains(cidr(text), ip(address)),
          );
          expect(leases.blocks[block ?? '']).toBe(node);
        }
      }),
    );
  });
});
