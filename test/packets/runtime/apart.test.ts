import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEARCH_PATH } from '../../../lib/runtime/kernel/spawn';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets } from '../kernel';
import { podIp, podsOn } from './wire';

const options = { timeoutMs: 100, trace: 'off' } as const;
const dropAll = `table inet f {
  chain forward {
    type filter hook forward priority 0; policy drop
  }
}
`;
const probe = { netns: 'pod/1', destination: podIp(2), protocol: 'TCP', port: 80 } as const;

/** Everything a lab could leave on a machine: links, addresses, routes, rules, mounts, settings, files. */
function machine(): Readonly<Record<string, string>> {
  const read = (path: string) => readFileSync(path, 'utf8');
  const list = (folder: string) => readdirSync(folder).join(' ');
  const root = process.getuid?.() === 0;
  const env = { ...process.env, PATH: SEARCH_PATH };
  const rules = root ? spawnSync('nft', ['list', 'ruleset'], { env, encoding: 'utf8' }).stdout : '';
  return {
    links: read('/proc/net/dev').replace(/:.*/g, ''),
    addresses: read('/proc/net/fib_trie') + read('/proc/net/if_inet6'),
    // Without the columns that count uses.
    routes:
      read('/proc/net/route') + read('/proc/net/ipv6_route').replace(/^(.{104}) .{26}/gm, '$1'),
    rules,
    mounts: read('/proc/self/mounts'),
    forwarding: read('/proc/sys/net/ipv4/ip_forward'),
    run: list('/run'),
    etc: list('/etc'),
  };
}

describePackets('sandboxes', () => {
  test('leave the machine as it was, while they live and after', async () => {
    const before = machine();
    const sandbox = await openSandbox({ mode: 'tied' });
    await sandbox.run(podsOn('node/a', 3));
    await sandbox.run([{ kind: 'load-ruleset', netns: 'node/a', ruleset: dropAll }]);
    const made = await sandbox.exec('node/a', ['touch', '/run/netns/mine']);
    const during = machine();
    await sandbox.close();
    expect({ made, during, after: machine() }).toEqual({
      made: { code: 0, stdout: '', stderr: '' },
      during: before,
      after: before,
    });
  });

  test('write no file, but for what tsx keeps of compiled TypeScript', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-apart-'));
    const program = join(__dirname, 'visitor.ts');
    const args = ['--require', require.resolve('tsx/cjs'), program, 'sh', '-c', 'echo $TMPDIR'];
    const env = { ...process.env, TMPDIR: folder, HOME: folder, NODE_OPTIONS: '' };
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
    const files = readdirSync(folder).filter((name) => !/^tsx-\d+$/.test(name));
    rmSync(folder, { recursive: true });
    expect({ stdout, files }).toEqual({ stdout: `${folder}\n`, files: [] });
  });

  test('do not touch each other: same names, same addresses, other rules', async () => {
    const both = await Promise.all([openSandbox({ mode: 'tied' }), openSandbox({ mode: 'tied' })]);
    const [open, closed] = both;
    await Promise.all(both.map((sandbox) => sandbox.run(podsOn('node/a', 2))));
    await closed.run([{ kind: 'load-ruleset', netns: 'node/a', ruleset: dropAll }]);
    const seen = await Promise.all(both.map((sandbox) => sandbox.probe([probe], options)));
    await closed.close();
    const alone = await open.probe([probe], options);
    await open.close();
    expect([...seen, alone].map(([observation]) => observation?.outcome)).toEqual([
      'connected',
      'timed-out',
      'connected',
    ]);
  });

  test('come and go without a trace in the process that opens them', async () => {
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const cycle = async () => {
      const sandbox = await openSandbox({ mode: 'tied' });
      await sandbox.run(podsOn('node/a', 2));
      await sandbox.close();
    };
    await cycle();
    const before = descriptors();
    for (let i = 0; i < 5; i += 1) await cycle();
    expect(descriptors()).toBeLessThanOrEqual(before);
  });
});
