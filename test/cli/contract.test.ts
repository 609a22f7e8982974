import { spawnSync } from 'node:child_process';
import { synthesizeStage } from '../../charts';
import { COMMANDS } from '../../lib/cli/commands';
import { MACHINES } from '../build/machines';
import { CLI, jsonLines, newPerson } from './run';

const person = newPerson();
afterAll(person.leave);

const app = person.write('app.yaml', synthesizeStage('k8s-5-network-policy', 'app'));
const flow = (from: string, to: string, port: number, id: string): string =>
  JSON.stringify({ id, from, to, protocol: 'TCP', port });
const flows = person.write(
  'flows.jsonl',
  [
    flow('shop/frontend-0', 'shop/backend-0', 8080, 'a'),
    flow('shop/frontend-0', 'svc:shop/db', 5432, 'b'),
    flow('outside/stranger-0', 'internet', 443, 'c'),
  ].join('\n'),
);
/** All that `err` holds where nothing was skipped: one line that says what was read. */
const READ = expect.stringMatching(/^\{"read":\{[^\n]*\}\}\n$/);
const READ_TEXT = 'read: 1 file, 18 objects\n';
const PREDICT = ['predict', '--manifests', app, '--flows', flows, '--json'];

describe('lab predict --json', () => {
  test('answers in the order asked, in the public shape', () => {
    const ran = person.lab(...PREDICT);
    expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: READ });
    expect(jsonLines(ran)).toMatchObject([
      { id: 'a', from: 'shop/frontend-0', to: 'shop/backend-0', port: 8080, verdict: 'allowed' },
      { id: 'b', from: 'shop/frontend-0', to: 'svc:shop/db', port: 5432, verdict: 'denied' },
      { id: 'c', from: 'outside/stranger-0', to: 'internet', port: 443, verdict: 'allowed' },
    ]);
  });

  test('--no-trace leaves the trace out, and nothing else', async () => {
    const whole = jsonLines(await person.here(...PREDICT)) as readonly Record<string, unknown>[];
    const bare = jsonLines(await person.here(...PREDICT, '--no-trace'));
    expect(whole.every(({ trace }) => Array.isArray(trace))).toBe(true);
    expect(bare).toEqual(whole.map(({ trace, ...rest }) => rest));
  });

  test('says who decided: filter, direction, object, rule and one sentence', async () => {
    expect(jsonLines(await person.here(...PREDICT))[0]).toMatchObject({
      by: [
        { filter: 'network-policy', direction: 'egress', object: 'shop/frontend', rule: 0 },
        { filter: 'network-policy', direction: 'ingress', object: 'shop/backend', rule: 0 },
      ],
    });
  });
});

describe('input that is wrong', () => {
  const broken = person.write(
    'broken.yaml',
    `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: x, namespace: shop}
spec:
  podSelecter: {}
  ingress:
    - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}}]
      ports: [{port: 70000}]
---
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
spec: {containers: [{name: main, image: none}]}
status: {podIP: 10.9.9.9}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: shop}
spec: {containers: [{name: main, image: none}]}
status: {podIP: 10.9.9.9}
---
foo: [
`,
  );

  test('is told all at once, with file, document, path and fix; nothing is judged', async () => {
    const ran = await person.here('predict', '--manifests', broken, '--flows', flows, '--json');
    expect(ran.code).toBe(2);
    const [{ problems }] = jsonLines(ran) as [{ problems: { path: string; fix: string }[] }];
    const paths = problems.map(({ path }) => path).join('\n');
    for (const part of ['podSelecter', 'except', 'ports[0].port', 'podIP', 'line']) {
      expect(paths).toContain(part);
    }
    expect(problems.every(({ fix }) => fix !== '')).toBe(true);
  });

  test('a process of its own ends with 2 and says it on stderr', () => {
    const said = expect.stringContaining('did you mean k8s-5-network-policy');
    expect(person.lab('show', 'k8s-5-network-polic')).toEqual({ code: 2, out: '', err: said });
  });

  test.each([
    [
      'a flow to a pod that is not there',
      ['explain', 'shop/frontend-0', 'shop/nobody:80'],
      /nobody/,
    ],
    ['a lab that is not there', ['up', 'k8s-5-network-polic'], /did you mean k8s-5-network-policy/],
    ['no lab up', ['check'], /no lab is up/],
    ['chains of no lab', ['chains'], /no lab is up/],
    ['a command that is not there', ['chek'], /check/],
    ['a size that is not there', ['cost', 'zt-1-map', '--size', 'huge'], /small, production/],
    ['nothing to judge', ['predict', '--flows', flows], /--manifests.*--template/],
    [
      'a parameter without a value',
      ['lint', '--template', 'x', '--parameter', 'Block'],
      /write Name=value/,
    ],
    ['a file that is not there', ['lint', '--manifests', 'nowhere'], /cannot read nowhere/],
  ])('%s: exit 2, what and how to mend it, no stack', async (_, args, says) => {
    const more = args[0] === 'explain' ? ['--manifests', app] : [];
    const ran = await person.here(...args, ...more);
    expect({ code: ran.code, said: ran.out + ran.err }).toEqual({
      code: 2,
      said: expect.stringMatching(says),
    });
    expect(ran.err).not.toMatch(/\n {4}at /);
  });
});

