import { probeOf } from '../../lib/dataplane/probes';
import { ip } from '../../lib/model/address';
import type { Flow, FlowEnd } from '../../lib/model/flow';
import { node, pod, service, shop } from '../build/model';

const w = {
  ...shop,
  nodes: [...shop.nodes, node('c', '10.0.0.30', '2001:db8::30')],
  pods: [
    ...shop.pods,
    pod('shop/dual', 'c', ['10.0.3.10', '2001:db8:3::10']),
    pod('shop/agent', 'a', '10.0.0.10', { hostNetwork: true }),
  ],
  services: [
    ...shop.services,
    service('shop/peers', {
      headless: true,
      ports: [
        {
          protocol: 'TCP',
          port: 80,
          backends: [
            { address: ip('10.0.1.99'), port: 80, ready: false },
            { address: ip('10.0.1.11'), port: 80, ready: true },
          ],
        },
      ],
    }),
    service('shop/nobody', { headless: true }),
  ],
};

const ends: Record<string, FlowEnd> = {
  web: { kind: 'pod', namespace: 'shop', name: 'web' },
  db: { kind: 'pod', namespace: 'shop', name: 'db' },
  dual: { kind: 'pod', namespace: 'shop', name: 'dual' },
  agent: { kind: 'pod', namespace: 'shop', name: 'agent' },
  ghost: { kind: 'pod', namespace: 'shop', name: 'ghost' },
  'svc:db': { kind: 'service', namespace: 'shop', name: 'db' },
  'svc:peers': { kind: 'service', namespace: 'shop', name: 'peers' },
  'svc:nobody': { kind: 'service', namespace: 'shop', name: 'nobody' },
  'node:b': { kind: 'node', name: 'b' },
  internet: { kind: 'internet' },
  'ip:db': { kind: 'ip', address: ip('10.0.2.10') },
  'ip:far': { kind: 'ip', address: ip('198.51.100.7') },
  'ip:six': { kind: 'ip', address: ip('2001:db8:3::10') },
};
const end = (name: string): FlowEnd => ends[name] ?? { kind: 'internet' };
const flow = (from: string, to: string, port: Flow['port'] = 5432): Flow => ({
  from: end(from),
  to: end(to),
  protocol: 'TCP',
  port,
});

test.each`
  from          | to              | port    | netns                     | source              | destination         | number
  ${'web'}      | ${'db'}         | ${5432} | ${'pod/shop/web'}         | ${undefined}        | ${'10.0.2.10'}      | ${5432}
  ${'web'}      | ${'db'}         | ${'pg'} | ${'pod/shop/web'}         | ${undefined}        | ${'10.0.2.10'}      | ${5432}
  ${'web'}      | ${'svc:db'}     | ${'pg'} | ${'pod/shop/web'}         | ${undefined}        | ${'172.20.0.5'}     | ${5432}
  ${'web'}      | ${'svc:db'}     | ${9}    | ${'pod/shop/web'}         | ${undefined}        | ${'172.20.0.5'}     | ${9}
  ${'web'}      | ${'svc:peers'}  | ${80}   | ${'pod/shop/web'}         | ${undefined}        | ${'10.0.1.11'}      | ${80}
  ${'web'}      | ${'svc:nobody'} | ${80}   | ${'pod/shop/web'}         | ${undefined}        | ${'192.0.0.8'}      | ${80}
  ${'web'}      | ${'node:b'}     | ${22}   | ${'pod/shop/web'}         | ${undefined}        | ${'10.0.0.20'}      | ${22}
  ${'web'}      | ${'internet'}   | ${443}  | ${'pod/shop/web'}         | ${undefined}        | ${'203.0.113.10'}   | ${443}
  ${'web'}      | ${'ip:db'}      | ${'pg'} | ${'pod/shop/web'}         | ${undefined}        | ${'10.0.2.10'}      | ${5432}
  ${'ip:db'}    | ${'web'}        | ${80}   | ${'pod/shop/db'}          | ${'10.0.2.10'}      | ${'10.0.1.10'}      | ${80}
  ${'ip:far'}   | ${'web'}        | ${80}   | ${'outside/198.51.100.7'} | ${'198.51.100.7'}   | ${'10.0.1.10'}      | ${80}
  ${'internet'} | ${'web'}        | ${80}   | ${'outside/internet'}     | ${undefined}        | ${'10.0.1.10'}      | ${80}
  ${'agent'}    | ${'web'}        | ${80}   | ${'node/a'}               | ${undefined}        | ${'10.0.1.10'}      | ${80}
  ${'web'}      | ${'dual'}       | ${80}   | ${'pod/shop/web'}         | ${undefined}        | ${'10.0.3.10'}      | ${80}
  ${'ip:six'}   | ${'dual'}       | ${80}   | ${'pod/shop/dual'}        | ${'2001:db8:3::10'} | ${'2001:db8:3::10'} | ${80}
`('$from -> $to:$port', ({ from, to, port, netns, source, destination, number }) => {
  expect(probeOf(w, flow(from, to, port))).toEqual({
    netns,
    ...(source === undefined ? {} : { source }),
    destination,
    protocol: 'TCP',
    port: number,
  });
});

test('ICMP has no port', () => {
  const ping: Flow = { from: end('web'), to: end('db'), protocol: 'ICMP', port: undefined };
  expect(probeOf(w, ping)).toMatchObject({ protocol: 'ICMP', port: 0 });
});

test.each`
  from        | to          | port      | code
  ${'web'}    | ${'ghost'}  | ${80}     | ${'unknown-end'}
  ${'svc:db'} | ${'web'}    | ${80}     | ${'unknown-end'}
  ${'web'}    | ${'db'}     | ${'nope'} | ${'unknown-port'}
  ${'web'}    | ${'svc:db'} | ${'nope'} | ${'unknown-port'}
`('$from -> $to:$port is $code', ({ from, to, port, code }) => {
  expect(() => probeOf(w, flow(from, to, port))).toThrow(expect.objectContaining({ code }));
});
