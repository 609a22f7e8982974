import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALB_ANNOTATIONS } from '../../../lib/read/http/alb-annotations';
import { type FieldTable, fateOf } from '../../../lib/read/http/fields';
import {
  GATEWAY_CLASS_FIELDS,
  GATEWAY_FIELDS,
  INGRESS_CLASS_PARAMS_FIELDS,
  REFERENCE_GRANT_FIELDS,
} from '../../../lib/read/http/gateway-fields';
import { NGINX_ANNOTATIONS } from '../../../lib/read/http/nginx-annotations';
import { HTTP_ROUTE_FIELDS } from '../../../lib/read/http/route-fields';

/**
 * The fields of the CRDs of Gateway API v1.6.3 (experimental channel) and of the AWS Load Balancer
 * Controller, and the annotations of both controllers, as their own sources list them.
 */
const golden = (file: string): string =>
  readFileSync(join(__dirname, '../../golden/http', file), 'utf8');

const TABLES: Readonly<Record<string, FieldTable>> = {
  gatewayclasses: GATEWAY_CLASS_FIELDS,
  gateways: GATEWAY_FIELDS,
  httproutes: HTTP_ROUTE_FIELDS,
  referencegrants: REFERENCE_GRANT_FIELDS,
  ingressclassparams: INGRESS_CLASS_PARAMS_FIELDS,
};

const kinds = golden('gateway-api-fields.txt')
  .split('# ')
  .filter((part) => part.trim() !== '')
  .map((part) => {
    const [kind = '', ...fields] = part.trim().split('\n');
    return { kind, fields, table: TABLES[kind] ?? {} };
  });

test.each(kinds)(
  'every field of $kind is served, refused or without effect',
  ({ fields, table }) => {
    expect(fields.length).toBeGreaterThan(2);
    expect(fields.filter((field) => fateOf(table, field) === undefined)).toEqual([]);
  },
);

test.each(kinds)('the table of $kind names no field that the CRD has not', ({ fields, table }) => {
  const isThere = (path: string): boolean =>
    fields.some(
      (field) => field === path || field.startsWith(`${path}.`) || path.startsWith(`${field}.`),
    );
  expect(Object.keys(table).filter((path) => !isThere(path))).toEqual([]);
});

test.each([
  ['alb-annotations.txt', ALB_ANNOTATIONS],
  ['nginx-annotations.txt', NGINX_ANNOTATIONS],
] as const)('every annotation of %s is served, refused or without effect', (file, { fates }) => {
  const names = golden(file).trim().split('\n');
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => !Object.hasOwn(fates, name))).toEqual([]);
});

test('what is refused says what to do', () => {
  const tables = [...Object.values(TABLES), ALB_ANNOTATIONS.fates, NGINX_ANNOTATIONS.fates];
  const fixes = tables.flatMap((table) =>
    Object.values(table).flatMap((fate) => (typeof fate === 'object' ? [fate.refused] : [])),
  );
  expect(fixes.length).toBeGreaterThan(40);
  expect(fixes.filter((fix) => fix.length < 15)).toEqual([]);
});
