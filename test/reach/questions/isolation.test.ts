import { isolationsOf } from '../../../lib/reach/questions/isolation';
import { namespace, networkPolicy, pod } from '../../build/manifests';
import { worldOf } from '../../build/world-of';

const AS_WRITTEN = { staged: 'as-written' } as const;

const kinds = (objects: readonly object[]) =>
  isolationsOf(worldOf([namespace('shop'), ...objects]), AS_WRITTEN).map(
    ({ pod: name, direction, kind, by }) => [name, direction, kind, by],
  );

test('a policy isolates the directions that it names, and no other pod', () => {
  const closed = networkPolicy('shop/closed', {
    podSelector: { matchLabels: { app: 'db' } },
    policyTypes: ['Ingress'],
  });
  const labels = { app: 'db' };
  expect(kinds([pod('shop/db', { labels }), pod('shop/web'), closed])).toEqual([
    ['db', 'egress', 'open', []],
    ['db', 'ingress', 'isolated', ['NetworkPolicy shop/closed']],
    ['web', 'egress', 'open', []],
    ['web', 'ingress', 'open', []],
  ]);
});

test('a tier that passes by default filters and does not isolate', () => {
  const policy = {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name: 'no-db' },
    spec: {
      priority: 5,
      subject: { namespaces: {} },
      egress: [{ action: 'Deny', to: [{ namespaces: {} }] }],
    },
  };
  expect(kinds([pod('shop/web'), policy])).toEqual([
    ['web', 'egress', 'filtered', ['AdminNetworkPolicy no-db']],
    ['web', 'ingress', 'open', []],
  ]);
});

test('policies do not see a pod on the host network', () => {
  const closed = networkPolicy('shop/closed', {});
  const agent = pod('shop/agent', { spec: { hostNetwork: true } });
  expect(kinds([agent, closed])).toEqual([
    ['agent', 'egress', 'exempt', []],
    ['agent', 'ingress', 'exempt', []],
  ]);
});
