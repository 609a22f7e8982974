import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CLI, newPerson, type Ran } from '../cli/run';
import { needsRoot, testUnless } from '../skip';

/** Labs that are up: never lost, never in the way of another command, never another user's. */

const person = newPerson();
const state = join(person.folder, 'eks-network-labs');
const env = { ...process.env, XDG_STATE_HOME: person.folder };
afterAll(() => {
  person.lab('down', '--all');
  person.leave();
});

const running = (...args: readonly string[]): Promise<Ran & { ms: number }> =>
  new Promise((resolve) => {
    const began = Date.now();
    const child = spawn(process.execPath, [CLI, ...args], { env, cwd: person.folder });
    const said = { out: '', err: '' };
    child.stdout.on('data', (text) => {
      said.out += text;
    });
    child.stderr.on('data', (text) => {
      said.err += text;
    });
    child.on('close', (code) => resolve({ code, ...said, ms: Date.now() - began }));
  });

/** The process that holds the lab, as `describe` answers it. */
const holderOf = (socket: string): number => {
  const script = `
    const c = require('node:net').connect(${JSON.stringify(socket)});
    c.write('{"id":1,"op":"describe","ask":{}}\\n');
    c.once('data', (d) => { console.log(JSON.parse(d).answer.pid); c.destroy(); });`;
  return Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout);
};

describe('a lab that is up', () => {
  const socket = join(state, 'linux-1-veth.sock');
  beforeAll(async () => expect(await running('up', 'linux-1-veth')).toMatchObject({ code: 0 }));

  test('a client without descriptors leaves its socket alone', () => {
    const line = `ulimit -n 19; exec ${process.execPath} ${CLI} status`;
    const starved = spawnSync('bash', ['-c', line], { env, encoding: 'utf8' });
    expect(starved.stdout).not.toMatch(/No lab is up/);
    expect(existsSync(socket)).toBe(true);
  });

  test('a holder that is stopped: at most 5 s, a sentence, and --force ends it', async () => {
    const pid = holderOf(socket);
    process.kill(pid, 'SIGSTOP');
    const ran = await running('check', '--lab', 'linux-1-veth');
    expect(ran).toMatchObject({
      code: 2,
      err: expect.stringMatching(/does not answer[\s\S]*lab down linux-1-veth --force/),
    });
    expect(ran.ms).toBeLessThan(6500);
    expect(await running('down', 'linux-1-veth', '--force')).toMatchObject({ code: 0 });
    expect(existsSync(socket)).toBe(false);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  test('two commands bring one lab up at once: one does, the other says so', async () => {
    const both = await Promise.all([running('up', 'linux-1-veth'), running('up', 'linux-1-veth')]);
    const codes = both.map(({ code }) => code).sort();
    expect(codes).toEqual([0, 2]);
    expect(both.map(({ err }) => err).join()).toMatch(/already up|at the same time/);
    expect(both.map(({ err }) => err).join()).not.toMatch(/\n {4}at /);
  });

  test('a command in a lab that ends says so, and runs nothing on the machine', async () => {
    const asleep = running('exec', 'host', '--', 'sleep', '60');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const place = await running('status');
    expect(place.code).toBe(0);
    await running('down', 'linux-1-veth');
    const ran = await asleep;
    expect(ran.code).not.toBe(0);
    expect(ran.err).toMatch(/the lab ended|no machine|fix:/);
    expect(ran.err).not.toMatch(/\n {4}at /);
  });
});

describe('a state folder that another user may write', () => {
  const asRoot = testUnless(needsRoot);

  asRoot('a folder with mode 0777 is refused', async () => {
    const other = join(person.folder, 'open');
    mkdirSync(join(other, 'eks-network-labs'), { recursive: true });
    chmodSync(join(other, 'eks-network-labs'), 0o777);
    const ran = spawnSync(process.execPath, [CLI, 'exec', 'host', '--', 'id'], {
      env: { ...env, XDG_STATE_HOME: other },
      encoding: 'utf8',
    });
    expect(ran.stdout).not.toMatch(/uid=/);
    expect(ran).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/unsafe|can be written by other users/),
    });
  });

  asRoot('what another user listens on is not obeyed', async () => {
    const home = join(person.folder, 'attacked');
    mkdirSync(join(home, 'eks-network-labs'), { recursive: true, mode: 0o700 });
    const path = join(home, 'eks-network-labs', 'linux-1-veth.sock');
    const script = `
      process.umask(0);
      const server = require('node:net').createServer((c) => {
        c.on('data', (d) => {
          for (const line of String(d).trim().split('\\n')) {
            const { id, op } = JSON.parse(line);
            const answer = op === 'enter'
              ? { pid: process.pid, net: 'ns/net', mode: 'root' }
              : op === 'describe'
                ? { pid: process.pid, expiresAt: 9e12, namespaces: ['host'], note: JSON.stringify({ lab: 'linux-1-veth', stage: '', startedAt: '', applied: [] }), containers: [] }
                : { code: 0, stdout: '', stderr: '' };
            c.write(JSON.stringify({ id, kind: 'answer', answer }) + '\\n');
          }
        });
      });
      // Whoever calls listen is the peer that the kernel names.
      process.setegid(65534); process.seteuid(65534);
      server.listen(${JSON.stringify(path)}, () => console.log('listening'));`;
    chmodSync(person.folder, 0o777);
    chmodSync(home, 0o777);
    chmodSync(join(home, 'eks-network-labs'), 0o777);
    const attacker = spawn(process.execPath, ['-e', script]);
    await new Promise((resolve) => attacker.stdout.once('data', resolve));
    chmodSync(join(home, 'eks-network-labs'), 0o700);
    const ran = spawnSync(process.execPath, [CLI, 'exec', 'host', '--', 'id'], {
      env: { ...env, XDG_STATE_HOME: home },
      encoding: 'utf8',
    });
    attacker.kill('SIGKILL');
    expect(ran.stdout).not.toMatch(/uid=/);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('is not yours') });
  });
});

