import { kubeProxyIptables } from '../../../lib/dataplane/nft/iptables-text';
import { ip } from '../../../lib/model/address';
import type { Service } from '../../../lib/model/world';
import { node, service, world } from '../../build/model';

const a = node('a', '10.0.0.10');

const web = (count: number, parts: Partial<Service> = {}, nodePort?: number): Service =>
  service('demo/web', {
    clusterIps: [ip('172.20.0.5')],
    ...parts,
    ports: [
      {
        name: 'http',
        protocol: 'TCP',
        port: 80,
        ...(nodePort === undefined ? {} : { nodePort }),
        backends: Array.from({ length: count }, (_, i) => ({
          address: ip(`10.0.1.${10 + i}`),
          port: 8080,
          ready: true,
          node: i === 0 ? 'a' : 'b',
        })),
      },
    ],
  });

const text = (one: Service): string => kubeProxyIptables(world({ nodes: [a], services: [one] }), a);

const probabilities = (rules: string): readonly string[] =>
  [...rules.matchAll(/-A KUBE-SVC-\S+ .*/g)].map(
    ([line]) => /--probability (\S+)/.exec(line)?.[1] ?? 'the rest',
  );

test.each`
  backends | shares
  ${1}     | ${['the rest']}
  ${2}     | ${['0.5000000000', 'the rest']}
  ${3}     | ${['0.3333333333', '0.5000000000', 'the rest']}
  ${4}     | ${['0.2500000000', '0.3333333333', '0.5000000000', 'the rest']}
`(
  '$backends backends: each rule takes its part of what is left, $shares',
  ({ backends, shares }) => {
    expect(probabilities(text(web(backends)))).toEqual(shares);
  },
);

test('every chain that is jumped to is declared, and filled or empty on purpose', () => {
  const rules = text(web(3, { type: 'NodePort', externalTrafficPolicy: 'Local' }, 30080));
  const declared = new Set([...rules.matchAll(/^:(\S+)/gm)].map(([, name]) => name));
  const wanted = [...rules.matchAll(/-j (KUBE-\S+)/g)].map(([, name]) => name);
  expect(wanted.filter((name) => !declared.has(name))).toEqual([]);
  expect(wanted.length).toBeGreaterThan(8);
  expect(rules).toContain('--dport 30080 -j KUBE-EXT-');
});

test.each([
  ['a', true],
  ['b', false],
])('a local node port sends on where the pod is: on node %s, from node a', (on, isKept) => {
  const local = web(1, { type: 'NodePort', externalTrafficPolicy: 'Local' }, 30080);
  const ports = local.ports.map((port) => ({
    ...port,
    backends: port.backends.map((backend) => ({ ...backend, node: on })),
  }));
  expect(/-A KUBE-EXT-\S+ -j KUBE-SVL-/.test(text({ ...local, ports }))).toBe(isKept);
});

test('three pods behind a Service, as the lab shows them', () => {
  const rules = text(web(3, { type: 'NodePort' }, 30080));
  expect(rules).toContain('--to-destination 10.0.1.10:8080');
  expect(rules).toMatchSnapshot();
});

test('a Service without endpoints is in no rule of this table', () => {
  expect(text(web(0))).not.toContain('demo/web');
});
