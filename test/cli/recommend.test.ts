import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { SHOP } from '../records/samples/shop';
import { newPerson } from './run';

const person = newPerson();
afterAll(person.leave);

/** Two flows as Whisker's backend writes them (whisker-backend/pkg/apis/v1: FlowResponse). */
const flow = (fields: object) => ({
  start_time: '2026-11-30T10:00:00Z',
  end_time: '2026-11-30T10:00:15Z',
  action: 'Allow',
  source_name: 'web-6c7d9f8b5d-*',
  source_namespace: 'shop',
  source_labels: 'app=web',
  dest_name: 'api-5f4b8c7d66-*',
  dest_namespace: 'shop',
  dest_labels: 'app=api',
  protocol: 'tcp',
  dest_port: 8080,
  reporter: 'Src',
  policies: { enforced: [], pending: [] },
  packets_in: 5,
  packets_out: 6,
  bytes_in: 400,
  bytes_out: 500,
  ...fields,
});
const FLOWS = [
  flow({}),
  flow({ source_name: 'api-5f4b8c7d66-*', dest_name: 'db-*', dest_port: 5432 }),
];
const LIST = JSON.stringify({ total: { totalPages: 1, totalResults: 2 }, items: FLOWS });
const STREAM = FLOWS.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('');

mkdirSync(join(person.folder, 'my/manifests'), { recursive: true });
person.write(
  'my/manifests/cluster.json',
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: SHOP }),
);
person.write('whisker.json', LIST);
const OWN = ['--manifests', 'my/manifests/', '--flows', 'whisker.json'];

const names = (yaml: string): readonly string[] =>
  parseAllDocuments(yaml).map((document) => {
    const { kind, metadata } = document.toJS() as {
      readonly kind: string;
      readonly metadata: { readonly name: string };
    };
    return `${kind} ${metadata.name}`;
  });

test.each([
  ['the list', LIST],
  ['the stream', STREAM],
])('the README’s line, word for word, with %s that Whisker gives', async (_what, text) => {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  const [, line = ''] = /^npx lab (recommend .*?) +#/m.exec(readme) ?? [];
  const [, file = ''] = /--flows (\S+)/.exec(line) ?? [];
  expect(readme).toContain(`> ${file} `);
  person.write(file, text);
  const ran = await person.here(...line.split(/ +/));
  expect(ran.code).toBe(0);
  expect(names(ran.out)).toEqual([
    'StagedKubernetesNetworkPolicy seen-default-deny',
    'StagedKubernetesNetworkPolicy seen-api',
    'StagedKubernetesNetworkPolicy seen-web',
    'StagedKubernetesNetworkPolicy seen-db',
  ]);
  expect(ran.err).toContain('4 policies; 6 flows seen: 6 kept, 0 lost');
  expect(ran.err).toContain('after the next deploy: 0 cut, 0 opened');
});

test('--html: each rule with its records, what to know, the proof and the policies; nothing loads', () => {
  const name = '<img src=x onerror=alert(1)>.json';
  person.write(name, LIST);
  const ran = person.lab('recommend', ...OWN.slice(0, 3), name, '--html', 'review.html');
  expect(ran.code).toBe(0);
  const page = readFileSync(join(person.folder, 'review.html'), 'utf8');
  for (const part of [
    '4 policies keep 6 of 6 flows that were seen',
    'shop/Deployment/web → shop/Deployment/api TCP 8080',
    '2026-11-30T10:00:15Z',
    'shop/seen-api, shop/seen-web',
    'namespaces without a flow in the records get no policy',
    'after the next deploy: 0 cut, 0 opened',
    'kind: StagedKubernetesNetworkPolicy',
  ]) {
    expect(page).toContain(part);
  }
  expect(page).not.toMatch(/<script|<img|https?:\/\//);
  expect(page).toContain('&lt;img src=x');
});

describe('--kind', () => {
  test('calico in a tier of the manifests', async () => {
    const tier = {
      apiVersion: 'projectcalico.org/v3',
      kind: 'Tier',
      metadata: { name: 'app' },
      spec: { order: 500 },
    };
    person.write('tier.json', JSON.stringify(tier));
    const ran = await person.here(
      ...['recommend', '--manifests', 'my/manifests/', 'tier.json', '--flows', 'whisker.json'],
      ...['--kind', 'calico', '--tier', 'app'],
    );
    expect(ran.code).toBe(0);
    expect(names(ran.out)).toContain('StagedNetworkPolicy app.seen-web');
    expect(ran.err).toContain('6 kept, 0 lost');
  });

  test('calico in a tier that is not there is refused', async () => {
    const ran = await person.here('recommend', ...OWN, '--kind', 'calico', '--tier', 'app');
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain("there is no tier 'app'");
  });

  test('cluster-network-policy, enforced', async () => {
    const kind = ['--kind', 'cluster-network-policy', '--enforced'];
    const ran = await person.here('recommend', ...OWN, ...kind);
    expect(ran.code).toBe(0);
    expect(names(ran.out)).toContain('ClusterNetworkPolicy seen-shop-web');
    expect(ran.err).toContain('6 kept, 0 lost');
    expect(ran.err).toContain('no rule for callers outside the cluster');
  });

  test.each([
    [['--kind', 'cluster-network-policy'], 'ClusterNetworkPolicy has no staged kind'],
    [['--tier', 'app'], '--tier is for policies of Calico'],
  ])('%s is refused', async (options, why) => {
    const ran = await person.here('recommend', ...OWN, ...options);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(why);
  });
});
