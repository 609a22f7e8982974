import { CLOSED_FLOWS, CLOSED_WORLD } from './forgetting-world';
import { judged } from './judged';

/** Every way in which a template leaves a value to the deployment. */
const WAYS: Readonly<Record<string, unknown>> = {
  'a parameter without default': { Ref: 'Forgotten' },
  'an import of an absent stack': { 'Fn::ImportValue': 'absent-value' },
  'an SSM parameter': { Ref: 'Stored' },
  'a dynamic reference': '{{resolve:ssm:/stored}}',
  'an attribute of a custom resource': { 'Fn::GetAtt': ['Custom', 'Value'] },
  'a condition that is not known': { 'Fn::If': ['Perhaps', 'one', { Ref: 'AWS::NoValue' }] },
};

const template = (resources: object): string =>
  JSON.stringify({
    Parameters: {
      Forgotten: { Type: 'String' },
      Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/stored' },
    },
    Conditions: { Perhaps: { 'Fn::Equals': [{ Ref: 'Forgotten' }, 'x'] } },
    Resources: { ...resources, Custom: { Type: 'Custom::Thing', Properties: {} } },
  });

type Path = readonly string[];

/** Every place of a value below the properties of the resources. */
function places(value: unknown, path: Path = []): readonly Path[] {
  const own = path.length >= 3 ? [path] : [];
  const isFunction =
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).some((key) => /^(Ref|Fn::.*)$/.test(key));
  if (typeof value !== 'object' || value === null || isFunction) return own;
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key])),
  ].filter((one) => one.length >= 3 && one[1] === 'Properties');
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === key ? replaced(item, rest, by) : item));
  const own = Object.entries(value as object);
  return Object.fromEntries(own.map(([k, v]) => [k, k === key ? replaced(v, rest, by) : v]));
}

const verdicts = (resources: object): ReadonlyMap<string, string> =>
  judged(template(resources), CLOSED_FLOWS);

const before = verdicts(CLOSED_WORLD);

test('the closed world has certain verdicts, both ways', () => {
  const all = [...before.values()];
  expect(new Set(all)).toEqual(new Set(['allowed', 'denied', 'no-route']));
});

/** Names and descriptions decide nothing; sizes and versions are not about one flow. */
const DECIDES_NOTHING = /GroupDescription|MinSize|MaxSize|Domain|Version$/;

const cases = places(CLOSED_WORLD).filter((path) => !DECIDES_NOTHING.test(path.join('.')));

test('there are enough values to forget', () => {
  expect(cases.length * Object.keys(WAYS).length * CLOSED_FLOWS.length).toBeGreaterThan(5000);
});

test.each(Object.entries(WAYS))('%s: every verdict stays, or becomes unknown', (_, by) => {
  const wrong = cases.flatMap((path) => {
    const after = verdicts(replaced(CLOSED_WORLD, path, by) as object);
    return [...after].flatMap(([flow, now]) =>
      ['refused', 'unknown', before.get(flow)].includes(now)
        ? []
        : [`${path.join('.')}: ${flow} was ${before.get(flow)}, is ${now}`],
    );
  });
  expect(wrong).toEqual([]);
});