describe("a person's own files", () => {
  const template = person.write('machines.yaml', MACHINES);
  const asked = person.write('machines.jsonl', flow('eni:Worker', 'eni:Database/DataB', 5432, 'a'));

  test('a template is judged without manifests, and its machines are ends of flows', async () => {
    const ran = await person.here('predict', '--template', template, '--flows', asked, '--json');
    expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: READ });
    expect(jsonLines(ran)).toMatchObject([
      { id: 'a', from: 'eni:Worker', to: 'eni:Database/DataB', verdict: 'allowed' },
    ]);
  });

  test('lab matrix draws who reaches whom', async () => {
    const { code, out } = await person.here('matrix', '--manifests', app);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('shop/frontend') });
    expect(out).toMatch(/flows: \d+ allowed, \d+ denied/);
  });
});

test('lab up --dry-run prints commands that a shell takes, and brings nothing up', async () => {
  const { code, out } = await person.here('up', 'k8s-5-network-policy', '--dry-run');
  expect({ code, first: out.split('\n')[0] }).toEqual({ code: 0, first: 'ip netns add router' });
  expect(out).toMatch(/nft -f -/);
  expect((await person.here('status')).out).toMatch(/No lab is up/);
});

test('a reader that closes early is no failure', () => {
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', `"$0" "$1" list | head -n 1; exit 0`, process.execPath, CLI],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', XDG_STATE_HOME: person.folder },
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

describe('ends of flows in help', () => {
  const ENDS = ['ns/pod', 'ns/workload', 'svc:ns/name', 'node:name', 'ip:', 'eni:name', 'internet'];

  test.each(['explain', 'predict', 'probe', 'compare', 'flows'])(
    'lab %s --help lists them',
    async (command) => {
      const { out } = await person.here(command, '--help');
      expect(ENDS.filter((end) => !out.includes(end))).toEqual([]);
    },
  );

  test('every example of lab help flows is read', async () => {
    const { code, out } = await person.here('help', 'flows');
    expect(code).toBe(0);
    const lines = out.split('\n').map((line) => line.trim());
    const objects = lines.filter((line) => line.startsWith('{'));
    expect(objects).toHaveLength(3);
    const file = person.write('examples.jsonl', objects.join('\n'));
    const ran = await person.here('predict', '--manifests', app, '--flows', file, '--json');
    expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: READ });
    const commands = lines.filter((line) => /^lab explain [^<]*$/.test(line));
    expect(commands).toHaveLength(4);
    for (const line of commands.filter((one) => !one.includes('--template'))) {
      const words = line.split(' ').slice(1);
      expect(await person.here(...words, '--manifests', app)).toMatchObject({
        code: 0,
        err: READ_TEXT,
      });
    }
  });
});

test('an option that is wrong is reported as JSON where JSON was asked for', async () => {
  const ran = await person.here('up', 'k8s-5-network-policy', '--expires', 'x', '--json');
  expect(ran.code).toBe(2);
  expect(jsonLines(ran)).toEqual([
    {
      error: {
        code: 'bad-expiry',
        problem: "'x' is not a number of hours",
        fix: 'use 0.1 to 168, such as 8',
      },
    },
  ]);
});

test('help lists every command', async () => {
  const { out } = await person.here('--help');
  const names = Object.keys(COMMANDS);
  expect(names.filter((name) => !new RegExp(`^ {2}${name}\\b`, 'm').test(out))).toEqual([]);
});
