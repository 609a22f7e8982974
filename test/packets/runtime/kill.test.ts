import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets } from '../kernel';
import { links, marked, namespacesOf, remains, sleep, suspects } from '../remains';

/** One client under test; everything it starts inherits the mark, inside namespaces too. */
interface Subject {
  readonly child: ChildProcess;
  readonly mark: string;
  readonly folder: string;
  /** Resolves when the client has said this word. */
  said(word: string): Promise<void>;
}

function start(mode: 'tied' | 'background', then: 'keep' | 'wait' = 'wait'): Subject {
  const mark = `LAB_TEST_MARK=${randomUUID()}`;
  const folder = mkdtempSync(join(tmpdir(), 'lab-kill-'));
  const client = join(__dirname, 'client.ts');
  const args = [
    '--require',
    require.resolve('tsx/cjs'),
    client,
    mode,
    join(folder, 'lab.sock'),
    then,
  ];
  const [key = '', value = ''] = mark.split('=');
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '', [key]: value },
  });
  let words = '';
  const waiting: (() => void)[] = [];
  child.stdout?.on('data', (data: Buffer) => {
    words += data.toString();
    for (const wake of waiting.splice(0)) wake();
  });
  const said = async (word: string): Promise<void> => {
    while (!words.includes(word)) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { child, mark, folder, said };
}

describePackets('a client that dies', () => {
  const before = { links: links(), namespaces: new Set(namespacesOf(['self'])) };

  /** What a subject holds now, to look for when it is dead. */
  const holdings = ({ mark }: Subject): readonly string[] =>
    namespacesOf(marked(mark).map((line) => line.split(' ')[0] ?? '')).filter(
      (namespace) => !before.namespaces.has(namespace),
    );

  async function leftBy({ mark, folder }: Subject, held: readonly string[]) {
    const processes = await remains(mark);
    const alive = new Set(namespacesOf(suspects(mark)));
    const files = readdirSync(folder);
    rmSync(folder, { recursive: true });
    return { processes, files, namespaces: held.filter((ns) => alive.has(ns)), links: links() };
  }

  const nothing = { processes: [], files: [], namespaces: [], links: before.links };

  // Opening, running and probing take about this long; the moments cover all of it and a bit more.
  const SPAN_MS = 700;
  const COUNT = Number(process.env.LAB_KILLS ?? 20);
  const AT_ONCE = 4;

  test(`${COUNT} clients killed by -9 at random moments leave nothing`, async () => {
    const results: { when: string; left: object }[] = [];
    const killOne = async (i: number): Promise<void> => {
      const ms = Math.round(((i + Math.random()) / COUNT) * SPAN_MS);
      const subject = start(i % 2 === 0 ? 'tied' : 'background');
      await sleep(ms);
      const held = holdings(subject);
      subject.child.kill('SIGKILL');
      results.push({ when: `after ${ms} ms`, left: await leftBy(subject, held) });
    };
    for (let i = 0; i < COUNT; i += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, k) => killOne(i + k)));
    }
    expect(results).toEqual(results.map(({ when }) => ({ when, left: nothing })));
  }, 120_000);

  test.each(['started', 'open', 'up'])('Ctrl-C once it said "%s" leaves nothing', async (word) => {
    const subject = start('tied');
    await subject.said(word);
    const held = holdings(subject);
    process.kill(-(subject.child.pid ?? 0), 'SIGINT');
    expect(await leftBy(subject, held)).toEqual(nothing);
  });

  test.each(['unshare', 'lab-holder'])(
    'killing the sandbox itself at %s leaves nothing',
    async (who) => {
      const subject = start('tied');
      await subject.said('probed');
      const held = holdings(subject);
      expect(held.length).toBeGreaterThan(12);
      const victim = marked(subject.mark).find((line) =>
        who === 'unshare'
          ? / unshare /.test(line)
          : / \S*node .*holder/.test(line) && !/unshare/.test(line),
      );
      process.kill(Number(victim?.split(' ')[0]), 'SIGKILL');
      await new Promise((resolve) => subject.child.once('exit', resolve));
      expect(await leftBy(subject, held)).toEqual(nothing);
    },
  );

  test('a kept sandbox outlives its client, serves another, and ends when told', async () => {
    const subject = start('background', 'keep');
    await subject.said('kept');
    await new Promise((resolve) => subject.child.once('exit', resolve));
    const sandbox = await attachSandbox(join(subject.folder, 'lab.sock'));
    expect((await sandbox.describe()).namespaces).toContain('pod/12');
    await sandbox.close();
    const again = await attachSandbox(join(subject.folder, 'lab.sock'));
    const held = holdings(subject);
    await again.end();
    const socket = join(subject.folder, 'lab.sock');
    await expect(attachSandbox(socket)).rejects.toThrow('no lab runs here');
    expect(await leftBy(subject, held)).toEqual(nothing);
  });

  test('a kept sandbox ends at its hour', async () => {
    const subject = start('background', 'keep');
    await subject.said('kept');
    const sandbox = await attachSandbox(join(subject.folder, 'lab.sock'));
    const held = holdings(subject);
    await sandbox.extend(Date.now() + 100);
    expect(await leftBy(subject, held)).toEqual(nothing);
  });
});
