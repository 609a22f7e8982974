import fc from 'fast-check';
import { CLOSED_FLOWS, CLOSED_WORLD } from './forgetting-world';
import { judged } from './judged';

type Resources = Readonly<Record<string, object>>;

const answers = (resources: Resources, flows: readonly object[] = CLOSED_FLOWS) => [
  ...judged(JSON.stringify({ Resources: resources }), flows).values(),
];

const before = answers(CLOSED_WORLD);

test('the order of resources in a template changes nothing', () => {
  const names = Object.keys(CLOSED_WORLD);
  fc.assert(
    fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (order) => {
      const all: Resources = CLOSED_WORLD;
      const shuffled = Object.fromEntries(order.map((name) => [name, all[name] ?? {}]));
      expect(answers(shuffled)).toEqual(before);
    }),
    { numRuns: Number(process.env.RUNS ?? 40), seed: 20_261 },
  );
});

/** A copy of every resource under other names, its references with them. */
function copy(resources: Resources): Resources {
  const names = new Set(Object.keys(resources));
  const renamed = (value: unknown): unknown => {
    if (typeof value === 'string') return names.has(value) ? `Twin${value}` : value;
    if (Array.isArray(value)) return value.map(renamed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, renamed(one)]));
  };
  return Object.fromEntries(
    Object.entries(resources).map(([name, body]) => [`Twin${name}`, renamed(body) as object]),
  );
}

test('another, unconnected network with the same blocks changes nothing (VPC user guide: a VPC is isolated)', () => {
  expect(answers({ ...CLOSED_WORLD, ...copy(CLOSED_WORLD) })).toEqual(before);
});

test('nothing of one network reaches the same network a second time', () => {
  const both = { ...CLOSED_WORLD, ...copy(CLOSED_WORLD) };
  const across = ['App', 'Worker'].flatMap((from) =>
    ['TwinApp', 'TwinDb', 'TwinWeb'].map((to) => ({
      from: `eni:${from}`,
      to: `eni:${to}`,
      protocol: 'TCP',
      port: 8080,
    })),
  );
  const verdicts = answers(both, across);
  expect(verdicts.filter((one) => one === 'allowed' || one === 'refused')).toEqual([]);
});

const set = (name: string, properties: object): Resources => {
  const all: Record<string, { readonly Properties?: object }> = CLOSED_WORLD;
  const own = all[name] ?? {};
  return { ...all, [name]: { ...own, Properties: { ...own.Properties, ...properties } } };
};
const add = (name: string, type: string, properties: object): Resources => ({
  ...CLOSED_WORLD,
  [name]: { Type: type, Properties: properties },
});
const tcp = (from: string, to: string, port: number) => ({ from, to, protocol: 'TCP', port });

describe('kinds that were judged wrongly once', () => {
  test.each<[string, Resources, object, string]>([
    [
      'an empty list of groups is the default group (EC2 API, RunInstances)',
      set('App', { SecurityGroupIds: [] }),
      tcp('eni:Web', 'eni:App', 8080),
      'denied',
    ],
    [
      'a misspelt property is refused (CloudFormation: resource schema)',
      set('App', { SecurityGroupids: ['sg-1'] }),
      tcp('eni:Web', 'eni:App', 8080),
      'refused',
    ],
    [
      'a port that is not digits is refused',
      set('FarRule', { FromPort: '0x1538' }),
      tcp('eni:App', 'eni:Db', 9000),
      'refused',
    ],
    [
      'only one of two ports is refused (EC2: both from and to)',
      set('FarRule', { FromPort: { Ref: 'AWS::NoValue' } }),
      tcp('eni:App', 'eni:Db', 9000),
      'refused',
    ],
    [
      'a word as the protocol of an ACL entry is refused',
      set('NoSsh', { Protocol: 'tcp' }),
      tcp('eni:Web', 'eni:App', 22),
      'refused',
    ],
    [
      'null is refused',
      set('App', { SecurityGroupIds: null }),
      tcp('eni:Web', 'eni:App', 8080),
      'refused',
    ],
    [
      '"True" as text is true',
      set('Pub', { MapPublicIpOnLaunch: 'True' }),
      tcp('internet', 'eni:Web', 80),
      'allowed',
    ],
    [
      'Block Public Access stops the internet (VPC user guide)',
      add('Bpa', 'AWS::EC2::VPCBlockPublicAccessOptions', {
        InternetGatewayBlockMode: 'block-ingress',
      }),
      tcp('internet', 'eni:Web', 80),
      'denied',
    ],
    [
      'but not what a NAT gateway begins, in mode ingress',
      add('Bpa', 'AWS::EC2::VPCBlockPublicAccessOptions', {
        InternetGatewayBlockMode: 'block-ingress',
      }),
      tcp('eni:App', 'internet', 443),
      'allowed',
    ],
    [
      'a NAT gateway whose subnet leads back to it drops the packet',
      set('ToNet', { GatewayId: { Ref: 'AWS::NoValue' }, NatGatewayId: { Ref: 'Nat' } }),
      tcp('eni:App', 'internet', 443),
      'denied',
    ],
    [
      'an ACL that cuts off some ports of its clients is no certain denial',
      set('NoSsh', { PortRange: { From: 50000, To: 50000 } }),
      tcp('eni:App', 'internet', 443),
      'unknown',
    ],
    [
      'a caller on the internet finds a machine whatever it is called',
      CLOSED_WORLD,
      tcp('ip:203.0.113.7', 'eni:Web', 80),
      'allowed',
    ],
    [
      'a network behind an appliance may call',
      set('ToNat', {
        NatGatewayId: { Ref: 'AWS::NoValue' },
        InstanceId: { Ref: 'Web' },
        DestinationCidrBlock: '192.168.0.0/16',
      }),
      tcp('ip:192.168.1.1', 'eni:App', 22),
      'unknown',
    ],
    [
      'a rule of another ICMP code does not admit an echo (EC2 API, IpPermission)',
      set('AppGroup', {
        SecurityGroupIngress: [
          { IpProtocol: 'icmp', FromPort: 8, ToPort: 5, CidrIp: '10.0.0.0/16' },
        ],
      }),
      { from: 'eni:Worker', to: 'eni:App', protocol: 'ICMP' },
      'denied',
    ],
    [
      'two subnets that overlap are refused',
      set('Pub', { CidrBlock: '10.0.2.128/25' }),
      tcp('internet', 'eni:Web', 80),
      'refused',
    ],
    [
      'an address that AWS keeps is refused (VPC user guide, subnet sizing)',
      set('App', { PrivateIpAddress: '10.0.2.3' }),
      tcp('eni:Web', 'eni:App', 8080),
      'refused',
    ],
    [
      'the same address twice is refused',
      set('App', { PrivateIpAddress: '10.0.2.20' }),
      tcp('eni:Web', 'eni:App', 8080),
      'refused',
    ],
    [
      'a rule for one address of a subnet, where AWS chooses the address',
      {
        ...set('FarRule', { CidrIp: '10.0.2.10/32' }),
        App: {
          Type: 'AWS::EC2::Instance',
          Properties: {
            SubnetId: { Ref: 'Priv' },
            SecurityGroupIds: [{ 'Fn::GetAtt': ['AppGroup', 'GroupId'] }],
          },
        },
      },
      tcp('eni:App', 'eni:Db', 9000),
      'unknown',
    ],
  ])('%s', (_, resources, flow, expected) => {
    expect(answers(resources, [flow])).toEqual([expected]);
  });
});
