import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Reading } from '../../../lib/model/problem';
import { createEngine } from '../../../lib/reach/engine';
import { readFlows } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';
import { calico, flow, namespace, node, pod } from '../../build/manifests';
import { foreignVectors, lacksVectors, testUnless } from '../../skip';
import { judged } from '../verdict-and-rules';

/** Where Calico differs from what one would expect, as its own calculation graph decides. */

const cluster = [
  namespace('shop', { env: 'prod' }),
  namespace('lab'),
  node('a', '10.1.0.1'),
  node('b', '10.1.0.2'),
  pod('shop/db', { labels: { app: 'db' }, node: 'a', ip: '10.0.0.10' }),
  pod('shop/web', { labels: { app: 'web' }, node: 'b', ip: '10.0.0.11' }),
  pod('shop/six', { labels: { app: 'six' }, node: 'b', ip: 'fd00::11' }),
  pod('shop/db6', { labels: { app: 'db' }, node: 'a', ip: 'fd00::10' }),
  pod('lab/cheat', {
    labels: { 'pcns.env': 'prod', 'pcsa.may': 'read' },
    node: 'b',
    ip: '10.0.0.12',
  }),
];

const policy = (name: string, spec: object) =>
  calico('GlobalNetworkPolicy', name, { selector: "app == 'db'", types: ['Ingress'], ...spec });
const allow = (source: object, rest: object = {}) =>
  policy('p', { ingress: [{ action: 'Allow', source, ...rest }] });
const set = (name: string, labels: Readonly<Record<string, string>>, nets: readonly string[]) => ({
  ...calico('GlobalNetworkSet', name, { nets }),
  metadata: { name, labels },
});

const verdict = (from: string, to: string, ...manifests: readonly unknown[]): string | undefined =>
  judged([...cluster, ...manifests], flow(from, to, 80))[0];

describe('a rule with excepted blocks of one family', () => {
  const four = allow({ notNets: ['192.0.2.0/24'] });

  test('allows its own family', () => {
    expect(verdict('shop/web', 'shop/db', four)).toBe('allowed');
  });

  test('does not exist for the other one', () => {
    expect(verdict('shop/six', 'shop/db6', four)).toBe('denied');
  });
});

describe('selector and notSelector of one side are one selector', () => {
  const sets = [
    set('partner', { kind: 'partner' }, ['198.51.100.0/24']),
    set('office', { kind: 'partner', zone: 'office' }, ['198.51.100.0/25']),
  ];
  const rule = allow({ selector: "kind == 'partner'", notSelector: "zone == 'office'" });

  test('a set that satisfies both is enough, whatever else holds the address', () => {
    expect(verdict('ip:198.51.100.7', 'shop/db', ...sets, rule)).toBe('allowed');
  });

  test('an address that only excluded sets hold does not match', () => {
    const office = set('office', { kind: 'partner', zone: 'office' }, ['198.51.101.0/24']);
    expect(verdict('ip:198.51.101.7', 'shop/db', office, rule)).toBe('denied');
  });

  test('a notSelector alone is asked of all that holds the address', () => {
    const alone = allow({ notSelector: "zone == 'office'" });
    expect(verdict('ip:198.51.100.7', 'shop/db', ...sets, alone)).toBe('denied');
    expect(verdict('ip:198.51.100.200', 'shop/db', ...sets, alone)).toBe('allowed');
  });
});

test('a pod cannot pretend labels of its namespace or its service account', () => {
  const prod = allow({ namespaceSelector: "env == 'prod'" });
  expect(verdict('shop/web', 'shop/db', prod)).toBe('allowed');
  expect(verdict('lab/cheat', 'shop/db', prod)).toBe('denied');
  const readers = allow({ serviceAccounts: { selector: "may == 'read'" } });
  expect(verdict('lab/cheat', 'shop/db', readers)).toBe('denied');
});

