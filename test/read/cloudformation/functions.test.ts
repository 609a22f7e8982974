// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables so
import type { SourceFile } from '../../../lib/model/problem';
import { readTemplates } from '../../../lib/read/cloudformation/templates';

/** A template in which one value, written as given, is the destination of a route. */
const withRoute = (destination: string, more = ''): string => `
Parameters:
  Given: { Type: String, Default: 10.9.0.0/16 }
  Open: { Type: String }
  List: { Type: CommaDelimitedList, Default: '10.1.0.0/16, 10.2.0.0/16' }
  Secret: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /lab/block }
Mappings:
  Blocks: { us-east-1: { pods: 10.7.0.0/16 } }
Conditions:
  Yes: !Equals [a, a]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Condition No]
  Either: !Or [!Condition Yes, !Equals [!Ref Open, x]]
  Perhaps: !Equals [!Ref Open, x]
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } }
  Eip: { Type: 'AWS::EC2::EIP' }
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: !Ref Vpc } }
  Route:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !GetAtt Table.RouteTableId
      TransitGatewayId: tgw
      DestinationCidrBlock: ${destination}
${more}`;

const file = (text: string, path = 'net.yaml'): SourceFile => ({ path, text });

/** What became of the route's destination: a block, `unknown: what`, or the problems. */
function destinationOf(files: readonly SourceFile[]): unknown {
  const reading = readTemplates(files);
  if (reading.kind === 'problems')
    return reading.problems.map(({ path, problem }) => `${path}: ${problem}`);
  const routes = reading.value.vpcs.flatMap((vpc) => vpc.routeTables.flatMap((t) => t.routes));
  const destination = routes.find(({ target }) => target.kind === 'transit-gateway')?.destination;
  if (destination === undefined) return undefined;
  return 'prefixList' in destination
    ? `unknown: ${destination.prefixList.replace(/ \(Resources\..*$/, '')}`
    : `${destination.address}/${destination.prefix}`;
}

