import type { Leftover, LeftoverKind } from '../../../lib/account/inventory/leftover';
import { sweep } from '../../../lib/account/teardown/sweep';
import { resultText } from '../../../lib/account/teardown/text';
import type { SweepEvent } from '../../../lib/account/teardown/types';
import { LAB_TAG } from '../../../lib/model/lab-tags';
import { pretendAccount, pretendClock, type Thing } from './pretend/account';
import { LAB } from './pretend/random';

const MINUTE = 60_000;
const thing = (kind: LeftoverKind, id: string, more: Partial<Thing> = {}): Thing => ({
  kind,
  id,
  name: '',
  tags: { [LAB_TAG]: LAB },
  vpcs: ['vpc-1'],
  perHour: 0,
  status: { kind: 'idle' },
  ...more,
});
const left = (result: { left: readonly { item: Leftover; reason: string | undefined }[] }) =>
  result.left.map(({ item, reason }) => `${item.id}: ${reason ?? 'no reason'}`);

test('what is refused outright is tried three times, reported with the words, and holds nobody up', async () => {
  const account = pretendAccount([
    thing('vpc', 'vpc-1'),
    thing('volume', 'vol-1'),
    thing('subnet', 's'),
  ]);
  let refused = 0;
  const stubborn = {
    ...account,
    remove: async (item: Leftover) => {
      if (item.kind !== 'volume') return account.remove(item);
      refused += 1;
      throw Object.assign(new Error('you are not authorized'), { name: 'UnauthorizedOperation' });
    },
  };
  const result = await sweep(stubborn, { lab: LAB, clock: pretendClock() });
  expect(left(result)).toEqual(['vol-1: UnauthorizedOperation: you are not authorized']);
  expect(refused).toBe(3);
});

test('what stays although its removal is accepted holds nobody up, and is reported', async () => {
  const account = pretendAccount([
    thing('vpc', 'vpc-1'),
    thing('subnet', 's'),
    thing('security-group', 'sg-1', { name: 'default' }),
  ]);
  const clock = pretendClock();
  const polite = {
    ...account,
    remove: async (item: Leftover) => {
      if (item.id !== 'sg-1') await account.remove(item);
    },
  };
  const gone: string[] = [];
  const onEvent = (event: SweepEvent): void => {
    if (event.kind === 'removed' && event.item.id !== 'sg-1')
      gone.push(`${event.item.id} ${clock.now() < MINUTE ? 'within a minute' : 'late'}`);
  };
  const result = await sweep(polite, { lab: LAB, clock, onEvent });
  expect(gone).toEqual(['s within a minute', 'vpc-1 within a minute']);
  expect(left(result)).toEqual(['sg-1: no reason']);
});

test('groups that name each other in a circle come apart', async () => {
  const names = (id: string, ...others: readonly string[]) =>
    thing('security-group', id, { names: others.map((other) => `security-group ${other}`) });
  const circle = [names('a', 'b'), names('b', 'c'), names('c', 'a', 'b')];
  const account = pretendAccount([thing('vpc', 'vpc-1'), ...circle]);
  expect((await sweep(account, { lab: LAB, clock: pretendClock() })).left).toEqual([]);
  expect([...account.things.keys()]).toEqual([]);
});

test('one empty look may be a stale answer: only two in a row are believed', async () => {
  const account = pretendAccount([thing('vpc', 'vpc-1')]);
  let looks = 0;
  const stale = {
    ...account,
    look: async (lab: string) => (looks++ === 0 ? [] : account.look(lab)),
  };
  const result = await sweep(stale, { lab: LAB, clock: pretendClock() });
  expect(result.left).toEqual([]);
  expect([...account.things.keys()]).toEqual([]);
});

test('what goes forever ends at the deadline, and is told', async () => {
  const clock = pretendClock();
  const account = pretendAccount([thing('cluster', LAB, { slow: Number.POSITIVE_INFINITY })]);
  const result = await sweep(account, { lab: LAB, clock, deadlineMs: 30 * MINUTE });
  expect(left(result)).toEqual([`${LAB}: no reason`]);
  expect(clock.now()).toBeGreaterThanOrEqual(30 * MINUTE);
  expect(clock.now()).toBeLessThan(31 * MINUTE);
});