test('the default tier may pass on what its policies do not decide', () => {
  const tier = calico('Tier', 'default', { order: 1_000_000, defaultAction: 'Pass' });
  expect(verdict('shop/web', 'shop/db', allow({ nets: ['192.0.2.0/24'] }))).toBe('denied');
  expect(verdict('shop/web', 'shop/db', allow({ nets: ['192.0.2.0/24'] }), tier)).toBe('allowed');
});

describe('what is empty says nothing', () => {
  test.each([
    ['a selector of a side', { selector: '' }],
    ['a notSelector', { notSelector: '' }],
    ['a namespaceSelector', { namespaceSelector: '' }],
    ['blocks', { nets: [], notNets: [] }],
    ['service accounts', { serviceAccounts: { names: [], selector: '' } }],
  ])('%s: an address that is in no set matches too', (_, side) => {
    expect(verdict('ip:192.0.2.9', 'shop/db', allow(side))).toBe('allowed');
  });

  test('a policy with an empty selector applies to every pod', () => {
    expect(verdict('shop/db', 'shop/web', policy('all', { selector: '' }))).toBe('denied');
  });
});

describe('a rule knows a host endpoint by its expected addresses', () => {
  const host = (expectedIPs: readonly string[]) => ({
    ...calico('HostEndpoint', 'h', {
      node: 'b',
      interfaceName: '*',
      expectedIPs,
      profiles: ['projectcalico-default-allow'],
    }),
    metadata: { name: 'h', labels: { role: 'mgmt' } },
  });
  const rule = allow({ selector: "role == 'mgmt'" });

  test.each([
    [['10.1.0.2'], 'allowed'],
    [[], 'denied'],
  ])('%j: %s', (addresses, answer) => {
    expect(verdict('node:b', 'shop/db', host(addresses), rule)).toBe(answer);
  });
});

test('namespaces of a ClusterNetworkPolicy match network sets of these namespaces too', () => {
  const admin = {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'admin' },
    spec: {
      tier: 'Admin',
      priority: 1,
      subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'db' } } } },
      ingress: [{ action: 'Deny', from: [{ namespaces: { matchLabels: { env: 'prod' } } }] }],
    },
  };
  const partners = calico('NetworkSet', 'shop/partners', { nets: ['203.0.113.0/24'] });
  expect(verdict('ip:203.0.113.9', 'shop/db', admin)).toBe('allowed');
  expect(verdict('ip:203.0.113.9', 'shop/db', admin, partners)).toBe('denied');
});

interface Judged {
  readonly id: string;
  readonly manifests: readonly object[];
  readonly flows: readonly (readonly [from: string, to: string, protocol: string, port?: number])[];
  readonly verdicts: string;
}

const FILES = ['calico-worlds.jsonl.gz', 'calico-odd.jsonl.gz'] as const;
const whereGiven = testUnless(lacksVectors(...FILES));

const read = <T>(reading: Reading<T>): T => {
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
};

/** The flows of a world that Calico answers otherwise; `unknown` counts as no answer. */
function differing({ manifests, flows, verdicts }: Judged): readonly unknown[] {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const world = read(readWorld({ manifests: [{ path: 'world.json', text }] }));
  const lines = flows.map(([from, to, protocol, port]) =>
    JSON.stringify({ from, to, protocol, ...(typeof port === 'number' && { port }) }),
  );
  const engine = createEngine(world, { staged: 'as-written' });
  return read(readFlows({ path: 'flows', text: lines.join('\n') }, world)).filter((asked, i) => {
    const answer = engine.explain(asked).verdict;
    return answer !== 'unknown' && (answer === 'allowed') !== (verdicts[i] === '.');
  });
}

for (const name of FILES) {
  whereGiven(`every tenth world of Calico 3.32.1 in ${name}`, () => {
    const worlds = gunzipSync(readFileSync(foreignVectors(name)))
      .toString()
      .trim()
      .split('\n');
    const some = worlds.filter((_, i) => i % 10 === 8).map((line): Judged => JSON.parse(line));
    expect(some.flatMap((world) => differing(world).map((asked) => [world.id, asked]))).toEqual([]);
  });
}
