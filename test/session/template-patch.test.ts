import { InputProblems } from '../../lib/model/problem';
import { isTemplatePatch, patchTemplates, resourcesOf } from '../../lib/session/template-patch';

const ENTRY = 'AWS::EC2::NetworkAclEntry';
const files = [
  {
    path: 'a.template.json',
    text: JSON.stringify({ Resources: { Vpc: { Type: 'AWS::EC2::VPC' } } }),
  },
  {
    path: 'b.template.json',
    text: JSON.stringify({
      Resources: { In100: { Type: ENTRY, Properties: { RuleNumber: 100, Egress: false } } },
    }),
  },
];
const patched = (text: string) =>
  resourcesOf(patchTemplates(files, [{ path: 'fix.template.yaml', text }]));

test('a patch is known by its name', () => {
  const names = ['fix.template.yaml', 'fix.template.json', 'fix.yaml', 'template.yaml'];
  expect(names.filter((path) => isTemplatePatch({ path, text: '' }))).toEqual(names.slice(0, 2));
});

test('properties that it names replace those of the lab, others stay', () => {
  const { In100 } = patched('Resources:\n  In100:\n    Properties: { RuleNumber: 90 }');
  expect(In100).toEqual({ Type: ENTRY, Properties: { RuleNumber: 90, Egress: false } });
});

test('a new resource is added beside those of its type, in the short forms of YAML', () => {
  const added = `Resources:\n  Out105:\n    Type: ${ENTRY}\n    Properties: { NetworkAclId: !Ref Acl }`;
  const after = patchTemplates(files, [{ path: 'fix.template.yaml', text: added }]);
  expect(JSON.parse(after[1]?.text ?? '').Resources.Out105).toEqual({
    Type: ENTRY,
    Properties: { NetworkAclId: { Ref: 'Acl' } },
  });
});

test('null removes, and files keep what no patch names', () => {
  expect(Object.keys(patched('Resources: { In100: null }'))).toEqual(['Vpc']);
  expect(patchTemplates(files, [])).toBe(files);
});

test.each([
  ['Resources: { In10: null }', 'Resources.In10', 'did you mean In100?'],
  ['Resources: { In10: { Properties: {} } }', 'Resources.In10', 'did you mean In100?'],
  [
    `Resources: { Vpc: { Type: '${ENTRY}' } }`,
    'Resources.Vpc',
    'give the new resource another logical id',
  ],
  ['Resources: { Vpc: 3 }', 'Resources.Vpc', 'write Type and Properties'],
  ['kind: NetworkPolicy', 'Resources', 'write Resources, as in a template'],
  ['a: [', '', 'write valid JSON or YAML'],
])('%s is refused with its place and a fix', (text, path, fix) => {
  const problems = () => patched(text);
  expect(problems).toThrow(InputProblems);
  try {
    problems();
  } catch (error) {
    expect((error as InputProblems).problems).toMatchObject([
      { file: 'fix.template.yaml', path, fix },
    ]);
  }
});
