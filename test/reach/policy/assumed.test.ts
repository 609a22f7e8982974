import { VERDICTS } from '../../../lib/model/matrix';
import { createEngine } from '../../../lib/reach/engine';
import { parseFlow } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';
import { calico, end, namespace, networkPolicy, node, pod, service } from '../../build/manifests';
import { readOf } from '../../build/reading';

/**
 * An address that the manifests do not give is whatever the cluster hands out: a verdict that depends
 * on it is unknown.
 */

const cluster = [namespace('shop'), namespace('lab')];
const blocks = networkPolicy('lab/internet-only', {
  podSelector: {},
  policyTypes: ['Egress'],
  egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] }],
});

function explained(manifests: readonly object[], from: string, to: string) {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const snapshot = { manifests: [{ path: 'm.json', text }], addresses: 'unknown' } as const;
  const world = readOf(readWorld(snapshot));
  const flow = parseFlow(from, to, world);
  if (!('from' in flow)) throw new Error(JSON.stringify(flow));
  const { verdict, by } = createEngine(world, { staged: 'as-written' }).explain(flow);
  return { verdict, because: by[0]?.because ?? '' };
}

const client = pod('lab/cli', { ip: '10.9.0.1' });

test.each([
  [undefined, 'unknown'],
  ['100.64.3.4', 'allowed'],
  ['10.0.3.4', 'denied'],
])('a pod at %s, seen by an ipBlock, is %s', (ip, verdict) => {
  const web = pod('shop/web', ip === undefined ? {} : { ip });
  expect(explained([...cluster, client, web, blocks], 'lab/cli', 'shop/web:80').verdict).toBe(
    verdict,
  );
});

test('the answer names the pod whose address is missing, and what would tell', () => {
  const { because } = explained(
    [...cluster, client, pod('shop/web'), blocks],
    'lab/cli',
    'shop/web:80',
  );
  expect(because).toContain('the address of shop/web');
  expect(because).toContain('status.podIP');
});

test('what no address decides stays certain', () => {
  const deny = networkPolicy('shop/deny', { podSelector: {}, policyTypes: ['Ingress'] });
  const all = networkPolicy('lab/all', {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }],
  });
  const objects = [...cluster, client, pod('shop/web')];
  expect(explained([...objects, deny], 'lab/cli', 'shop/web:80').verdict).toBe('denied');
  expect(explained([...objects, all], 'lab/cli', 'shop/web:80').verdict).toBe('allowed');
});

test('a network set may hold the address of a pod, so its labels may be the pod’s', () => {
  const set = {
    ...calico('GlobalNetworkSet', 'partners', { nets: ['10.20.0.0/16'] }),
    metadata: { name: 'partners', labels: { kind: 'partner' } },
  };
  const policy = calico('NetworkPolicy', 'shop/p', {
    selector: 'all()',
    ingress: [
      { action: 'Allow', source: { selector: "kind == 'partner'", namespaceSelector: 'global()' } },
    ],
  });
  const objects = [...cluster, pod('shop/web'), set, policy];
  expect(explained([...objects, pod('lab/any')], 'lab/any', 'shop/web:80').verdict).toBe('unknown');
  expect(explained([...objects, client], 'lab/cli', 'shop/web:80').verdict).toBe('denied');
});

describe('nodes that the manifests do not mention', () => {
  const policy = {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'no-nodes' },
    spec: {
      tier: 'Admin',
      priority: 1,
      subject: { namespaces: {} },
      egress: [
        { action: 'Deny', to: [{ nodes: { matchLabels: { 'kubernetes.io/os': 'linux' } } }] },
      ],
    },
  };

  test('may have any labels', () => {
    const { verdict, because } = explained(
      [...cluster, client, policy],
      'lab/cli',
      'node:node-a:80',
    );
    expect(verdict).toBe('unknown');
    expect(because).toContain('give its Node');
  });

  test('have theirs where they are given', () => {
    const linux = node('n1', '10.1.0.1', { 'kubernetes.io/os': 'linux' });
    const objects = [...cluster, client, policy, linux];
    expect(explained(objects, 'lab/cli', 'node:n1:80').verdict).toBe('denied');
  });
});

test('an address may be that of a pod whose address is not known', () => {
  const deny = networkPolicy('shop/deny', { podSelector: {}, policyTypes: ['Ingress'] });
  const objects = [...cluster, client, pod('shop/web'), deny];
  const { verdict, because } = explained(objects, 'lab/cli', 'ip:10.0.1.1:80');
  expect(verdict).toBe('unknown');
  expect(because).toContain('10.0.1.1 may be the address of shop/web');
  expect(explained(objects, 'lab/cli', 'ip:8.8.8.8:80').verdict).toBe('allowed');
});

