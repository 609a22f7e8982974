// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables so
import fc from 'fast-check';
import { readTemplates } from '../../../lib/read/cloudformation/templates';
import { productionTemplates } from '../../build/production-vpc';

/** Junk that may stand anywhere in a template that somebody edited. */
const junk = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.constantFrom<unknown>([], {}, [[]], [{}], { Ref: 'Nobody' }, { Ref: 7 }, { Ref: null }),
  fc.constantFrom<unknown>(
    { 'Fn::GetAtt': [] },
    { 'Fn::GetAtt': 'x' },
    { 'Fn::Select': [9, []] },
    { 'Fn::Select': 'x' },
    { 'Fn::Join': ['', {}] },
    { 'Fn::Join': null },
    { 'Fn::Cidr': ['10.0.0.0/8', 1, 99] },
    { 'Fn::Cidr': ['x', 'y', 'z'] },
    { 'Fn::Cidr': ['10.0.0.0/8', 256, -1] },
    { 'Fn::Sub': ['${', 7] },
    { 'Fn::If': ['Nobody'] },
    { 'Fn::FindInMap': [] },
    { 'Fn::ImportValue': { Ref: 'AWS::Region' } },
    { 'Fn::Split': [] },
    { 'Fn::Transform': 1 },
  ),
  fc.constantFrom('10.0.0.0/33', '999.1.1.1/8', '::/129', '-1', '65536', 'vpc-1', '__proto__'),
);

const templates = productionTemplates();
const network = templates.find(({ path }) => path.includes('network'));

/** Every place of a value, as its path of keys. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    return value.map((item, i) => (String(i) === key ? replaced(item, rest, by) : item));
  }
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value);
  return Object.fromEntries(own.map(([k, v]) => [k, k === key ? replaced(v, rest, by) : v]));
}

test('whatever is written into a template, it is read or its problems are listed', () => {
  const text = network?.text ?? '';
  const parsed: unknown = JSON.parse(text);
  const anywhere = fc.constantFrom(...places(parsed).filter((path) => path.length > 0));
  const changes = fc.array(fc.tuple(anywhere, junk), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(changes, (cuts) => {
      const broken = cuts.reduce((value, [path, by]) => replaced(value, path, by), parsed);
      const reading = readTemplates([{ path: 'net.json', text: JSON.stringify(broken) }]);
      const problems = reading.kind === 'problems' ? reading.problems : [];
      expect(reading.kind === 'read' || problems.length > 0).toBe(true);
      for (const { path, problem, fix } of problems) {
        expect([typeof path, problem !== '', fix !== '']).toEqual(['string', true, true]);
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 60) },
  );
});
