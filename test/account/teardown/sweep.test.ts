import fc from 'fast-check';
import { keyOf } from '../../../lib/account/inventory/leftover';
import { planSweep, sweep } from '../../../lib/account/teardown/sweep';
import { pretendAccount, pretendClock, type Thing } from './pretend/account';
import { accounts, accountsOf, LAB, type Made } from './pretend/random';

const keysOf = (made: readonly Made[], ...truths: readonly Made['truth'][]): readonly string[] =>
  made
    .filter(({ truth }) => truths.includes(truth))
    .map(({ thing }) => keyOf(thing))
    .sort();
const thingsOf = (made: readonly Made[]): readonly Thing[] => made.map(({ thing }) => thing);
const options = () => ({ lab: LAB, clock: pretendClock() });
/** Guests hold their VPC for ever: what a sweep tries for forty minutes, it tries for two here. */
const impatient = () => ({ ...options(), patienceMs: 60_000 });

test('what is removed is exactly what is ours, whatever the account holds', async () => {
  await fc.assert(
    fc.asyncProperty(accounts, async (made) => {
      const withoutGuests = made.filter(({ truth }) => truth !== 'guest');
      const account = pretendAccount(thingsOf(withoutGuests));
      const planned = (await planSweep(account, LAB)).ours.map(keyOf).sort();
      const { left } = await sweep(account, options());

      expect(left).toEqual([]);
      expect([...account.things.keys()].sort()).toEqual(keysOf(withoutGuests, 'neighbour'));
      expect([...new Set(account.asked)].sort()).toEqual(keysOf(withoutGuests, 'mine'));
      expect(planned).toEqual(keysOf(withoutGuests, 'mine'));
    }),
    { numRuns: 300 },
  );
});

test('guests in the VPC are reported, never asked to go, and keep only what holds them', async () => {
  await fc.assert(
    fc.asyncProperty(accounts, async (made) => {
      const account = pretendAccount(thingsOf(made));
      const { left, foreign } = await sweep(account, impatient());

      const mine = keysOf(made, 'mine');
      expect(account.asked.filter((key) => !mine.includes(key))).toEqual([]);
      expect([...account.things.keys()]).toEqual(
        expect.arrayContaining([...keysOf(made, 'guest', 'neighbour')]),
      );
      expect(foreign.map(({ item }) => keyOf(item))).toEqual(
        expect.arrayContaining([...keysOf(made, 'guest')]),
      );
      const holds = left.filter(
        ({ item }) => !['vpc', 'subnet', 'security-group'].includes(item.kind),
      );
      expect(holds).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('throttled at every third call, it still ends empty', async () => {
  await fc.assert(
    fc.asyncProperty(accounts, fc.infiniteStream(fc.nat(99)), async (made, dice) => {
      const mine = made.filter(({ truth }) => truth !== 'guest');
      const account = pretendAccount(thingsOf(mine), () =>
        (dice.next().value ?? 0) < 30 ? 'refuse' : 'none',
      );
      expect((await sweep(account, options())).left).toEqual([]);
      expect([...account.things.keys()].sort()).toEqual(keysOf(mine, 'neighbour'));
    }),
    { numRuns: 100 },
  );
});

test('cut off at every single call in turn, the next run ends empty', async () => {
  const large = accountsOf({ minLength: 25, maxLength: 30 });
  const [made = []] = fc.sample(large, { numRuns: 1, seed: 7 });
  const mine = made.filter(({ truth }) => truth !== 'guest');
  const whole = pretendAccount(thingsOf(mine));
  await sweep(whole, options());
  expect(whole.calls()).toBeGreaterThan(20);

  for (let at = 0; at < whole.calls(); at++) {
    for (const cut of ['cut-before', 'cut-after'] as const) {
      // Whether the cut came before or after the call took effect, the process is gone.
      const account = pretendAccount(thingsOf(mine), (call) => (call === at ? cut : 'none'));
      const dying = { ...account, isBlocked: () => false, remove: account.remove };
      await sweep(dying, options()).catch(() => undefined);
      expect((await sweep(account, options())).left).toEqual([]);
      expect([...account.things.keys()].sort()).toEqual(keysOf(mine, 'neighbour'));
    }
  }
});

test('an account nobody can look at is a failure, not an empty inventory', async () => {
  const account = pretendAccount([], () => 'refuse');
  await expect(sweep(account, options())).rejects.toThrow('could not be looked at');
});

test('sweeping an empty account asks for nothing', async () => {
  const account = pretendAccount([]);
  expect(await sweep(account, options())).toEqual({ removed: [], left: [], foreign: [] });
  expect(account.asked).toEqual([]);
});