test.each(['', 'relative/state'])('XDG_STATE_HOME=%j is ignored', (value) => {
  const home = join(person.folder, `home${value.length}`);
  mkdirSync(home);
  const ran = spawnSync(process.execPath, [CLI, 'hint', 'linux-1-veth'], {
    env: { ...env, XDG_STATE_HOME: value, HOME: home },
    cwd: home,
    encoding: 'utf8',
  });
  expect(ran.stderr).not.toMatch(/\n {4}at /);
  expect(readdirSync(home).filter((name) => name !== '.local' && name !== '.npm')).toEqual([]);
});

test('no folder can be made below /proc: exit 2, no endless loop', () => {
  const ran = spawnSync(process.execPath, [CLI, 'up', 'linux-1-veth'], {
    env: { ...env, XDG_STATE_HOME: '/proc/x' },
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(ran).toMatchObject({ status: 2, stderr: expect.stringMatching(/cannot write \/proc\/x/) });
});

test('progress that is broken is kept under another name, never written over', async () => {
  mkdirSync(state, { recursive: true, mode: 0o700 });
  for (const text of ['{"linux-1-veth": {"so', '[1, 2]']) {
    writeFileSync(join(state, 'progress.json'), text);
    const ran = await person.here('list');
    expect(ran).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is broken, and was kept as/),
    });
    const kept = readdirSync(state).filter((name) => name.includes('.broken-'));
    expect(kept.map((name) => readFileSync(join(state, name), 'utf8'))).toContain(text);
    expect(await person.here('list')).toMatchObject({ code: 0 });
  }
});

test('a client that another user planted a socket for, by name only', async () => {
  const server = createServer().listen(join(person.folder, 'x.sock'));
  const ran = await person.here('exec', '--lab', '../x', 'host', '--', 'id');
  server.close();
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining("no lab has the id '../x'") });
});