test("an interface a function still holds is waited for before the network's stack is asked to go", async () => {
  const lambda = { kind: 'attached', to: 'lambda' } as const;
  const stack = thing('stack', 'arn', { name: `${LAB}-network`, vpcs: [] });
  const account = pretendAccount([stack, thing('network-interface', 'eni', { status: lambda })]);
  const clock = pretendClock();
  const slow = {
    ...account,
    look: async (lab: string) => {
      if (clock.now() > 9 * MINUTE) account.things.delete('network-interface eni');
      return account.look(lab);
    },
  };
  const events: SweepEvent[] = [];
  const onEvent = (event: SweepEvent) => events.push(event);
  expect((await sweep(slow, { lab: LAB, clock, onEvent })).left).toEqual([]);
  expect(account.asked).toEqual(['stack arn']);
  expect(events.filter(({ kind }) => kind === 'waiting').length).toBeGreaterThan(50);
});

test('a stack that fails again and again does not go round in circles', async () => {
  const failed = { kind: 'failed', reason: 'a custom resource does not answer' } as const;
  const account = pretendAccount([]);
  const stack = thing('stack', 'arn', { name: `${LAB}-cluster`, vpcs: [], status: failed });
  let asked = 0;
  const circles = {
    ...account,
    look: async () => [stack],
    remove: async () => {
      asked += 1;
    },
  };
  const result = await sweep(circles, { lab: LAB, clock: pretendClock() });
  expect(asked).toBe(3);
  expect(left(result)).toEqual(['arn: no reason']);
});

test('a kind nobody thought of is reported, after its service had a minute to forget it', async () => {
  const clock = pretendClock();
  const key = thing('other', 'arn:aws:kms:us-east-1:1:key/k', { vpcs: [] });
  const result = await sweep(pretendAccount([key]), { lab: LAB, clock });
  expect(left(result)).toEqual(['arn:aws:kms:us-east-1:1:key/k: no reason']);
  expect(clock.now()).toBeGreaterThanOrEqual(MINUTE);
  expect(clock.now()).toBeLessThan(2 * MINUTE);
});

test('an empty account is looked at twice, since one answer may be stale', async () => {
  const account = pretendAccount([]);
  let looks = 0;
  const counted = {
    ...account,
    look: async (lab: string) => {
      looks += 1;
      return account.look(lab);
    },
  };
  expect(left(await sweep(counted, { lab: LAB, clock: pretendClock() }))).toEqual([]);
  expect(looks).toBe(2);
});

test('credentials that expire in the middle: it stops, and what is left is listed', async () => {
  const account = pretendAccount([thing('vpc', 'vpc-1'), thing('subnet', 's')]);
  let looks = 0;
  const expiring = {
    ...account,
    look: async (lab: string) => {
      looks += 1;
      if (looks > 1) throw Object.assign(new Error('token expired'), { name: 'ExpiredToken' });
      return account.look(lab);
    },
  };
  const result = await sweep(expiring, { lab: LAB, clock: pretendClock() });
  expect(result.stopped).toBe('ExpiredToken: token expired');
  expect(left(result)).toEqual(['vpc-1: no reason', 's: no reason']);
  expect(resultText(result, { lab: LAB, region: 'us-east-1' })).toEqual(
    expect.arrayContaining([
      'stopped: ExpiredToken: token expired',
      'inventory: unknown; the last look found 2 left, $0.00 an hour',
    ]),
  );
});

test('credentials that were never valid are an error, not an inventory', async () => {
  const refuse = async () => {
    throw Object.assign(new Error('token expired'), { name: 'ExpiredToken' });
  };
  const account = { ...pretendAccount([]), look: refuse };
  await expect(sweep(account, { lab: LAB, clock: pretendClock() })).rejects.toThrow('expired');
});

test('a storm of 503 that ends after half an hour is survived', async () => {
  const clock = pretendClock();
  const account = pretendAccount([thing('vpc', 'vpc-1'), thing('subnet', 's')], () =>
    clock.now() < 30 * MINUTE ? 'refuse' : 'none',
  );
  expect(left(await sweep(account, { lab: LAB, clock }))).toEqual([]);
  expect(account.things.size).toBe(0);
});