describe('intrinsic functions', () => {
  test.each([
    ['a literal', '10.3.0.0/16', '10.3.0.0/16'],
    ['Ref of a parameter', '!Ref Given', '10.9.0.0/16'],
    ['Ref of a parameter without default', '!Ref Open', 'unknown: parameter Open'],
    [
      'Ref of an SSM parameter',
      '!Ref Secret',
      'unknown: parameter Secret, of SSM parameter /lab/block',
    ],
    [
      'ToJsonString of what is known in part',
      "{ 'Fn::ToJsonString': { a: !Ref Given, b: [!Ref Open] } }",
      'unknown: Fn::ToJsonString',
    ],
    ['Ref, long form', '{ Ref: Given }', '10.9.0.0/16'],
    ['GetAtt of a property', '!GetAtt Vpc.CidrBlock', '10.0.0.0/16'],
    ['GetAtt as a list', "{ 'Fn::GetAtt': [Vpc, CidrBlock] }", '10.0.0.0/16'],
    ['GetAtt of what only a deployment knows', '!GetAtt Vpc.Other', 'unknown: net.Vpc.Other'],
    ['an Elastic IP has an address', "!Sub '${Eip}/32'", '198.51.100.1/32'],
    ['Join', "!Join ['.', ['10', '4', '0', '0/16']]", '10.4.0.0/16'],
    ['Join with an unknown part', "!Join ['', [!Ref Open, /16]]", 'unknown: parameter Open'],
    ['Sub of a parameter', "!Sub '${Given}'", '10.9.0.0/16'],
    ['Sub of an attribute', "!Sub '${Vpc.CidrBlock}'", '10.0.0.0/16'],
    ['Sub with variables', "!Sub ['10.${Second}.0.0/16', { Second: 5 }]", '10.5.0.0/16'],
    ['Sub of an unknown', "!Sub '${Open}/16'", 'unknown: parameter Open'],
    ['Select of a list parameter', '!Select [1, !Ref List]', '10.2.0.0/16'],
    ['Select of a split', "!Select [1, !Split [';', 'x;10.6.0.0/16']]", '10.6.0.0/16'],
    ['Cidr: the second of four /24', '!Select [1, !Cidr [10.8.0.0/22, 4, 8]]', '10.8.1.0/24'],
    ['Cidr of an attribute', '!Select [2, !Cidr [!GetAtt Vpc.CidrBlock, 4, 12]]', '10.0.32.0/20'],
    ['FindInMap by region', "!FindInMap [Blocks, !Ref 'AWS::Region', pods]", '10.7.0.0/16'],
    ['If, true', '!If [Yes, 10.1.1.0/24, 10.2.2.0/24]', '10.1.1.0/24'],
    ['If, by Not', '!If [No, 10.1.1.0/24, 10.2.2.0/24]', '10.2.2.0/24'],
    ['If, by And', '!If [Both, 10.1.1.0/24, 10.2.2.0/24]', '10.2.2.0/24'],
    ['If, by an Or that one side settles', '!If [Either, 10.1.1.0/24, !Ref Open]', '10.1.1.0/24'],
    [
      'If on an unknown',
      '!If [Perhaps, 10.1.1.0/24, 10.2.2.0/24]',
      'unknown: condition Perhaps, which depends on parameter Open',
    ],
    [
      'Import of a stack not given',
      '!ImportValue other-block',
      'unknown: export other-block of a stack that is not given',
    ],
    ['host bits, which EC2 sets to zero', '10.0.0.5/24', '10.0.0.0/24'],
    ['Transform', "{ 'Fn::Transform': { Name: x } }", 'unknown: Fn::Transform'],
  ])('%s', (_, destination, expected) => {
    expect(destinationOf([file(withRoute(destination))])).toBe(expected);
  });

  test('a value is imported from the stack that exports it', () => {
    const exporter = file(
      `
Parameters: { Block: { Type: String, Default: 10.77.0.0/16 } }
Resources: { Topic: { Type: 'AWS::SNS::Topic' } }
Outputs:
  Block: { Value: !Ref Block, Export: { Name: !Sub '\${AWS::StackName}-block' } }`,
      'other.template.json',
    );
    const importer = file(withRoute('!ImportValue other-block'));
    expect(destinationOf([importer, exporter])).toBe('10.77.0.0/16');
  });

  test('AWS::NoValue is as if not written', () => {
    const text = withRoute("!If [Yes, !Ref 'AWS::NoValue', 10.1.0.0/16]");
    expect(destinationOf([file(text)])).toEqual([
      'Resources.Route.Properties: the route has no destination',
    ]);
  });

  test('zones are those of the region that the templates name first', () => {
    const text = `
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } }
  A: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: !Select [0, !GetAZs ''] } }
  B: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b } }
  C: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24 } }`;
    const reading = readTemplates([file(text)]);
    const zones = reading.kind === 'read' ? reading.value.vpcs[0]?.subnets.map((s) => s.zone) : [];
    expect(zones).toEqual(['eu-west-1a', 'eu-west-1b', '(chosen by EC2)']);
  });
});

