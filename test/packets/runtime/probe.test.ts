import type { Probe } from '../../../lib/dataplane/probe';
import { ip } from '../../../lib/model/address';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets } from '../kernel';
import { podIp, podsOn } from './wire';

const quick = { timeoutMs: 150, trace: 'off' } as const;
const from = (n: number, to: Partial<Probe>): Probe => ({
  netns: `pod/${n}`,
  destination: podIp(2),
  protocol: 'TCP',
  port: 80,
  ...to,
});

describePackets('what a probe sees', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    await sandbox.run(podsOn('node/a', 3));
    await sandbox.run([
      {
        kind: 'load-ruleset',
        netns: 'node/a',
        ruleset: `table inet f {
          chain forward {
            type filter hook forward priority 0; policy accept
            ip saddr ${podIp(1)} ip daddr ${podIp(3)} drop
          }
        }
        `,
      },
      {
        kind: 'load-ruleset',
        netns: 'pod/3',
        ruleset: `table inet f {
          chain output {
            type filter hook output priority 0; policy accept
            ip daddr ${podIp(2)} drop
          }
        }
        `,
      },
      {
        kind: 'add-route',
        netns: 'pod/1',
        to: { address: ip('192.0.2.0'), prefix: 24 },
        hop: { kind: 'unreachable' },
        table: 254,
      },
      {
        kind: 'add-route',
        netns: 'pod/1',
        to: { address: ip('198.51.100.0'), prefix: 24 },
        hop: { kind: 'blackhole' },
        table: 254,
      },
    ]);
  });
  afterAll(() => sandbox.close());

  test.each`
    protocol  | port  | probe                                                                     | seen
    ${'TCP'}  | ${80} | ${from(1, {})}                                                            | ${{ outcome: 'connected', answer: 'pod-2' }}
    ${'TCP'}  | ${81} | ${from(1, { port: 81 })}                                                  | ${{ outcome: 'refused' }}
    ${'TCP'}  | ${80} | ${from(1, { destination: podIp(1) })}                                     | ${{ outcome: 'connected', answer: 'pod-1' }}
    ${'TCP'}  | ${80} | ${from(1, { destination: podIp(3) })}                                     | ${{ outcome: 'timed-out' }}
    ${'TCP'}  | ${80} | ${from(1, { source: podIp(1) })}                                          | ${{ outcome: 'connected', answer: 'pod-2' }}
    ${'TCP'}  | ${80} | ${from(1, { destination: ip('192.0.2.1') })}                              | ${{ outcome: 'unreachable' }}
    ${'TCP'}  | ${80} | ${from(1, { destination: ip('198.51.100.1') })}                           | ${{ outcome: 'unreachable' }}
    ${'TCP'}  | ${80} | ${from(2, { destination: ip('203.0.113.1') })}                            | ${{ outcome: 'unreachable' }}
    ${'TCP'}  | ${80} | ${from(3, {})}                                                            | ${{ outcome: 'timed-out' }}
    ${'UDP'}  | ${53} | ${from(1, { protocol: 'UDP', port: 53 })}                                 | ${{ outcome: 'connected', answer: 'probe' }}
    ${'UDP'}  | ${54} | ${from(1, { protocol: 'UDP', port: 54 })}                                 | ${{ outcome: 'refused' }}
    ${'UDP'}  | ${53} | ${from(1, { protocol: 'UDP', port: 53, destination: podIp(3) })}          | ${{ outcome: 'timed-out' }}
    ${'UDP'}  | ${53} | ${from(3, { protocol: 'UDP', port: 53 })}                                 | ${{ outcome: 'timed-out' }}
    ${'UDP'}  | ${53} | ${from(2, { protocol: 'UDP', port: 53, destination: ip('203.0.113.1') })} | ${{ outcome: 'unreachable' }}
    ${'ICMP'} | ${0}  | ${from(1, { protocol: 'ICMP', port: 0 })}                                 | ${{ outcome: 'connected' }}
    ${'ICMP'} | ${0}  | ${from(1, { protocol: 'ICMP', port: 0, destination: podIp(3) })}          | ${{ outcome: 'timed-out' }}
    ${'ICMP'} | ${0}  | ${from(2, { protocol: 'ICMP', port: 0, destination: ip('203.0.113.1') })} | ${{ outcome: 'unreachable' }}
  `(
    '$probe.netns to $probe.destination $protocol $port: $seen.outcome',
    async ({ probe, seen }) => {
      expect(await sandbox.probe([probe], quick)).toEqual([{ ...seen, trace: [] }]);
    },
  );

  test('answers keep the order asked, whatever finished first', async () => {
    const probes = [podIp(3), podIp(2), podIp(3), podIp(1), podIp(2)].map((destination) =>
      from(1, { destination }),
    );
    const seen = await sandbox.probe(probes, quick);
    expect(seen.map(({ answer }) => answer)).toEqual([
      undefined,
      'pod-2',
      undefined,
      'pod-1',
      'pod-2',
    ]);
  });

  test('refusals are never rationed: a hundred of them are a hundred', async () => {
    const probes = Array.from({ length: 100 }, () => from(1, { protocol: 'UDP', port: 54 }));
    const seen = await sandbox.probe(probes, quick);
    expect(new Set(seen.map(({ outcome }) => outcome))).toEqual(new Set(['refused']));
  });

  test('a command inside a pod sees the pod', async () => {
    const resolvConf = 'nameserver 10.96.0.10\n';
    await sandbox.run([{ kind: 'set-resolver', netns: 'pod/1', resolvConf }]);
    const script = 'cat /etc/resolv.conf && cat /proc/net/dev | grep -c eth0 && id -u';
    const { code, stdout } = await sandbox.exec('pod/1', ['sh', '-c', script]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${resolvConf}1\n0\n` });
  });

  test('a removed pod is gone at once, and its name and cable can be used again', async () => {
    const again = podsOn('node/b', 3).filter(
      (command) => JSON.stringify(command).includes('pod/3') && command.kind !== 'listen',
    );
    expect(again.length).toBeGreaterThan(3);
    await sandbox.run([{ kind: 'remove-netns', netns: 'pod/3' }, ...again.map(onNodeA)]);
    expect((await sandbox.describe()).namespaces).toEqual(['node/a', 'pod/1', 'pod/2', 'pod/3']);
  });

  test('the command that failed is named, and the sandbox goes on', async () => {
    const missing = { kind: 'set-link', netns: 'pod/1', device: 'eth7', state: 'up' } as const;
    await expect(sandbox.run([missing])).rejects.toThrow("'pod/1' has no device 'eth7'");
    const broken = { kind: 'load-ruleset', netns: 'pod/1', ruleset: 'table inet' } as const;
    await expect(sandbox.run([broken])).rejects.toThrow('load-ruleset pod/1: nft: /dev/stdin:1:');
    expect(await sandbox.probe([from(1, {})], quick)).toMatchObject([{ outcome: 'connected' }]);
  });
});

const onNodeA = <T>(command: T): T =>
  JSON.parse(JSON.stringify(command).replaceAll('node/b', 'node/a')) as T;