describe('a Service whose pods give neither address nor node', () => {
  const web = service('shop/web', {
    port: 443,
    ports: [{ port: 443, targetPort: 80 }],
    clusterIP: '10.96.7.7',
    externalIPs: ['192.0.2.14'],
    selector: { app: 'web' },
  });
  const backend = pod('shop/web', { labels: { app: 'web' } });
  const closing = networkPolicy('lab/to-the-address', {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '192.0.2.14/32' } }], ports: [{ port: 443 }] }],
  });
  const opening = networkPolicy('lab/to-shop', {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [{ to: [{ namespaceSelector: {} }] }],
  });
  const local = { ...web, spec: { ...web.spec, internalTrafficPolicy: 'Local' } };
  const caller = pod('lab/cli');

  // Kubernetes, "Virtual IPs and Service Proxies": the destination is rewritten on the caller's node.
  test.each([
    ['an egress that names an external IP', web, closing, 'ip:192.0.2.14:443', 'denied'],
    ['an egress that names the pods', web, opening, 'svc:shop/web:443', 'allowed'],
    ['an egress that refuses, of pods of one node', local, closing, 'ip:192.0.2.14:443', 'unknown'],
  ])('%s', (_, one, policy, to, verdict) => {
    const objects = [...cluster, caller, backend, one, policy];
    expect(explained(objects, 'lab/cli', to).verdict).toBe(verdict);
  });
});

describe('a Namespace that the input lacks may have any label but its name', () => {
  const web = pod('shop/web', { ip: '10.9.0.2', labels: { app: 'web' } });
  const from = (peer: object) =>
    networkPolicy('shop/from', { policyTypes: ['Ingress'], ingress: [{ from: [peer] }] });
  const byLabel = { namespaceSelector: { matchLabels: { team: 'lab' } } };

  test.each<[string, object, string]>([
    ['a label of it', byLabel, 'unknown'],
    [
      'no such label',
      {
        namespaceSelector: {
          matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['lab'] }],
        },
      },
      'unknown',
    ],
    [
      'a label of it and one that its pod lacks',
      { ...byLabel, podSelector: { matchLabels: { app: 'db' } } },
      'denied',
    ],
    [
      'its name',
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'lab' } } },
      'allowed',
    ],
    ['any namespace', { namespaceSelector: {} }, 'allowed'],
  ])('a rule that asks for %s', (_, peer, verdict) => {
    const objects = [namespace('shop'), web, client, from(peer)];
    expect(explained(objects, 'lab/cli', 'shop/web:80').verdict).toBe(verdict);
  });

  test('is known where it is given', () => {
    const objects = [namespace('shop'), namespace('lab'), web, client, from(byLabel)];
    expect(explained(objects, 'lab/cli', 'shop/web:80').verdict).toBe('denied');
  });

  test('a matrix and a list of flows say the same', () => {
    expect(askedInEveryWay([namespace('shop'), web, client, from(byLabel)])).toEqual(['unknown']);
  });
});

/** The verdicts of a matrix, of a list of flows and of single flows from lab/cli to shop/web, each once. */
function askedInEveryWay(items: readonly object[]): readonly (string | undefined)[] {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const world = readOf(readWorld({ manifests: [{ path: 'm.json', text }], addresses: 'unknown' }));
  const engine = createEngine(world, { staged: 'as-written' });
  const [one, two] = ['lab/cli', 'shop/web'].map(end);
  if (one === undefined || two === undefined) throw new Error('two ends');
  const flow = { from: one, to: two, protocol: 'TCP', port: 80 } as const;
  const matrix = engine.matrix({ sources: [one], targets: [flow] });
  const flows = Array.from({ length: 200 }, () => flow);
  const verdicts = [...engine.explainAll(flows), engine.explain(flow)].map(
    ({ verdict }) => verdict,
  );
  return [...new Set([...[...matrix.cells].map((cell) => VERDICTS[cell]), ...verdicts])];
}

/** A GlobalNetworkPolicy in a tier of its own, which passes on what no rule decides. */
const ofTier = (defaultAction: string, spec: object) => [
  calico('Tier', 'early', { order: 10, defaultAction }),
  calico('GlobalNetworkPolicy', 'early.one', { tier: 'early', types: ['Ingress'], ...spec }),
];
const denyAll = { ingress: [{ action: 'Deny' }] };
const allowAll = { ingress: [{ action: 'Allow' }] };
const admin = (subject: object, action: string) => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name: 'one' },
  spec: { priority: 5, subject, ingress: [{ action, from: [{ namespaces: {} }] }] },
});

