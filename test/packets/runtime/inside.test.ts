import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Captured } from '../../../lib/runtime/probes/captured';
import { parseFilter } from '../../../lib/runtime/probes/packet-filter';
import { packetLine } from '../../../lib/runtime/probes/packet-text';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets, missingPrograms } from '../kernel';
import { podIp, podsOn } from './wire';

describePackets('inside a pod', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    await sandbox.run(podsOn('node/a', 2));
  });
  afterAll(() => sandbox.close());

  const visit = (...argv: readonly string[]) => {
    const program = join(__dirname, 'visitor.ts');
    const args = ['--require', require.resolve('tsx/cjs'), program, ...argv];
    const env = { ...process.env, NODE_OPTIONS: '' };
    return spawnSync(process.execPath, args, { input: 'hello\n', env, encoding: 'utf8' });
  };

  test("a command at one's own terminal: its input, output and exit code, the pod's resolv.conf", () => {
    const script = 'cat; cat /etc/resolv.conf; grep -o eth0 /proc/net/dev; exit 7';
    const { status, stdout, stderr } = visit('sh', '-c', script);
    expect({ status, stdout, stderr }).toEqual({
      status: 7,
      stdout: 'hello\nnameserver 10.96.0.10\neth0\n',
      stderr: '',
    });
  });

  test('it sees the processes of the lab, and none of the machine', () => {
    const { stdout } = visit('sh', '-c', 'ls -d /proc/[0-9]* | wc -l');
    expect(Number(stdout)).toBeLessThan(8);
  });

  test('what a command leaves in the background keeps nobody waiting', async () => {
    const { code, stdout } = await sandbox.exec('pod/1', ['sh', '-c', 'sleep 60 & echo started']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'started\n' });
  });

  test('too few descriptors are told with the fix', async () => {
    const program = join(__dirname, 'client.ts');
    const client = [process.execPath, '--require', require.resolve('tsx/cjs'), program, 'tied'];
    const limited = ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...client];
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stderr } = spawnSync('sh', limited, { env, encoding: 'utf8' });
    expect(stderr).toContain('this lab needs more open files than one process may have here');
  });

  test('a command that takes too long is ended', async () => {
    const { code } = await sandbox.exec('pod/1', ['sleep', '60'], { timeoutMs: 50 });
    expect(code).toBe(137);
  });

  test('a capture shows the packets of a connection, both ways', async () => {
    const seen: Captured[] = [];
    const filter = parseFilter(`tcp and port 80 and host ${podIp(2)}`);
    const wish = { netns: 'pod/1', device: 'eth0', count: 3, seconds: 5, filter };
    const capture = sandbox.capture(wish, (packet) => seen.push(packet));
    const probe = { netns: 'pod/1', destination: podIp(2), protocol: 'TCP', port: 80 } as const;
    await sandbox.probe([probe], { timeoutMs: 500, trace: 'off' });
    expect(await capture).toBe(3);
    const lines = seen.map((packet) =>
      packetLine(packet)
        .replace(/^\S+ /, '')
        .replace(/\.\d{5}\b/, '.*'),
    );
    expect(lines).toEqual([
      'eth0 Out IP 10.0.0.1.* > 10.0.0.2.80: TCP [S], length 0',
      'eth0 In  IP 10.0.0.2.80 > 10.0.0.1.*: TCP [S.], length 0',
      'eth0 Out IP 10.0.0.1.* > 10.0.0.2.80: TCP [.], length 0',
    ]);
  });

  test('a capture ends with its time', async () => {
    const wish = { netns: 'pod/2', count: 1, seconds: 0.05, filter: parseFilter('udp port 9') };
    expect(await sandbox.capture(wish, () => undefined)).toBe(0);
  });
});

describePackets(
  'a learner in a pod',
  () => {
    test('makes namespaces with ip, as anybody, on files that are not the machine', async () => {
      const sandbox = await openSandbox({ mode: 'tied' });
      await sandbox.run(podsOn('node/a', 1));
      const script = 'ip netns add mine && ip netns exec mine ip -br link | wc -l';
      const { code, stdout } = await sandbox.exec('pod/1', ['sh', '-c', script]);
      await sandbox.close();
      expect({ code, lines: Number(stdout) }).toEqual({ code: 0, lines: 1 });
    });
  },
  missingPrograms('ip'),
);
