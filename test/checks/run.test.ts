import { isPassed, runChecks } from '../../lib/checks/run';
import {
  type AttemptsMade,
  answered,
  type MadeAttempt,
  missing,
  notHere,
  type Target,
  type TargetAnswer,
} from '../../lib/checks/target';
import type { Check } from '../../lib/lab/check';
import { elsewhere, right, wrong } from '../../lib/lab/check-result';
import { advance } from '../../lib/lab/progress';
import { allowed, denied } from '../../lib/lab/words';
import type { Outcome } from '../../lib/model/observation';

const NOT_ASKED = 'this target was not made for it';

/** A target that can only attempt, and counts how often it is asked to prove enforcement. */
function createTarget(attempt: Target['attempt'] = async () => []) {
  const asked = { enforcement: 0, attempts: 0 };
  const target: Target = {
    proveEnforcement: async () => {
      asked.enforcement += 1;
    },
    attempt: (checks) => {
      asked.attempts += 1;
      return attempt(checks);
    },
    resolve: async () => notHere(NOT_ASKED),
    addressesOf: async () => [],
    requestHttp: async () => notHere(NOT_ASKED),
    requestMany: async () => notHere(NOT_ASKED),
    isAnswerOf: () => false,
    watch: async () => notHere(NOT_ASKED),
    runOn: async () => notHere(NOT_ASKED),
    readObject: async () => notHere(NOT_ASKED),
    tryManifest: async () => notHere(NOT_ASKED),
    world: () => notHere(NOT_ASKED),
    required: () => notHere(NOT_ASKED),
    observe: async () => notHere(NOT_ASKED),
  };
  return { target, asked };
}

const made = (name: string, outcome: Outcome): MadeAttempt => ({
  name,
  outcome,
  because: '',
  look: 'lab matrix',
});

const because = 'it is so';
const flowToDb = denied('web', 'db:5432', because);
const ping: Check = { kind: 'ping', from: 'red', to: '10.0.0.2', expect: 'silent', because };

const resultOf = async (check: Check, answer: TargetAnswer<AttemptsMade>) => {
  const { target } = createTarget(async () => [answer]);
  const [result] = await runChecks([check], { target, progress: undefined });
  return result;
};

test.each`
  expected     | outcome          | control        | kind
  ${'denied'}  | ${'timed-out'}   | ${'connected'} | ${'right'}
  ${'denied'}  | ${'timed-out'}   | ${'timed-out'} | ${'wrong'}
  ${'denied'}  | ${'refused'}     | ${'connected'} | ${'wrong'}
  ${'allowed'} | ${'connected'}   | ${undefined}   | ${'right'}
  ${'allowed'} | ${'refused'}     | ${undefined}   | ${'wrong'}
  ${'allowed'} | ${'unsupported'} | ${undefined}   | ${'elsewhere'}
`(
  '$expected and $outcome, control $control: $kind',
  async ({ expected, outcome, control, kind }) => {
    const check = expected === 'denied' ? flowToDb : allowed('web', 'db:5432', because);
    const controls = control === undefined ? [] : [made('node -> db', control)];
    const answer = answered({ tried: [made('web -> db', outcome)], controls });
    expect(await resultOf(check, answer)).toMatchObject({ kind });
  },
);

test('one attempt that went otherwise decides, also where others could not be made', async () => {
  const tried = [made('a', 'unsupported'), made('b', 'connected'), made('c', 'timed-out')];
  expect(await resultOf(flowToDb, answered({ tried, controls: [] }))).toMatchObject({
    kind: 'wrong',
    saw: 'b was connected, expected timed-out',
  });
});

test('a check without any attempt is wrong', async () => {
  expect(await resultOf(flowToDb, answered({ tried: [], controls: [] }))).toMatchObject({
    kind: 'wrong',
  });
});

test('what is missing is wrong, and what a target cannot answer says why', async () => {
  expect(await resultOf(ping, missing('no machine red', 'ip netns list'))).toMatchObject({
    kind: 'wrong',
    saw: 'no machine red',
    look: 'ip netns list',
  });
  expect(await resultOf(ping, notHere('pods do not ping'))).toEqual(
    elsewhere(ping, 'pods do not ping'),
  );
});

test('attempts are made together, after enforcement is proven once, and results keep their order', async () => {
  const object: Check = {
    kind: 'object',
    apiVersion: 'v1',
    object: 'Pod',
    name: 'a',
    path: '',
    because,
  };
  const { target, asked } = createTarget(async (checks) =>
    checks.map(() => answered({ tried: [made('x', 'timed-out')], controls: [] })),
  );
  const results = await runChecks([flowToDb, object, ping], { target, progress: undefined });
  expect(results.map(({ check, kind }) => [check.kind, kind])).toEqual([
    ['flow', 'right'],
    ['object', 'elsewhere'],
    ['ping', 'right'],
  ]);
  expect(asked).toEqual({ enforcement: 1, attempts: 1 });
  await runChecks([object], { target, progress: undefined });
  expect(asked).toEqual({ enforcement: 1, attempts: 1 });
});

test('a target that leaves a check unanswered is a bug, not a result', async () => {
  const { target } = createTarget();
  await expect(runChecks([flowToDb], { target, progress: undefined })).rejects.toThrow(
    /unanswered/,
  );
});

test('a question without an answer is wrong; one that cannot be judged here is left open', async () => {
  const check: Check = {
    kind: 'answer',
    because,
    question: {
      id: 'mac',
      ask: 'which?',
      accept: { kind: 'observed', fact: 'mac', of: 'web' },
      because,
    },
  };
  const { target } = createTarget();
  const typed = advance(undefined, { kind: 'answered', question: 'mac', answer: '02:00' });
  expect(await runChecks([check], { target, progress: undefined })).toMatchObject([
    { kind: 'wrong', saw: 'no answer yet' },
  ]);
  expect(await runChecks([check], { target, progress: typed })).toEqual([
    elsewhere(check, NOT_ASKED),
  ]);
});

test('a step passes where something is right and nothing wrong', () => {
  const good = right(ping, 'x');
  const bad = wrong(ping, { saw: '', means: '', look: '' });
  const open = elsewhere(ping, 'x');
  const passed = [[good], [good, open], [open], [good, bad], []].map(isPassed);
  expect(passed).toEqual([true, true, false, false, false]);
});