describe('what is written wrongly is a problem at its place', () => {
  test.each([
    [
      'a Ref to nothing',
      '!Ref Nobody',
      "Resources.Route.Properties.DestinationCidrBlock: 'Nobody' is no parameter and no resource",
    ],
    [
      'GetAtt of nothing',
      '!GetAtt Nobody.CidrBlock',
      "Resources.Route.Properties.DestinationCidrBlock: 'Nobody' is no resource",
    ],
    [
      'a condition nobody defined',
      '!If [Never, a, b]',
      "Resources.Route.Properties.DestinationCidrBlock: no condition is called 'Never'",
    ],
    [
      'an unknown function',
      '!Frobnicate x',
      "Resources.Route.Properties.DestinationCidrBlock: 'Fn::Frobnicate' is not a function that is known",
    ],
    [
      'Select beyond the end',
      '!Select [7, !Ref List]',
      'Resources.Route.Properties.DestinationCidrBlock: Fn::Select asks for item 7 of 2',
    ],
    [
      'Cidr that does not fit',
      '!Select [0, !Cidr [10.0.0.0/24, 4, 8]]',
      'Resources.Route.Properties.DestinationCidrBlock[1]: 10.0.0.0/24 does not hold 4 blocks of 8 bits',
    ],
    [
      'a map without the key',
      '!FindInMap [Blocks, eu-west-1, pods]',
      'Resources.Route.Properties.DestinationCidrBlock: no mapping has Blocks / eu-west-1 / pods',
    ],
  ])('%s', (_, destination, expected) => {
    expect(destinationOf([file(withRoute(destination))])).toEqual([expected]);
  });

  test.each([
    [61, '10.3.0.0/16'],
    [98, [expect.stringMatching(/nested/)]],
  ])('%i functions, each in the other', (levels, expected) => {
    const open = "{ 'Fn::Join': ['', [".repeat(levels);
    const destination = `${open}10.3.0.0/16${']] }'.repeat(levels)}`;
    expect(destinationOf([file(withRoute(destination))])).toEqual(expected);
  });

  test('a circle of conditions ends', () => {
    const text = `
Conditions:
  A: !Not [!Condition B]
  B: !Not [!Condition A]
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Condition: A, Properties: { CidrBlock: 10.0.0.0/16 } }`;
    const reading = readTemplates([file(text)]);
    expect(reading.kind === 'problems' && reading.problems.map((p) => p.problem)).toEqual([
      'Conditions.A leads back to itself',
      'whether it exists depends on the condition A, known only after deployment',
    ]);
  });

  test.each([
    ['no JSON', '{ "Resources": ', 'the file cannot be parsed'],
    ['no YAML', 'Resources: [', 'the file cannot be parsed'],
    [
      'no template',
      '{"kind": "Pod"}',
      'the file has no Resources, so it is not a CloudFormation template',
    ],
    [
      'nested too deep',
      `{"Resources": ${'['.repeat(300)}${']'.repeat(300)}}`,
      'the file is nested more than 200 deep',
    ],
    ['nested beyond the parser', `Resources: ${'['.repeat(50_000)}`, ''],
    ['too long', ' '.repeat(4_000_001), '4000001 characters are no template'],
    ['aliases that multiply', billionLaughs(), 'its aliases multiply beyond a million values'],
  ])('a file that is %s', (_, text, expected) => {
    const reading = readTemplates([file(text)]);
    const problems = reading.kind === 'problems' ? reading.problems : [];
    expect(problems).toHaveLength(1);
    expect(problems[0]?.problem).toContain(expected);
    expect(problems[0]?.file).toBe('net.yaml');
  });

  test('all problems of all files come together, each once', () => {
    const reading = readTemplates([
      file(withRoute('!Ref Nobody', "  Other: { Type: 'AWS::EC2::VPC', Properties: {} }")),
      file('nonsense', 'other.yaml'),
      file(withRoute('10.3.0.0/16'), 'deep/net.yaml'),
    ]);
    const problems = reading.kind === 'problems' ? reading.problems : [];
    expect(problems.map(({ file: at, problem }) => `${at}: ${problem}`).sort()).toEqual([
      'deep/net.yaml: stack net is also in net.yaml',
      "net.yaml: 'Nobody' is no parameter and no resource",
      'net.yaml: the VPC names no block',
      'other.yaml: the file has no Resources, so it is not a CloudFormation template',
    ]);
    expect(problems.every(({ fix }) => fix.length > 0)).toBe(true);
  });
});

function billionLaughs(): string {
  const lines = Array.from({ length: 9 }, (_, i) => {
    const item = i === 0 ? 'lol' : `*a${i - 1}`;
    return `a${i}: &a${i} [${Array<string>(10).fill(item).join(', ')}]`;
  });
  return `${lines.join('\n')}\nResources: *a8\n`;
}
