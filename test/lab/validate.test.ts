import type { Lab } from '../../lib/lab/format';
import { type Known, validateLabs } from '../../lib/lab/validate';

const known: Known = { stages: ['open', 'app'], hasEnd: (name) => ['web', 'db'].includes(name) };

const sound: Lab<string> = {
  id: 'one',
  level: 3,
  title: 'One',
  goal: 'Know one thing.',
  head: {
    minutes: 20,
    outcomes: ['write one', 'read another', 'prove a third'],
    conclusion: 'One thing is one thing.',
    links: ['a', 'b', 'c'].map((page) => ({ title: page, url: `https://kubernetes.io/${page}` })),
  },
  prerequisites: [],
  targets: ['local'],
  cost: 'none',
  environment: { kind: 'cluster', home: 'shop' },
  stages: [
    { name: 'open', about: 'open', keeps: ['web -> db:5432'], closes: [] },
    { name: 'app', about: 'closed', keeps: [], closes: [] },
  ],
  start: 'open',
  steps: [
    {
      id: 'close',
      task: 'Close it.',
      checks: [{ kind: 'flow', from: 'web', to: 'db:5432', expect: 'denied', because: 'closed' }],
      hints: ['Think.'],
      solution: { kind: 'stage', stage: 'app' },
      because: 'It is closed.',
    },
  ],
  questions: [],
};

const step = sound.steps[0];

/** What is found in the sound lab after one change, as `path: problem`. */
const problemsWith = (change: object): readonly string[] =>
  validateLabs([{ ...sound, ...change } as Lab<string>], () => known).map(
    ({ path, problem }) => `${path}: ${problem}`,
  );

test('a sound lab has no problem', () => {
  expect(problemsWith({})).toEqual([]);
});

test.each`
  what                              | change                                                                                                                        | expected
  ${'an unknown prerequisite'}      | ${{ prerequisites: ['two'] }}                                                                                                 | ${"prerequisites[0]: no lab is called 'two'"}
  ${'no target'}                    | ${{ targets: [], localLimits: 'x' }}                                                                                          | ${'targets: it runs nowhere'}
  ${'a silent absence locally'}     | ${{ targets: ['kind'] }}                                                                                                      | ${'localLimits: nothing says why it does not run locally'}
  ${'a lab on EKS that costs none'} | ${{ targets: ['local', 'eks'], cost: 'none' }}                                                                                | ${"cost: a lab that runs on EKS does not cost 'none'"}
  ${'no step'}                      | ${{ steps: [] }}                                                                                                              | ${'steps: it has no step'}
  ${'two steps of one name'}        | ${{ steps: [step, step] }}                                                                                                    | ${"steps: two are called 'close'"}
  ${'a stage without charts'}       | ${{ stages: [...sound.stages, { ...sound.stages[0], name: 'x' }] }}                                                           | ${"stages: no charts for stage 'x'"}
  ${'a stage left out'}             | ${{ stages: [sound.stages[0]], steps: [{ ...step, solution: { kind: 'stage', stage: 'open' } }] }}                            | ${"stages: stage 'app' is left out"}
  ${'a start that is no stage'}     | ${{ start: 'x' }}                                                                                                             | ${"start: it starts at 'x', which is no stage"}
  ${'a stage’s unknown end'}        | ${{ stages: [{ ...sound.stages[0], keeps: ['web -> x:1'] }, sound.stages[1]] }}                                               | ${"stages[0].keeps[0]: 'x' does not exist in this lab"}
  ${'a step without checks'}        | ${{ steps: [{ ...step, checks: [] }] }}                                                                                       | ${'steps[0].checks: it has no check'}
  ${'a step without hints'}         | ${{ steps: [{ ...step, hints: [] }] }}                                                                                        | ${'steps[0].hints: it has no hint'}
  ${'a solution that is no stage'}  | ${{ steps: [{ ...step, solution: { kind: 'stage', stage: 'x' } }] }}                                                          | ${"steps[0].solution: no stage is called 'x'"}
  ${'a solution that is nothing'}   | ${{ steps: [{ ...step, solution: { kind: 'commands', commands: [] } }] }}                                                     | ${'steps[0].solution: it does nothing'}
  ${'answers to packets'}           | ${{ steps: [{ ...step, solution: { kind: 'answers' } }] }}                                                                    | ${'steps[0].solution: no check asks for an answer'}
  ${'a check from nowhere'}         | ${{ steps: [{ ...step, checks: [{ ...step?.checks[0], from: 'x' }] }] }}                                                      | ${"steps[0].checks[0].from: 'x' does not exist in this lab"}
  ${'a check to nowhere'}           | ${{ steps: [{ ...step, checks: [{ ...step?.checks[0], to: 'x:80' }] }] }}                                                     | ${"steps[0].checks[0].to: 'x' does not exist in this lab"}
  ${'a port out of range'}          | ${{ steps: [{ ...step, checks: [{ ...step?.checks[0], to: 'db:70000' }] }] }}                                                 | ${"steps[0].checks[0].to: 'db:70000' has no port of 1 to 65535"}
  ${'a cluster check unsaid'}       | ${{ steps: [{ ...step, checks: [{ kind: 'object', apiVersion: 'v1', object: 'Pod', name: 'a', path: '', because: 'x' }] }] }} | ${"steps[0].checks[0].kind: 'object' needs a cluster"}
  ${'a choice without its right'}   | ${{ questions: [{ id: 'q', ask: 'q', because: 'b', accept: { kind: 'choice', options: ['a'], right: 'b' } }] }}               | ${"questions[0].accept.right: 'b' is not among the options"}
`('$what is a problem', ({ change, expected }) => {
  expect(problemsWith(change)).toEqual([expected]);
});

test('all problems of all labs come at once, each with its lab and a fix', () => {
  const broken = { ...sound, id: 'two', targets: [], steps: [], localLimits: 'none' };
  const found = validateLabs([broken as Lab<string>, { ...sound, start: 'x' }], () => known);
  expect(found.map(({ file, path }) => `${file} ${path}`)).toEqual([
    'labs/two/lab.ts targets',
    'labs/two/lab.ts steps',
    'labs/one/lab.ts start',
  ]);
  expect(found.every(({ fix }) => fix.length > 0)).toBe(true);
});

test('two labs of one id are reported', () => {
  expect(validateLabs([sound, sound], () => known).map(({ problem }) => problem)).toEqual([
    "two labs are called 'one'",
    "two labs are called 'one'",
  ]);
});
