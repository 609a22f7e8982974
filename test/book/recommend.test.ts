import { recommendFor } from '../../lib/book/engine/recommend';
import type { OpenWorld } from '../../lib/book/engine/worlds';
import { shopWith } from '../records/samples/shop';
import { REQUEST } from '../records/samples/vpc';

const recommended = (...texts: readonly string[]) =>
  recommendFor({ world: shopWith() } as OpenWorld, {
    key: 'own',
    enforcement: 'staged',
    records: texts.map((text, i) => ({ path: `log-${i}`, text })),
  });

const calico = (fields: object): string =>
  JSON.stringify({
    action: 'Allow',
    source_name: 'web-6c7d9f8b5d-*',
    source_namespace: 'shop',
    dest_name: 'api-5f4b8c7d66-*',
    dest_namespace: 'shop',
    protocol: 'tcp',
    dest_port: 8080,
    reporter: 'Src',
    ...fields,
  });

test('the page says what records do not tell, and which lines are no records', () => {
  const value = recommended(`${REQUEST}\nwhat is this`);
  if (value.kind !== 'recommended') throw new Error(JSON.stringify(value));
  expect(value.yaml).toContain('# shop/Deployment/web -> shop/Deployment/api TCP 8080: 1 record');
  expect(value.notes).toEqual(
    expect.arrayContaining([
      expect.stringContaining('log-0: 1 line or value is not a flow record and skipped'),
      expect.stringContaining('calls that stay on one node'),
      expect.stringContaining(
        'without a DNS lookup in the records: their lookups will be cut (1): shop',
      ),
    ]),
  );
});

test('what one file shows as denied another does not allow', () => {
  const value = recommended(calico({}), calico({ reporter: 'Dst', action: 'Deny' }));
  expect(value).toMatchObject({ kind: 'recommended', flows: 0, yaml: '' });
});

test('files without a record are refused', () => {
  expect(recommended('apiVersion: v1')).toMatchObject({
    kind: 'problems',
    problems: [{ problem: expect.stringContaining('this is YAML objects') }],
  });
});
