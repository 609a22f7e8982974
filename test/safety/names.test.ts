import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { quoted } from '../../lib/dataplane/nft/ruleset';
import { planWorld } from '../../lib/dataplane/plan';
import { parseRuleName, ruleName } from '../../lib/model/rule-name';
import { readStack } from '../../lib/read/cloudformation/document';
import { readWorld } from '../../lib/read/world';
import { MACHINES } from '../build/machines';
import { newPerson } from '../cli/run';

/** Names that people write never become statements of the kernel's filter. */

const person = newPerson();
afterAll(person.leave);

const HOSTILE = [
  'G\ninclude "/etc/passwd"\n#',
  'a; flush ruleset',
  'vpc (1)',
  'Größe',
  '"; add rule inet x y accept; "',
  '$(touch /tmp/canary)',
  '`id`',
  '../../x',
  'a\u0000b',
  '\u202egnp',
  '} add table inet canary {',
  'x'.repeat(500),
];

/** Every line of every ruleset of the world that a template makes. */
function linesOf(path: string, text: string): readonly string[] {
  const reading = readWorld({ manifests: [], templates: [{ path, text }], parameters: [] });
  if (reading.kind === 'problems') return [];
  return planWorld(reading.value).flatMap((command) =>
    command.kind === 'load-ruleset'
      ? command.ruleset.split('\n').filter((line) => line !== '')
      : [],
  );
}

const STATEMENT =
  /^(add (table|set|map|chain) inet |add rule inet |add element inet |delete table inet |flush |create table inet )/;
const shape = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.split(' ').slice(0, 3).join(' ')).sort();

test.each(HOSTILE)('a stack from the file %j gives the statements of a plain one', (name) => {
  const lines = linesOf(`${name}.template.yaml`, MACHINES);
  expect(lines.length).toBeGreaterThan(20);
  expect(shape(lines)).toEqual(shape(linesOf('plain.template.yaml', MACHINES)));
  expect(lines.filter((line) => !STATEMENT.test(line))).toEqual([]);
});

test.each(HOSTILE)('%j as a group name, a tag and a description adds no statement', (name) => {
  const template = parse(MACHINES, { logLevel: 'silent' }) as {
    Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
  };
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Properties === undefined || Type !== 'AWS::EC2::SecurityGroup') continue;
    Object.assign(Properties, { GroupName: name, GroupDescription: name });
  }
  const lines = linesOf('plain.template.json', JSON.stringify(template));
  expect(lines.filter((line) => !STATEMENT.test(line))).toEqual([]);
  expect(stringify(lines)).not.toMatch(/^include/m);
});

test.each([...HOSTILE, '', 'a-b', 'a.b'])('%j is refused as a logical id', (id) => {
  const text = JSON.stringify({ Resources: { [id]: { Type: 'AWS::EC2::VPC', Properties: {} } } });
  expect(readStack({ path: 'x.template.json', text })).toMatchObject({
    problem: expect.stringContaining('cannot be a logical id'),
    path: 'Resources',
  });
});

test('a rule has one name on one line, whatever its object is called', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (object) => {
      const named = { filter: 'security-group', direction: 'ingress', object, rule: 3 } as const;
      const name = ruleName(named);
      expect(name).toMatch(/^[ !#-~]{1,120}$/);
      expect(quoted(name)).toBe(`"${name}"`);
      if (object.trim() !== '') expect(parseRuleName(name)).toMatchObject({ rule: 3 });
    }),
  );
});

const FLOW =
  '{"id":"a","from":"eni:Worker","to":"eni:Database/DataB","protocol":"TCP","port":5432}\n';

test.each(['vpc (1)', 'Größe', 'a; flush ruleset', 'quote"s'])(
  'packets run through the rules of a stack from the file %j',
  async (name) => {
    const template = person.write(`${name}.template.yaml`, MACHINES);
    const flows = person.write('flows.jsonl', FLOW);
    const ran = await person.here('compare', '--template', template, '--flows', flows);
    expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: expect.anything() });
    expect(ran.out).toMatch(/1 flow.* agree/);
  },
);
