import { digestOf } from './digest';

const template = (properties: object) => ({
  Description: 'x',
  Resources: {
    B: { Type: 'AWS::EC2::VPC', Properties: properties },
    A: { Type: 'T', Properties: {} },
  },
});

test('one sorted line a part, and it changes with what the part says', () => {
  const lines = digestOf(template({ CidrBlock: '10.0.0.0/16' })).split('\n');
  expect(lines.map((line) => line.replace(/ \w{8}$/, ''))).toEqual([
    'AWS::EC2::VPC B',
    'Description',
    'T A',
  ]);
  const changed = digestOf(template({ CidrBlock: '10.0.0.0/17' })).split('\n');
  expect(changed.filter((line) => !lines.includes(line))).toHaveLength(1);
});

test('the hash of an asset is not part of it', () => {
  const asset = (digit: string) => digestOf(template({ S3Key: `${digit.repeat(64)}.zip` }));
  expect(asset('a')).toBe(asset('b'));
});
