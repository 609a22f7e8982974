import { compareWorlds } from '../../../lib/checks/state/differences';
import { comparePolicies } from '../../../lib/checks/state/policies';
import { compareServices } from '../../../lib/checks/state/services';
import { differenceLines } from '../../../lib/checks/state/text';
import { applying, isolates, leavesAnywhere, netpol } from '../../../lib/lab/trial-words';
import type { World } from '../../../lib/model/world';
import { findLab } from '../../../lib/session/catalogue';
import { stageWorld } from '../../../lib/session/lab-world';

const lab = findLab('k8s-5-network-policy');

/** The world of a stage, and of it with these objects applied on top. */
const world = (stage: string, ...objects: readonly object[]): World => {
  const act = applying(...objects);
  const text = act.kind === 'apply' ? act.manifests : '';
  return stageWorld(lab, stage, { applied: objects.length > 0 ? [{ path: 'x.yaml', text }] : [] });
};

const linesOf = (required: World, found: World, directions?: 'apart'): readonly string[] =>
  differenceLines(compareWorlds({ required, found }, directions), []);

test('a world equals itself, in every pair that is asked', () => {
  const app = world('app');
  const { pairs, differences } = compareWorlds({ required: app, found: app });
  expect(pairs).toBeGreaterThan(1000);
  expect(differences).toEqual([]);
});

test('what is open too much is named by its ends and ports, at most ten lines', () => {
  const lines = linesOf(world('default-deny'), world('open'));
  expect(lines.length).toBeLessThanOrEqual(10);
  expect(lines.every((line) => line.startsWith('still open: '))).toBe(true);
});

test('a cut lookup is said as names that do not resolve', () => {
  expect(linesOf(world('dns'), world('default-deny'))[0]).toMatch(
    /^closed too much: .* cannot resolve names \(TCP 53, UDP 53\)$/,
  );
});

test('one closed end does not hide that the other is open', () => {
  const found = world('open', isolates('shop', 'Ingress'));
  const lines = linesOf(world('default-deny'), found);
  expect(lines.join('\n')).toMatch(/still open: shop\/backend.* -> /);
});

test('a rule that admits pods which do not exist is found by one', () => {
  const allOfSystem = netpol('shop/allow-dns', {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      {
        to: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
        ],
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
    ],
  });
  const lines = linesOf(world('dns'), world('dns', allOfSystem));
  expect(lines).toEqual([
    expect.stringMatching(/-> a pod without labels in kube-system: TCP 53, UDP 53$/),
  ]);
});

test('an address outside, and every port, are asked too', () => {
  const lines = linesOf(world('app'), world('app', leavesAnywhere('shop')));
  expect(lines.join('\n')).toMatch(/-> .*internet|-> .*and \d+ more/);
});

test('directions apart: what one end admits counts though the other end denies', () => {
  const admits = netpol('shop/db', {
    podSelector: { matchLabels: { app: 'db' } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [
          {
            podSelector: {
              matchExpressions: [{ key: 'app', operator: 'In', values: ['backend', 'frontend'] }],
            },
          },
        ],
        ports: [{ port: 5432 }],
      },
    ],
  });
  const [required, found] = [world('app'), world('app', admits)];
  expect(linesOf(required, found)).toEqual([]);
  expect(linesOf(required, found, 'apart')).toEqual([
    'still open: shop/frontend -> shop/db: TCP 5432',
  ]);
});

test('a Service that leads to other pods differs, and one that is missing', () => {
  const required = world('open');
  const [first, ...rest] = required.services;
  if (first === undefined) throw new Error('the lab has Services');
  expect(compareServices({ required, found: required })).toEqual([]);
  expect(compareServices({ required, found: { ...required, services: rest } })).toEqual([
    `Service ${first.namespace}/${first.name} does not exist`,
  ]);
  const turned = { ...first, ports: first.ports.map((port) => ({ ...port, backends: [] })) };
  const found = { ...required, services: [turned, ...rest] };
  expect(compareServices({ required, found })).toEqual([
    expect.stringContaining('where its connections go'),
  ]);
});

test('policies are the same whatever they are called, and differ where one is missing', () => {
  const required = world('app');
  const renamed = required.policies.map((policy, i) => ({ ...policy, name: `other-${i}` }));
  expect(comparePolicies({ required, found: { ...required, policies: renamed } })).toEqual([]);
  const found = { ...required, policies: renamed.slice(1) };
  expect(comparePolicies({ required, found })).toEqual([
    'policies and tiers: 1 of the step are missing, 0 others are in force',
  ]);
});
