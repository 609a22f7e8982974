import { readTemplates } from '../../../lib/read/cloudformation/templates';

/** Chains of references cost what their links cost, and a circle is a problem. */

const vpc = (i: number) => ({ Type: 'AWS::EC2::VPC', Properties: { CidrBlock: `10.${i}.0.0/16` } });

const imports = (i: number) => ({
  'Fn::Sub': [
    `\${x}`,
    { x: { 'Fn::ImportValue': `a${i - 1}` }, y: { 'Fn::ImportValue': `b${i - 1}` } },
  ],
});

/** Stacks of which each exports two values that are made of both of the one before. */
const importChain = (length: number) =>
  Array.from({ length }, (_, i) => {
    const Value = i === 0 ? '10.99.0.0/16' : imports(i);
    const Outputs = {
      A: { Value, Export: { Name: `a${i}` } },
      B: { Value, Export: { Name: `b${i}` } },
    };
    const CidrBlock = i === length - 1 ? imports(i) : `10.${i}.0.0/16`;
    const V = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock } };
    return { path: `s${i}.json`, text: JSON.stringify({ Resources: { V }, Outputs }) };
  });

const conditions = (length: number, last: object) => {
  const chain = Array.from({ length }, (_, i) => [
    `C${i + 1}`,
    { 'Fn::And': [{ Condition: `C${i}` }, { Condition: `C${i}` }] },
  ]);
  return { C0: last, ...Object.fromEntries(chain) };
};
const conditional = (Conditions: object, name: string) => {
  const V = { ...vpc(0), Condition: name };
  return [{ path: 't.json', text: JSON.stringify({ Conditions, Resources: { V } }) }];
};

test('a chain of 40 imports, two of each link: the value at its start', () => {
  const reading = readTemplates(importChain(40));
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems.slice(0, 3)));
  expect(reading.value.vpcs.at(-1)?.cidrs).toEqual([{ address: '10.99.0.0', prefix: 16 }]);
});

test.each([
  ['true', { 'Fn::Equals': ['a', 'a'] }, 1],
  ['false', { 'Fn::Equals': ['a', 'b'] }, 0],
])('a chain of 100 conditions, each asked twice, that is %s', (_, last, vpcs) => {
  const reading = readTemplates(conditional(conditions(100, last), 'C100'));
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems.slice(0, 3)));
  expect(reading.value.vpcs).toHaveLength(vpcs);
});

test('a chain that is longer than any template is a problem, and no crash', () => {
  const chain = conditions(5000, { 'Fn::Equals': ['a', 'a'] });
  expect(JSON.stringify(readTemplates(conditional(chain, 'C5000')))).toContain(
    'at the end of more than 400 references',
  );
});

test.each([
  ['two conditions', { A: { Condition: 'B' }, B: { Condition: 'A' } }],
  ['a condition and itself', { A: { 'Fn::Not': [{ Condition: 'A' }] } }],
])('a circle of %s is a problem', (_, circle) => {
  expect(readTemplates(conditional(circle, 'A'))).toMatchObject({
    kind: 'problems',
    problems: expect.arrayContaining([
      expect.objectContaining({ problem: 'Conditions.A leads back to itself' }),
    ]),
  });
});

test('a circle of properties is a problem', () => {
  const at = (name: string) => ({ 'Fn::GetAtt': [name, 'CidrBlock'] });
  const Resources = {
    A: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: at('B') } },
    B: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: at('A') } },
  };
  const reading = readTemplates([{ path: 't.json', text: JSON.stringify({ Resources }) }]);
  expect(JSON.stringify(reading)).toContain('leads back to itself');
});

test('a text of open braces is read once', () => {
  const GroupName = { 'Fn::Sub': '${'.repeat(300_000) };
  const G = { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'V' }, GroupName } };
  const text = JSON.stringify({ Resources: { V: vpc(0), G } });
  const started = process.cpuUsage();
  expect(readTemplates([{ path: 't.json', text }]).kind).toBe('read');
  // Two passes over the rest of the text for each brace would take minutes.
  expect(process.cpuUsage(started).user).toBeLessThan(20_000_000);
});
