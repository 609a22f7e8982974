import { spawn } from 'node:child_process';
import { synthesizeStage } from '../../charts';
import { CLI, newPerson, type Ran } from '../cli/run';

/** `cat file | lab lint --manifests -` in every size and at every speed that a cluster gives. */

const person = newPerson();
afterAll(person.leave);

const app = synthesizeStage('k8s-5-network-policy', 'app');
const file = person.write('app.yaml', app);
const FLOW =
  '{"id":"a","from":"shop/frontend-0","to":"shop/backend-0","protocol":"TCP","port":8080}\n';
const flows = person.write('flows.jsonl', FLOW);

/** More than a pipe holds (64 KiB, pipe(7)): pods of namespaces of their own. */
const large = Array.from(
  { length: 2500 },
  (_, i) => `apiVersion: v1
kind: Pod
metadata: {name: p${i}, namespace: n${i % 50}, labels: {app: a${i % 7}}}
spec: {containers: [{name: main, image: nginx}]}
`,
).join('---\n');

const LAB = `${process.execPath} ${CLI}`;

/** Runs `producer | lab ...` in a shell, as a person types it. */
const pipe = (producer: string, command: string): Promise<Ran> =>
  shell(`${producer} | ${LAB} ${command}`);

const shell = (line: string): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { ...process.env, XDG_STATE_HOME: person.folder };
    const child = spawn('bash', ['-c', line], { cwd: person.folder, env });
    const said = { out: '', err: '' };
    child.stdout.on('data', (text) => {
      said.out += text;
    });
    child.stderr.on('data', (text) => {
      said.err += text;
    });
    child.on('close', (code) => resolve({ code, ...said }));
  });

const ok = (ran: Ran): void =>
  expect({ code: ran.code, err: ran.err }).toEqual({
    code: 0,
    err: expect.not.stringMatching(/problem/),
  });

describe('manifests on standard input', () => {
  person.write('large.yaml', large);

  test.each([
    ['more than a pipe holds', 'cat large.yaml'],
    ['a writer that starts late', '(sleep 2; cat app.yaml)'],
    ['a writer that stops in the middle', '(cat app.yaml; sleep 1; echo ---)'],
    ['one byte at a time', 'dd if=app.yaml bs=1 status=none'],
  ])('%s', async (_, producer) => ok(await pipe(producer, 'lint --manifests -')));

  test.each(['/dev/stdin', '/dev/fd/0'])('by the name %s', async (name) =>
    ok(await pipe('(sleep 1; cat app.yaml)', `lint --manifests ${name}`)),
  );

  test('from another descriptor, as a shell gives it', async () =>
    ok(await pipe('true', 'lint --manifests <(sleep 1; cat app.yaml) < /dev/null')));

  test('a pipe that its starter made non-blocking', async () => {
    const set = 'import fcntl, os, sys; fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK)';
    const script = `${set}; os.execvp(sys.argv[1], sys.argv[1:])`;
    const command = `python3 -c "${script}" ${LAB} lint --manifests -`;
    ok(await shell(`(sleep 1; cat large.yaml) | ${command}`));
  });

  test.each([
    ['nothing, because the command failed', 'false'],
    ['empty lines', 'echo'],
  ])('%s: exit 2', async (_, producer) => {
    const ran = await pipe(producer, 'lint --manifests -');
    expect(ran).toMatchObject({
      code: 2,
      err: expect.stringMatching(/standard input holds nothing/),
    });
  });
});

describe('flows on standard input', () => {
  test('a slow writer', async () => {
    const ran = await pipe('(sleep 1; cat flows.jsonl)', `predict --manifests ${file} --flows -`);
    ok(ran);
    expect(ran.out).toMatch(/ALLOWED/i);
  });

  test('nothing: exit 2', async () => {
    const ran = await pipe('false', `predict --manifests ${file} --flows -`);
    expect(ran).toMatchObject({
      code: 2,
      err: expect.stringMatching(/standard input holds nothing/),
    });
  });

  test('standard input named twice: exit 2', async () => {
    const ran = await pipe(`cat ${flows}`, 'predict --manifests - --flows -');
    expect(ran).toMatchObject({ code: 2, err: expect.stringMatching(/can be read once/) });
  });
});

test('a read that fails says why', async () => {
  const ran = await person.here('lint', '--manifests', '/proc/self/mem');
  expect(ran).toMatchObject({ code: 2, err: expect.stringMatching(/cannot read .*: E[A-Z]+: /) });
});
