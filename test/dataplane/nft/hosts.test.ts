import { hostFilters } from '../../../lib/dataplane/nft/hosts';
import type { HostEndpoint } from '../../../lib/model/world';
import { node, pod, world } from '../../build/model';

const a = node('a', '10.0.0.10');
const endpoint = (name: string, more: Partial<HostEndpoint> = {}): HostEndpoint => ({
  name,
  node: 'a',
  interfaceName: '*',
  labels: {},
  expectedIps: [],
  defaultAllow: false,
  ...more,
});

/** Rules of the endpoints' own chains and of the base chains, by chain; no policy is there. */
function chainsOf(...hostEndpoints: readonly HostEndpoint[]) {
  const all = world({ nodes: [a], pods: [pod('shop/web', 'a', '10.0.1.10')], hostEndpoints });
  const filters = hostFilters(all, () => undefined, { node: a, tunnelPort: undefined });
  return new Map(filters.map(({ chain }) => [chain.name, chain.rules]));
}

const DENIED = /^drop comment "calico-policy (ingress|egress) .* default"$/;

test.each([
  ['denies what no policy allowed', false, true],
  ['lets it pass where its profile allows', true, false],
])('the host’s own traffic: an endpoint %s', (_, defaultAllow, denies) => {
  const chains = chainsOf(endpoint('all', { defaultAllow }));
  const last = ['host-ingress', 'host-egress'].map((place) =>
    DENIED.test(chains.get(`${place}/all`)?.at(-1) ?? ''),
  );
  expect(last).toEqual([denies, denies]);
});

test('what only passes by is denied by no profile, and asks no endpoint without a policy', () => {
  const names = [...chainsOf(endpoint('all')).keys()];
  expect(names.toSorted()).toEqual(
    ['host-egress', 'host-egress/all', 'host-ingress', 'host-ingress/all'].toSorted(),
  );
});

test('a named interface comes before all of them', () => {
  const chains = chainsOf(endpoint('all'), endpoint('one', { interfaceName: 'eth0' }));
  expect(chains.get('host-ingress')).toEqual([
    'iifname "eth0" goto host-ingress/one',
    'iifname "eth*" goto host-ingress/all',
  ]);
});

test('endpoints of other nodes are not this one’s', () => {
  expect(chainsOf(endpoint('all', { node: 'b' })).size).toBe(0);
});
