import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets } from '../kernel';
import { podIp, podsOn } from './wire';

const name = 'web.shop.svc.cluster.local';
const a = (data: string) => ({ name, type: 'A', data }) as const;

describePackets('DNS between pods', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    const withoutListeners = podsOn('node/a', 3).filter(({ kind }) => kind !== 'listen');
    const search = 'search shop.svc.cluster.local svc.cluster.local cluster.local';
    await sandbox.run([
      ...withoutListeners,
      {
        kind: 'serve-dns',
        netns: 'pod/2',
        records: [a('10.96.0.5'), { name: 'api.example.com', type: 'A', data: '203.0.113.7' }],
        authoritativeFor: ['cluster.local'],
      },
      {
        kind: 'set-resolver',
        netns: 'pod/1',
        resolvConf: `${search}\nnameserver ${podIp(2)}\noptions ndots:5\n`,
      },
      { kind: 'set-resolver', netns: 'pod/3', resolvConf: `nameserver ${podIp(1)}\n` },
    ]);
  });
  afterAll(() => sandbox.close());

  test('the search list finds a short name', async () => {
    const seen = await sandbox.resolve({ netns: 'pod/1', name: 'web', type: 'A', timeoutMs: 500 });
    expect(seen).toEqual([{ name, kind: 'answered', records: [a('10.96.0.5')] }]);
  });

  test('a name outside costs the whole search list first', async () => {
    const inquiry = { netns: 'pod/1', name: 'api.example.com', type: 'A', timeoutMs: 500 } as const;
    expect((await sandbox.resolve(inquiry)).map((lookup) => [lookup.name, lookup.kind])).toEqual([
      ['api.example.com.shop.svc.cluster.local', 'no-name'],
      ['api.example.com.svc.cluster.local', 'no-name'],
      ['api.example.com.cluster.local', 'no-name'],
      ['api.example.com', 'answered'],
    ]);
  });

  test('a server that is not there is told from a name that is not there', async () => {
    const inquiry = { netns: 'pod/3', name: 'web.shop.', type: 'A', timeoutMs: 100 } as const;
    expect(await sandbox.resolve(inquiry)).toEqual([{ name: 'web.shop', kind: 'refused' }]);
    const ruleset = `table inet f {
      chain output {
        type filter hook output priority 0; policy drop
      }
    }
    `;
    await sandbox.run([{ kind: 'load-ruleset', netns: 'pod/3', ruleset }]);
    expect(await sandbox.resolve(inquiry)).toEqual([{ name: 'web.shop', kind: 'timed-out' }]);
  });

  test("the machine's own resolver uses the pod's resolv.conf", async () => {
    const { stdout } = await sandbox.exec('pod/1', ['getent', 'ahostsv4', 'web']);
    expect(stdout).toContain('10.96.0.5');
  });

  test('a stage may change the records under a running server', async () => {
    await sandbox.run([
      { kind: 'serve-dns', netns: 'pod/2', records: [a('10.96.0.6')], authoritativeFor: [] },
    ]);
    const seen = await sandbox.resolve({ netns: 'pod/1', name: 'web', type: 'A', timeoutMs: 500 });
    expect(seen).toMatchObject([{ kind: 'answered', records: [a('10.96.0.6')] }]);
  });

  test('TCP 53 answers too', async () => {
    const script = `const s = require('net').connect(53, '${podIp(2)}');
      const q = Buffer.from('0007010000010000000000000377656204' + Buffer.from('shop').toString('hex') + '0373766307' + Buffer.from('cluster').toString('hex') + '05' + Buffer.from('local').toString('hex') + '0000010001', 'hex');
      s.write(Buffer.concat([Buffer.from([0, q.length]), q]));
      s.on('data', (d) => { console.log(d.subarray(-4).join('.')); s.destroy(); });`;
    const { stdout, stderr } = await sandbox.exec('pod/1', [process.execPath, '-e', script]);
    expect({ stdout, stderr }).toEqual({ stdout: '10.96.0.6\n', stderr: '' });
  });
});
