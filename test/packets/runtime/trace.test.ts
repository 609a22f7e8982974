import type { Command } from '../../../lib/dataplane/commands/command';
import { ip } from '../../../lib/model/address';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets } from '../kernel';
import { podIp, podsOn } from './wire';

const options = { timeoutMs: 150, trace: 'on' } as const;
const load = (netns: string, ruleset: string): Command => ({
  kind: 'load-ruleset',
  netns,
  ruleset,
});

const node = `table inet policies {
  chain web {
    ip saddr ${podIp(3)} drop comment "default/web: 3 may not"
    accept comment "default/web: all others"
  }
  chain forward {
    type filter hook forward priority 0; policy drop
    ct state established,related accept comment "established"
    ip daddr ${podIp(2)} goto web
  }
}
table ip nat {
  chain prerouting {
    type nat hook prerouting priority -100; policy accept
    ip daddr 10.96.0.1 tcp dport 8080 dnat to ${podIp(2)}:80 comment "svc default/web"
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept
    ip saddr ${podIp(1)} masquerade comment "masquerade"
  }
}
`;
const first = `table inet own {
  chain output {
    type filter hook output priority 0; policy accept
    ip daddr ${podIp(2)} counter comment "leaves pod 1"
    tcp dport 99 drop comment "pod 1 may not 99"
  }
}
`;
const second = `table inet own {
  chain input {
    type filter hook input priority 0; policy accept
    counter comment "enters pod 2"
    tcp dport 81 drop comment "pod 2 refuses 81"
  }
  chain output {
    type filter hook output priority 0; policy accept
    udp sport 53 drop comment "pod 2 answers no UDP"
  }
}
`;

describePackets('what the kernel tells about a packet', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    await sandbox.run(podsOn('node/a', 3));
    await sandbox.run([load('node/a', node), load('pod/1', first), load('pod/2', second)]);
    await sandbox.run([
      {
        kind: 'add-address',
        netns: 'node/a',
        device: 'lo',
        address: ip('192.168.0.1'),
        prefix: 32,
      },
    ]);
  });
  afterAll(() => sandbox.close());

  const said = async (from: number, to: string, protocol: 'TCP' | 'UDP' | 'ICMP', port: number) => {
    const probe = { netns: `pod/${from}`, destination: ip(to), protocol, port };
    const [seen] = await sandbox.probe([probe], options);
    const rules = seen?.trace.filter(
      ({ comment, verdict }) => comment !== 'policy' || verdict === 'drop',
    );
    return {
      outcome: seen?.outcome,
      rules: rules?.map(({ netns, comment, verdict }) => `${netns}: ${comment}: ${verdict}`),
    };
  };

  test('every rule on the way there and back, in the order of the way', async () => {
    expect(await said(1, podIp(2), 'TCP', 80)).toEqual({
      outcome: 'connected',
      rules: [
        'pod/1: leaves pod 1: continue',
        'node/a: default/web: all others: accept',
        'node/a: masquerade: accept',
        'pod/2: enters pod 2: continue',
        'node/a: established: accept',
      ],
    });
  });

  test.each`
    what                                  | from | to             | protocol  | port    | outcome        | last
    ${'a policy that names the sender'}   | ${3} | ${podIp(2)}    | ${'TCP'}  | ${80}   | ${'timed-out'} | ${'node/a: default/web: 3 may not: drop'}
    ${"a chain's own policy"}             | ${1} | ${podIp(3)}    | ${'TCP'}  | ${80}   | ${'timed-out'} | ${'node/a: policy: drop'}
    ${"the sender's own rule"}            | ${1} | ${podIp(3)}    | ${'TCP'}  | ${99}   | ${'timed-out'} | ${'pod/1: pod 1 may not 99: drop'}
    ${"the receiver's rule"}              | ${1} | ${podIp(2)}    | ${'TCP'}  | ${81}   | ${'timed-out'} | ${'pod/2: pod 2 refuses 81: drop'}
    ${'the answer dropped on its way'}    | ${1} | ${podIp(2)}    | ${'UDP'}  | ${53}   | ${'timed-out'} | ${'pod/2: pod 2 answers no UDP: drop'}
    ${'a Service, translated on the way'} | ${1} | ${'10.96.0.1'} | ${'TCP'}  | ${8080} | ${'connected'} | ${'node/a: established: accept'}
    ${'an echo request'}                  | ${3} | ${podIp(2)}    | ${'ICMP'} | ${0}    | ${'timed-out'} | ${'node/a: default/web: 3 may not: drop'}
  `('$what', async ({ from, to, protocol, port, outcome, last }) => {
    const seen = await said(from, to, protocol, port);
    expect({ outcome: seen.outcome, last: seen.rules?.at(-1) }).toEqual({ outcome, last });
  });

  test('many at once are told apart, and nothing of the tracing stays', async () => {
    const probes = Array.from({ length: 600 }, (_, i) => ({
      netns: `pod/${1 + (i % 3)}`,
      destination: podIp(1 + (Math.floor(i / 3) % 3)),
      protocol: 'TCP' as const,
      port: 80,
    }));
    const seen = await sandbox.probe(probes, options);
    const decided = probes.map(({ netns, destination }, i) => {
      const drop = seen[i]?.trace.find(({ verdict }) => verdict === 'drop');
      return `${netns} ${destination} ${seen[i]?.outcome} ${drop?.comment ?? '-'}`;
    });
    expect([...new Set(decided)].sort()).toEqual([
      'pod/1 10.0.0.1 connected -',
      'pod/1 10.0.0.2 connected -',
      'pod/1 10.0.0.3 timed-out policy',
      'pod/2 10.0.0.1 timed-out policy',
      'pod/2 10.0.0.2 connected -',
      'pod/2 10.0.0.3 timed-out policy',
      'pod/3 10.0.0.1 timed-out policy',
      'pod/3 10.0.0.2 timed-out default/web: 3 may not',
      'pod/3 10.0.0.3 connected -',
    ]);
    const { stdout } = await sandbox.exec('node/a', ['nft', 'list', 'tables']);
    expect(stdout).toBe('table inet policies\ntable ip nat\n');
  });
});
