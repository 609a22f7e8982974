import { VERDICTS } from '../../../lib/model/matrix';
import { createEngine } from '../../../lib/reach/engine';
import { isolationsOf } from '../../../lib/reach/questions/isolation';
import { readWorld } from '../../../lib/read/world';
import { end, namespace, networkPolicy, pod } from '../../build/manifests';
import { readOf } from '../../build/reading';

/** The VPC CNI's DaemonSet as `kubectl get` prints it, with one variable of its container. */
const awsNode = (variable: object) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'aws-node', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { k: 'aws-node' } },
    template: {
      metadata: { labels: { k: 'aws-node' } },
      spec: {
        hostNetwork: true,
        containers: [
          { name: 'aws-node', env: [{ name: 'NETWORK_POLICY_ENFORCING_MODE', ...variable }] },
        ],
      },
    },
  },
});
const STRICT = awsNode({ value: 'strict' });

const worldOf = (...items: readonly object[]) => {
  const all = [
    namespace('shop'),
    pod('shop/cli', { node: 'a' }),
    pod('shop/web', { node: 'b' }),
    ...items,
  ];
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: all });
  return readOf(readWorld({ manifests: [{ path: 'm.json', text }] }));
};

/** The verdicts of one flow, of many and of a matrix, each once, and the first reason. */
function asked(...items: readonly object[]) {
  const engine = createEngine(worldOf(...items), { staged: 'as-written' });
  const [from, to] = [end('shop/cli'), end('shop/web')];
  const flow = { from, to, protocol: 'TCP', port: 80 } as const;
  const { verdict, by } = engine.explain(flow);
  const many = [...engine.explainAll(Array.from({ length: 200 }, () => flow))];
  const { cells } = engine.matrix({ sources: [from], targets: [flow] });
  const verdicts = [
    verdict,
    ...many.map((one) => one.verdict),
    ...[...cells].map((cell) => VERDICTS[cell]),
  ];
  return { all: [...new Set(verdicts)], because: by[0]?.because ?? '' };
}

const open = { from: [{ podSelector: {} }] };
const toAll = networkPolicy('shop/all', { policyTypes: ['Ingress'], ingress: [open] });
const callersOnly = networkPolicy('shop/callers', {
  podSelector: { matchLabels: { app: 'cli' } },
  policyTypes: ['Egress'],
  egress: [{}],
});

test.each<[string, readonly object[], string]>([
  ['no policy', [STRICT], 'denied'],
  ['the mode in capitals', [awsNode({ value: 'STRICT' })], 'denied'],
  ['standard mode', [awsNode({ value: 'standard' })], 'allowed'],
  ['no such variable', [awsNode({ name: 'OTHER', value: 'strict' })], 'allowed'],
  ['a policy for both, of ingress alone: egress is open too', [STRICT, toAll], 'allowed'],
  ['a policy of no pod here', [STRICT, callersOnly], 'denied'],
  [
    'a value that the file does not hold',
    [awsNode({ valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } })],
    'unknown',
  ],
])('strict mode of the VPC CNI: %s', (_, items, verdict) => {
  expect(asked(...items).all).toEqual([verdict]);
});

test('the answer names the setting', () => {
  expect(asked(STRICT).because).toBe(
    'VPC CNI setting NETWORK_POLICY_ENFORCING_MODE isolates shop/cli for egress and has no egress rule, so shop/web on TCP 80 is denied',
  );
  const hidden = awsNode({ valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } });
  expect(asked(hidden).because).toMatch(
    /^whether VPC CNI setting .* isolates shop\/cli, and so denies .*, is not known: it depends on NETWORK_POLICY_ENFORCING_MODE of DaemonSet aws-node/,
  );
});

test('such a pod is shown as isolated', () => {
  const kinds = isolationsOf(worldOf(STRICT), { staged: 'as-written' }).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['isolated', 'exempt']));
});