describe('whom a policy selects by labels that the input does not give', () => {
  const web = pod('shop/web', { ip: '10.9.0.2', labels: { app: 'web' } });
  const team = { namespaceSelector: "team == 'lab'" };
  const isolated = networkPolicy('shop/none', { policyTypes: ['Ingress'] });
  const matchTeam = { matchLabels: { team: 'lab' } };

  test.each<[string, readonly object[], string]>([
    ['Calico, a denial by the label', ofTier('Pass', { ...team, ...denyAll }), 'unknown'],
    [
      'Calico, an allowance before nothing else',
      ofTier('Pass', { ...team, ...allowAll }),
      'allowed',
    ],
    [
      'Calico, an allowance before an isolation',
      [...ofTier('Pass', { ...team, ...allowAll }), isolated],
      'unknown',
    ],
    [
      'Calico, a denial before an isolation',
      [...ofTier('Pass', { ...team, ...denyAll }), isolated],
      'denied',
    ],
    ['Calico, no rule in a tier that denies', ofTier('Deny', { ...team, ingress: [] }), 'unknown'],
    ['Calico, no rule in a tier that passes', ofTier('Pass', { ...team, ingress: [] }), 'allowed'],
    [
      'Calico, a denial by a label of the pod too, which it lacks',
      ofTier('Pass', { ...team, selector: "app == 'db'", ...denyAll }),
      'allowed',
    ],
    [
      'Calico, by a label of the ServiceAccount',
      ofTier('Pass', { serviceAccountSelector: "team == 'lab'", ...denyAll }),
      'unknown',
    ],
    ['an administrator, by a label', [admin({ namespaces: matchTeam }, 'Deny')], 'unknown'],
    [
      'an administrator, by a label of namespaces and one that the pod lacks',
      [
        admin(
          { pods: { namespaceSelector: matchTeam, podSelector: { matchLabels: { app: 'db' } } } },
          'Deny',
        ),
      ],
      'allowed',
    ],
    [
      'an administrator, by the name of the namespace',
      [admin({ namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }, 'Deny')],
      'denied',
    ],
  ])('%s', (_, policies, verdict) => {
    expect(askedInEveryWay([namespace('lab'), web, client, ...policies])).toEqual([verdict]);
  });

  test('the answer names the policy, the pod and the object that would tell', () => {
    const denied = ofTier('Pass', { ...team, ...denyAll });
    expect(
      explained([namespace('lab'), web, client, ...denied], 'lab/cli', 'shop/web:80').because,
    ).toBe(
      'whether GlobalNetworkPolicy early.one selects shop/web, and so decides on lab/cli on TCP 80, is not known: it depends on the labels of Namespace shop, which the input does not give (give the Namespace)',
    );
    const byAccount = ofTier('Pass', { serviceAccountSelector: "team == 'lab'", ...denyAll });
    expect(
      explained([...cluster, web, client, ...byAccount], 'lab/cli', 'shop/web:80').because,
    ).toContain('the labels of ServiceAccount shop/default, which the input does not give');
  });

  test('is known where the objects are given', () => {
    const given = [namespace('shop', { team: 'lab' }), namespace('lab'), web, client];
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { namespace: 'shop', name: 'default', labels: { team: 'lab' } },
    };
    const byAccount = ofTier('Pass', { serviceAccountSelector: "team == 'lab'", ...denyAll });
    expect(askedInEveryWay([...given, ...ofTier('Pass', { ...team, ...denyAll })])).toEqual([
      'denied',
    ]);
    expect(askedInEveryWay([...given, account, ...byAccount])).toEqual(['denied']);
  });
});

test('a rule that asks for a label of a ServiceAccount that the input lacks', () => {
  const web = pod('shop/web', { ip: '10.9.0.2' });
  const source = (serviceAccounts: object) =>
    ofTier('Deny', {
      selector: "projectcalico.org/namespace == 'shop'",
      ingress: [{ action: 'Allow', source: { serviceAccounts } }],
    });
  const asked = (serviceAccounts: object) =>
    askedInEveryWay([...cluster, web, client, ...source(serviceAccounts)]);
  expect(asked({ selector: "team == 'lab'" })).toEqual(['unknown']);
  expect(asked({ names: ['default'] })).toEqual(['allowed']);
  expect(asked({ names: ['other'] })).toEqual(['denied']);
});
