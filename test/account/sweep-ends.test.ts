import type { Kind, Leftover } from '../../lib/account/leftover';
import { type SweepEvent, sweep } from '../../lib/account/sweep';
import { LAB_TAG } from '../../lib/model/lab-tags';
import { pretendAccount, pretendClock, type Thing } from './pretend/account';
import { LAB } from './pretend/random';

const MINUTE = 60_000;
const thing = (kind: Kind, id: string, more: Partial<Thing> = {}): Thing => ({
  ...{ kind, id, name: '', tags: { [LAB_TAG]: LAB }, vpcs: ['vpc-1'], perHour: 0 },
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
