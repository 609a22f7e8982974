import { askFact, type Fact, judgeFact } from '../../lib/lab/fact';

const links = JSON.stringify([
  { ifname: 'lo', flags: ['LOOPBACK', 'UP'], mtu: 65536 },
  { ifname: 'br0', flags: ['BROADCAST', 'UP'], mtu: 1500, linkinfo: { info_kind: 'bridge' } },
  { ifname: 'v0', flags: [], mtu: 1500, master: 'br0', linkinfo: { info_kind: 'veth' } },
]);
const addresses = JSON.stringify([
  { ifname: 'v0', addr_info: [{ local: '10.0.0.1', prefixlen: 32 }] },
]);
const routes = JSON.stringify([
  { dst: 'default', gateway: '10.0.0.254', dev: 'v0' },
  { dst: '10.0.0.0/24', dev: 'v0' },
]);
const fdb = JSON.stringify([
  { ifname: 'v0', mac: '02:00:00:00:00:01' },
  { ifname: 'br0', mac: '02:00:00:00:00:02', state: 'permanent' },
]);

test.each`
  fact                                                                 | output                                                                        | kind       | means
  ${{ kind: 'namespace', name: 'red', state: 'present' }}              | ${''}                                                                         | ${'wrong'} | ${'not made'}
  ${{ kind: 'namespace', name: 'red', state: 'absent' }}               | ${''}                                                                         | ${'right'} | ${''}
  ${{ kind: 'namespace', name: 'red', state: 'present' }}              | ${'[{"name":"red"}]'}                                                         | ${'right'} | ${''}
  ${{ kind: 'namespace', name: 'red', state: 'absent' }}               | ${'[{"name":"red"}]'}                                                         | ${'wrong'} | ${'still there'}
  ${{ kind: 'interface', device: 'br0', state: 'up', type: 'bridge' }} | ${links}                                                                      | ${'right'} | ${''}
  ${{ kind: 'interface', device: 'br0', state: 'up', type: 'veth' }}   | ${links}                                                                      | ${'wrong'} | ${'should be a veth'}
  ${{ kind: 'interface', device: 'v0', state: 'up' }}                  | ${links}                                                                      | ${'wrong'} | ${'carries nothing'}
  ${{ kind: 'interface', device: 'v0', state: 'down', master: 'br0' }} | ${links}                                                                      | ${'right'} | ${''}
  ${{ kind: 'interface', device: 'v0', state: 'down', master: 'br1' }} | ${links}                                                                      | ${'wrong'} | ${'not plugged into br1'}
  ${{ kind: 'interface', device: 'v0', state: 'down', mtu: 1450 }}     | ${links}                                                                      | ${'wrong'} | ${'mtu should be 1450'}
  ${{ kind: 'interface', device: 'v9', state: 'up' }}                  | ${links}                                                                      | ${'wrong'} | ${'not in this namespace'}
  ${{ kind: 'interface', device: 'v9', state: 'absent' }}              | ${links}                                                                      | ${'right'} | ${''}
  ${{ kind: 'interface', device: 'v0', state: 'absent' }}              | ${links}                                                                      | ${'wrong'} | ${'should be gone'}
  ${{ kind: 'address', device: 'v0', address: '10.0.0.1/32' }}         | ${addresses}                                                                  | ${'right'} | ${''}
  ${{ kind: 'address', device: 'v0', address: '10.0.0.1/24' }}         | ${addresses}                                                                  | ${'wrong'} | ${'prefix'}
  ${{ kind: 'address', device: 'v0', address: '10.0.0.2/24' }}         | ${addresses}                                                                  | ${'wrong'} | ${'missing'}
  ${{ kind: 'address', device: 'v9', address: '10.0.0.2/24' }}         | ${addresses}                                                                  | ${'wrong'} | ${'not here'}
  ${{ kind: 'route', to: 'default', via: '10.0.0.254' }}               | ${routes}                                                                     | ${'right'} | ${''}
  ${{ kind: 'route', to: 'default', via: '10.0.0.1' }}                 | ${routes}                                                                     | ${'wrong'} | ${'another way'}
  ${{ kind: 'route', to: '10.9.0.0/16' }}                              | ${routes}                                                                     | ${'wrong'} | ${'nowhere to go'}
  ${{ kind: 'learned-mac', device: 'v0' }}                             | ${fdb}                                                                        | ${'right'} | ${''}
  ${{ kind: 'learned-mac', device: 'br0' }}                            | ${fdb}                                                                        | ${'wrong'} | ${'learns from senders'}
  ${{ kind: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' }}        | ${'1\n'}                                                                      | ${'right'} | ${''}
  ${{ kind: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' }}        | ${'0\n'}                                                                      | ${'wrong'} | ${'must be 1'}
  ${{ kind: 'leases', store: '/x', count: 2 }}                         | ${'{"ips":[{"address":"10.0.0.1/32"}]}\n{"ips":[{"address":"10.0.0.2/32"}]}'} | ${'right'} | ${''}
  ${{ kind: 'leases', store: '/x', count: 2 }}                         | ${'{"ips":[{"address":"10.0.0.1/32"}]}\n{"ips":[{"address":"10.0.0.1/32"}]}'} | ${'wrong'} | ${'one address'}
  ${{ kind: 'leases', store: '/x', count: 2 }}                         | ${'{"holders":{"10.0.0.1":{"containerId":"a"}}}'}                             | ${'wrong'} | ${'should be 2'}
`('$fact.kind $fact.device: $kind $means', ({ fact, output, kind, means }) => {
  const finding = judgeFact(fact as Fact, output);
  expect(finding.kind).toBe(kind);
  if (finding.kind === 'wrong') {
    expect(finding.means).toContain(means);
    expect(finding.look).not.toBe('');
  }
});

test('every question to the kernel only reads', () => {
  expect(askFact({ kind: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' })).toEqual([
    'cat',
    '/proc/sys/net/ipv4/ip_forward',
  ]);
  expect(askFact({ kind: 'route', to: 'default' })).toEqual([
    'ip',
    '-j',
    'route',
    'show',
    'table',
    'main',
  ]);
});
