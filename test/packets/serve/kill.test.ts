import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { attachSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets } from '../kernel';
import { links, marked, namespacesOf, remains, sleep, suspects } from '../remains';

const LAB = 'k8s-1-pods';

/** A served book of its own process; everything that it starts inherits the mark. */
interface Served {
  readonly child: ChildProcess;
  readonly mark: string;
  readonly folder: string;
  readonly port: number;
  readonly cookie: string;
  readonly post: (path: string, value: unknown) => Promise<Response>;
}

/** @param how `parent`: started by another process, which can be killed in its place */
async function serve(how: 'alone' | 'parent', keep: '' | 'keep' = ''): Promise<Served> {
  const value = randomUUID();
  const folder = mkdtempSync(join(tmpdir(), 'lab-served-'));
  const command = [
    process.execPath,
    '--require',
    require.resolve('tsx/cjs'),
    join(__dirname, 'served.ts'),
    keep,
  ];
  // A shell that waits stays the parent: `exec` would put the server in its place.
  const argv = how === 'alone' ? command : ['/bin/sh', '-c', '"$@"; exit', 'sh', ...command];
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', XDG_STATE_HOME: folder, LAB_TEST_MARK: value },
  });
  const url = await new Promise<URL>((resolve) =>
    child.stdout?.once('data', (data: Buffer) => resolve(new URL(data.toString().trim()))),
  );
  const opened = await fetch(url, { redirect: 'manual' });
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const headers = { cookie, origin: url.origin, 'content-type': 'application/json' };
  return {
    child,
    folder,
    cookie,
    mark: `LAB_TEST_MARK=${value}`,
    port: Number(url.port),
    post: (path, asked) =>
      fetch(url.origin + path, { method: 'POST', headers, body: JSON.stringify(asked) }),
  };
}

const upWithTerminal = async ({ port, cookie, post }: Served): Promise<WebSocket> => {
  expect(await (await post(`/api/labs/${LAB}/up`, {})).text()).toContain('"done"');
  const address = `ws://127.0.0.1:${port}/api/labs/${LAB}/terminal?place=node-a`;
  const headers = { cookie, origin: `http://127.0.0.1:${port}` };
  const socket = new WebSocket(address, { headers });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('message', () => resolve()));
  socket.send(JSON.stringify({ kind: 'input', data: 'sleep 600 &\n' }));
  await sleep(100);
  return socket;
};

/** Files of the state that are not progress, which is kept on purpose. */
const filesLeft = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !/^eks-network-labs(\/progress\.json)?$/.test(name),
  );

async function expectNothingLeft({ mark, folder }: Served, before: ReadonlySet<string>) {
  expect(await remains(mark)).toEqual([]);
  expect(filesLeft(folder)).toEqual([]);
  expect(namespacesOf(suspects(mark)).filter((name) => before.has(name))).toEqual([]);
}

/** Namespaces of the lab's own processes while it is up, without this machine's. */
const namespacesIn = (mark: string): ReadonlySet<string> => {
  const own = new Set(namespacesOf(['self']));
  const pids = marked(mark).map((line) => line.split(' ')[0] ?? '');
  return new Set(namespacesOf(pids).filter((name) => !own.has(name)));
};

describePackets('a lab book that is ended', () => {
  const before = links();
  afterAll(() => expect(links()).toBe(before));

  test.each<[string, 'alone' | 'parent', NodeJS.Signals]>([
    ['kill -9', 'alone', 'SIGKILL'],
    ['SIGTERM', 'alone', 'SIGTERM'],
    ['SIGHUP, as a terminal that closes', 'alone', 'SIGHUP'],
    ['Ctrl-C', 'alone', 'SIGINT'],
    ['kill -9 of its parent', 'parent', 'SIGKILL'],
  ])('by %s leaves no process, namespace or file', async (_, how, signal) => {
    const served = await serve(how);
    const socket = await upWithTerminal(served);
    const namespaces = namespacesIn(served.mark);
    expect(namespaces.size).toBeGreaterThan(2);
    const ended = new Promise((resolve) => served.child.once('exit', resolve));
    served.child.kill(signal);
    await ended;
    await new Promise<void>((resolve) => {
      if (socket.readyState === socket.CLOSED) resolve();
      socket.once('close', () => resolve());
    });
    await expectNothingLeft(served, namespaces);
    rmSync(served.folder, { recursive: true });
  });

  test.each([60, 150, 300, 500])(
    'by kill -9, %i ms after a lab began to come up, leaves nothing',
    async (ms) => {
      const served = await serve('alone');
      const asked = served.post(`/api/labs/${LAB}/up`, {}).catch(() => undefined);
      await sleep(ms);
      const namespaces = namespacesIn(served.mark);
      served.child.kill('SIGKILL');
      await asked;
      await expectNothingLeft(served, namespaces);
      rmSync(served.folder, { recursive: true });
    },
  );

  test('by kill -9 while a draft is tried leaves nothing', async () => {
    const served = await serve('alone');
    const draft = {
      path: 'a.yaml',
      text: 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n',
    };
    const asked = served
      .post(`/api/labs/${LAB}/try`, { draft })
      .then((response) => response.text())
      .catch(() => undefined);
    await sleep(900);
    const namespaces = namespacesIn(served.mark);
    served.child.kill('SIGKILL');
    await asked;
    await expectNothingLeft(served, namespaces);
    rmSync(served.folder, { recursive: true });
  });

  test('with --keep its labs stay up, and lab reaches them', async () => {
    const served = await serve('alone', 'keep');
    const socket = await upWithTerminal(served);
    served.child.kill('SIGTERM');
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await new Promise((resolve) => served.child.once('exit', resolve));
    const lab = await attachSandbox(join(served.folder, 'eks-network-labs', `${LAB}.sock`));
    expect((await lab.describe()).namespaces).toContain('node/node-a');
    await lab.end();
    expect(await remains(served.mark)).toEqual([]);
    rmSync(served.folder, { recursive: true });
  });
});
