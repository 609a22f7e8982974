import type { Parameter } from '../../../lib/read/cloudformation/parameter';
import { readTemplates } from '../../../lib/read/cloudformation/templates';

/** A VPC, and a stack of somebody else's that finds it by the name of its stack. */
const NET = `
Parameters:
  Block: { Type: String }
  Zones: { Type: 'List<AWS::EC2::AvailabilityZone::Name>' }
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: !Ref Block } }
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.7.1.0/24, AvailabilityZone: !Select [1, !Ref Zones] } }
Outputs:
  Vpc: { Value: !Ref Vpc, Export: { Name: !Sub '\${AWS::StackName}-VPC' } }
`;
const APP = `
Parameters:
  Parent: { Type: String }
  Block: { Type: String, Default: 10.9.0.0/16 }
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: { 'Fn::ImportValue': !Sub '\${Parent}-VPC' }
      GroupDescription: \${Block}
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: !Ref Block }]
`;

const read = (...parameters: readonly Parameter[]) =>
  readTemplates(
    [
      { path: 'net.yaml', text: NET },
      { path: 'app.yaml', text: APP },
    ],
    parameters,
  );

const PARENT = { name: 'Parent', value: 'net' };
const BLOCK = { stack: 'net', name: 'Block', value: '10.7.0.0/16' };

test('a given value is as good as a default; a list is split; a stack may be named', () => {
  const reading = read(PARENT, BLOCK, { name: 'Zones', value: 'eu-west-1a, eu-west-1b' });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  const [vpc] = reading.value.vpcs;
  expect({ warnings: reading.warnings, cidrs: vpc?.cidrs, zone: vpc?.subnets[0]?.zone }).toEqual({
    warnings: [],
    cidrs: [{ address: '10.7.0.0', prefix: 16 }],
    zone: 'eu-west-1b',
  });
  // The other stack's parameter of the same name kept its default.
  expect(vpc?.securityGroups.find(({ name }) => name === 'Group')?.ingress[0]?.peer).toEqual({
    kind: 'cidr',
    cidr: { address: '10.9.0.0', prefix: 16 },
  });
});

test.each([
  ['every zone is allowed', 'Fn::EachMemberIn', '[eu-west-1a, eu-west-1b]', true],
  ['one zone is not allowed', 'Fn::EachMemberIn', '[eu-west-1a]', false],
  ['no zone is allowed', 'Fn::EachMemberIn', '[eu-west-1c]', false],
  ['not every zone is the one', 'Fn::EachMemberEquals', 'eu-west-1a', false],
])('a rule of a template: %s', (_, name, operand, holds) => {
  const text = `${NET}
Rules:
  Zones: { Assertions: [{ Assert: { ${name}: [!Ref Zones, ${operand}] }, AssertDescription: zones }] }
`;
  const zones = { name: 'Zones', value: 'eu-west-1a, eu-west-1b' };
  const reading = readTemplates([{ path: 'net.yaml', text }], [BLOCK, zones]);
  const problems = reading.kind === 'problems' ? reading.problems : [];
  expect(problems.map(({ problem }) => problem)).toEqual(
    holds ? [] : ['an assertion does not hold: zones'],
  );
});

test.each<[string, Parameter, string, string]>([
  ['a slip', { name: 'Parnet', value: 'x' }, 'no template has a parameter Parnet', 'use Parent'],
  [
    'a stack that has none of it',
    { stack: 'net', name: 'Parent', value: 'x' },
    'no template of stack net has a parameter Parent',
    'use Parent',
  ],
])('%s is a problem with the nearest name', (_, parameter, problem, fix) => {
  const reading = read(PARENT, BLOCK, parameter);
  expect(reading.kind === 'problems' && reading.problems).toEqual([
    { file: '--parameter', document: 0, path: parameter.name, problem, fix },
  ]);
});
