import { type Cidr, parseCidr } from '../../model/address';
import type { HttpValueMatch } from '../../model/http';
import { type At, complain } from '../schema/at';
import { BAD } from '../schema/refusal';
import { checked, list, object, oneOf, type Read, text } from '../schema/shape';
import { ALB_ANNOTATIONS } from './alb-annotations';
import { jsonOf } from './alb-settings';
import { annotationAt } from './annotations';
import { grouped } from './grouped';

const values = checked(list(text()), (all, at) => {
  if (all.length === 0) complain(at, 'values is empty', 'list at least one');
});
const withValues = object({ required: { values } });

const condition = checked(
  object({
    required: {
      field: oneOf(
        'host-header',
        'path-pattern',
        'http-header',
        'http-request-method',
        'query-string',
        'source-ip',
      ),
    },
    optional: {
      hostHeaderConfig: withValues,
      pathPatternConfig: withValues,
      httpHeaderConfig: object({ required: { httpHeaderName: text(), values } }),
      httpRequestMethodConfig: withValues,
      queryStringConfig: object({
        required: {
          values: list(object({ required: { value: text() }, optional: { key: text() } })),
        },
      }),
      sourceIPConfig: withValues,
    },
  }),
  ({ field, ...given }, at) => {
    const name = FIELD_OF[field];
    if (!Object.hasOwn(given, name)) complain(at, `${name} is missing for ${field}`, `add ${name}`);
  },
);

const FIELD_OF = {
  'host-header': 'hostHeaderConfig',
  'path-pattern': 'pathPatternConfig',
  'http-header': 'httpHeaderConfig',
  'http-request-method': 'httpRequestMethodConfig',
  'query-string': 'queryStringConfig',
  'source-ip': 'sourceIPConfig',
} as const;

const conditions = list(condition);

/** What `conditions.<name>` adds to every rule with that backend. */
export interface AlbConditions {
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly HttpValueMatch[];
  readonly query: readonly HttpValueMatch[];
  readonly clients?: readonly Cidr[];
}

const NONE: AlbConditions = { hosts: [], paths: [], methods: [], headers: [], query: [] };

/** The annotation `conditions.<name>` of an Ingress (its guide, conditions). */
export function annotatedConditions(
  name: string,
  annotations: Readonly<Record<string, string>>,
  at: At,
): AlbConditions {
  const key = `conditions.${name}`;
  const written = annotations[key];
  if (written === undefined) return NONE;
  const place = annotationAt(at, `${ALB_ANNOTATIONS.prefix}${key}`);
  const value = jsonOf(written);
  if (value === undefined) {
    complain(place, `'${written}' is not JSON`, 'write a list of conditions');
    return NONE;
  }
  const read = conditions(value, place);
  return read === BAD ? NONE : together(read, place);
}

function together(all: readonly Read<typeof condition>[], at: At): AlbConditions {
  const sources = all.flatMap(({ sourceIPConfig }) => sourceIPConfig?.values ?? []);
  const clients = sources.flatMap((item) => {
    const block = parseCidr(item);
    if (!('problem' in block)) return [block];
    complain(at, block.problem, block.fix);
    return [];
  });
  return {
    hosts: all.flatMap(({ hostHeaderConfig }) => hostHeaderConfig?.values ?? []),
    paths: all.flatMap(({ pathPatternConfig }) => pathPatternConfig?.values ?? []),
    methods: all.flatMap(({ httpRequestMethodConfig }) => httpRequestMethodConfig?.values ?? []),
    headers: all.flatMap(({ httpHeaderConfig: one }) =>
      one === undefined
        ? []
        : [{ name: one.httpHeaderName, kind: 'globs', values: one.values } as const],
    ),
    query: all.flatMap(({ queryStringConfig }) => queryOf(queryStringConfig?.values ?? [], at)),
    ...(sources.length > 0 && { clients }),
  };
}

/** Several values of one condition are alternatives; several keys are not supported together. */
function queryOf(
  pairs: readonly { readonly key?: string; readonly value: string }[],
  at: At,
): readonly HttpValueMatch[] {
  const byKey = grouped(pairs, ({ key }) => key);
  if (byKey.size > 1) {
    const problem = 'a query-string condition with several keys is not supported here';
    complain(at, problem, 'write one condition for each key, or a rule for each');
  }
  return [...byKey].map(([key, same]) => ({
    kind: 'globs',
    values: same.map(({ value }) => value),
    ...(key !== undefined && { name: key }),
  }));
}
