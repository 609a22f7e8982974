import { formatCidr } from '../../../lib/model/address';
import type { Vpc } from '../../../lib/model/vpc';
import { type Cloud, readTemplates } from '../../../lib/read/cloudformation/templates';

/** A VPC with one subnet, and more resources. */
const template = (more: string): string => `
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } }
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a } }
${more}`;

function read(more: string): { readonly cloud: Cloud; readonly warnings: readonly string[] } {
  const reading = readTemplates([{ path: 'net.yaml', text: template(more) }]);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  const warnings = reading.warnings.map(({ path, problem }) => `${path}: ${problem}`);
  return { cloud: reading.value, warnings };
}

function vpcOf(more: string): Vpc {
  const [vpc] = read(more).cloud.vpcs;
  if (vpc === undefined) throw new Error('no VPC');
  return vpc;
}

function problemsOf(more: string): readonly string[] {
  const reading = readTemplates([{ path: 'net.yaml', text: template(more) }]);
  return reading.kind === 'problems'
    ? reading.problems.map(({ path, problem }) => `${path}: ${problem}`)
    : [];
}

describe('VPC and subnets', () => {
  test('a bare subnet has the main table, the default ACL, and no public addresses', () => {
    const vpc = vpcOf('');
    expect(vpc.subnets[0]).toEqual({
      id: 'net.Subnet',
      name: 'Subnet',
      zone: 'eu-west-1a',
      cidrs: [{ address: '10.0.1.0', prefix: 24 }],
      routeTable: 'net.Vpc.main-table',
      networkAcl: 'net.Vpc.default-acl',
      public: false,
    });
    expect(vpc.routeTables[0]?.routes).toEqual([
      { destination: { address: '10.0.0.0', prefix: 16 }, target: { kind: 'local' } },
    ]);
    const acl = vpc.networkAcls[0];
    expect(acl?.ingress.map(({ number, action }) => `${number} ${action}`)).toEqual([
      '100 allow',
      '101 allow',
    ]);
    expect(acl?.egress).toEqual(acl?.ingress);
  });

  test('secondary blocks and IPv6 blocks count, and are local in every table', () => {
    const vpc = vpcOf(`
  Pods: { Type: 'AWS::EC2::VPCCidrBlock', Properties: { VpcId: !Ref Vpc, CidrBlock: 100.64.0.0/16 } }
  Six: { Type: 'AWS::EC2::VPCCidrBlock', Properties: { VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true } }
  Dual:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: 10.0.2.0/24
      Ipv6CidrBlock: !Select [1, !Cidr [!Select [0, !GetAtt Vpc.Ipv6CidrBlocks], 4, 64]]
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: !Ref Vpc } }`);
    const blocks = ['10.0.0.0/16', '100.64.0.0/16', '2001:db8::/56'];
    expect(vpc.cidrs.map(formatCidr)).toEqual(blocks);
    expect(vpc.subnets[1]?.cidrs.map(formatCidr)).toEqual(['10.0.2.0/24', '2001:db8:0:1::/64']);
    for (const table of vpc.routeTables) expect(table.routes).toHaveLength(blocks.length);
  });

  test('what belongs to a VPC nobody gave is left out, with a remark', () => {
    const { cloud, warnings } = read(`
  Stray: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: vpc-0abc, CidrBlock: 10.9.0.0/24 } }`);
    expect(cloud.vpcs[0]?.subnets.map(({ name }) => name)).toEqual(['Subnet']);
    expect(warnings).toEqual([
      'Resources.Stray.Properties: its VPC (vpc-0abc) is in no template: left out',
    ]);
  });

  test.each([
    [
      'an IPAM pool',
      "  V: { Type: 'AWS::EC2::VPC', Properties: { Ipv4IpamPoolId: x } }",
      'Resources.V.Properties.CidrBlock: the VPC names no block',
    ],
    [
      'an ACL line without action',
      "  A: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: !Ref Vpc } }\n  E: { Type: 'AWS::EC2::NetworkAclEntry', Properties: { NetworkAclId: !Ref A, RuleNumber: 100, Protocol: 6, CidrBlock: 0.0.0.0/0 } }",
      'Resources.E.Properties.RuleAction: no action',
    ],
    [
      'a group rule without peer',
      "  G: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 80, ToPort: 80 }] } }",
      'Resources.G.Properties.SecurityGroupIngress[0]: the rule names no peer',
    ],
    [
      'a group rule of no protocol',
      "  G: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tpc, CidrIp: 0.0.0.0/0 }] } }",
      "Resources.G.Properties.SecurityGroupIngress[0].IpProtocol: 'tpc' is no protocol",
    ],
    [
      'a full subnet',
      "  T: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/30 } }\n  N: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: !Ref T } }",
      'Resources.N.Properties: subnet T has no address left for it',
    ],
  ])('%s is a problem', (_, more, expected) => {
    expect(problemsOf(more)).toContain(expected);
  });
});

describe('routes', () => {
  test.each([
    ['NatGatewayId: !Ref Nat', { kind: 'nat-gateway', id: 'net.Nat' }],
    ['GatewayId: !Ref Igw', { kind: 'internet-gateway', id: 'net.Igw' }],
    ['EgressOnlyInternetGatewayId: eigw-1', { kind: 'egress-only-internet-gateway', id: 'eigw-1' }],
    ['VpcPeeringConnectionId: pcx-1', { kind: 'peering', id: 'pcx-1' }],
    ['TransitGatewayId: tgw-1', { kind: 'transit-gateway', id: 'tgw-1' }],
    ['VpcEndpointId: vpce-1', { kind: 'vpc-endpoint', id: 'vpce-1' }],
    ['NetworkInterfaceId: eni-1', { kind: 'network-interface', id: 'eni-1' }],
    [
      'InstanceId: !ImportValue nat-instance',
      {
        kind: 'unknown',
        what: 'export nat-instance of a stack that is not given (Resources.Route.Properties.InstanceId; give the template of the stack that exports it)',
      },
    ],
    ['CarrierGatewayId: cagw-1', { kind: 'unknown', what: 'CarrierGatewayId' }],
  ])('%s', (target, expected) => {
    const vpc = vpcOf(`
  Nat: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: !Ref Subnet, AllocationId: !GetAtt Eip.AllocationId } }
  Eip: { Type: 'AWS::EC2::EIP' }
  Igw: { Type: 'AWS::EC2::InternetGateway' }
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: !Ref Vpc } }
  Route: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, ${target} } }`);
    expect(vpc.routeTables[1]?.routes[1]?.target).toEqual(expected);
  });

  test('a gateway endpoint routes its prefix list in the tables it names', () => {
    const vpc = vpcOf(`
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: !Ref Vpc } }
  S3: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: !Ref Vpc, ServiceName: !Sub 'com.amazonaws.\${AWS::Region}.s3', RouteTableIds: [!Ref Table] } }`);
    expect(vpc.routeTables[1]?.routes[1]).toEqual({
      destination: { prefixList: 'pl-s3' },
      target: { kind: 'vpc-endpoint', id: 'net.S3' },
    });
    expect(vpc.routeTables[0]?.routes).toHaveLength(1);
    expect(vpc.endpoints).toEqual([
      { kind: 'gateway', id: 'net.S3', service: 's3', prefixList: 'pl-s3' },
    ]);
    expect(vpc.prefixLists.map(({ id, cidrs }) => [id, cidrs.map(formatCidr)])).toEqual([
      ['pl-s3', ['52.216.0.0/15', '54.231.0.0/16']],
    ]);
  });
});

describe('network ACLs', () => {
  test('entries are read whole and sorted; what is not known yet says so', () => {
    const vpc = vpcOf(`
  Acl: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: !Ref Vpc } }
  Join: { Type: 'AWS::EC2::SubnetNetworkAclAssociation', Properties: { SubnetId: !Ref Subnet, NetworkAclId: !Ref Acl } }
  C: { Type: 'AWS::EC2::NetworkAclEntry', Properties: { NetworkAclId: !Ref Acl, RuleNumber: 300, RuleAction: allow, Protocol: 6, CidrBlock: !ImportValue block, PortRange: { From: 1024, To: 65535 } } }
  B: { Type: 'AWS::EC2::NetworkAclEntry', Properties: { NetworkAclId: !Ref Acl, RuleNumber: 200, RuleAction: deny, Protocol: 1, CidrBlock: 0.0.0.0/0, Icmp: { Type: 8, Code: -1 } } }
  A: { Type: 'AWS::EC2::NetworkAclEntry', Properties: { NetworkAclId: !Ref Acl, RuleNumber: 100, RuleAction: allow, Protocol: -1, Ipv6CidrBlock: '::/0', Egress: true } }`);
    expect(vpc.subnets[0]?.networkAcl).toBe('net.Acl');
    expect(vpc.networkAcls[1]).toEqual({
      id: 'net.Acl',
      name: 'Acl',
      ingress: [
        {
          number: 200,
          action: 'deny',
          protocol: 1,
          cidr: { address: '0.0.0.0', prefix: 0 },
          ports: 'any',
          icmp: { type: 8, code: -1 },
        },
        {
          number: 300,
          action: 'allow',
          protocol: 6,
          cidr: { address: '0.0.0.0', prefix: 0 },
          ports: { first: 1024, last: 65535 },
          unknown:
            'export block of a stack that is not given (Resources.C.Properties.CidrBlock; give the template of the stack that exports it)',
        },
      ],
      egress: [
        {
          number: 100,
          action: 'allow',
          protocol: 'any',
          cidr: { address: '::', prefix: 0 },
          ports: 'any',
        },
      ],
    });
  });
});

describe('security groups', () => {
  const groupOf = (vpc: Vpc, name: string): unknown =>
    vpc.securityGroups.find((g) => g.name === name);
  const everything = ['0.0.0.0/0', '::/0'].map((block) => {
    const [address, prefix] = block.split('/');
    const peer = { kind: 'cidr', cidr: { address, prefix: Number(prefix) } };
    return { protocol: 'any', ports: 'any', peer };
  });
  const added = (side: string): string =>
    `  Rule: { Type: 'AWS::EC2::SecurityGroup${side}', Properties: { GroupId: !GetAtt Group.GroupId, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8 } }`;
  const group = (properties = ''): string =>
    `  Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: !Ref Vpc, GroupDescription: x${properties} } }\n`;
  const tcp443 = {
    protocol: 6,
    ports: { first: 443, last: 443 },
    peer: { kind: 'cidr', cidr: { address: '10.0.0.0', prefix: 8 } },
  };

  test.each([
    ['without rules everything may leave', group(), { ingress: [], egress: everything }],
    [
      'an empty list of egress rules is none',
      group(', SecurityGroupEgress: []'),
      { ingress: [], egress: everything },
    ],
    [
      'an ingress rule of its own leaves the default egress',
      group() + added('Ingress'),
      { ingress: [tcp443], egress: everything },
    ],
    [
      'an egress rule of its own takes the default away',
      group() + added('Egress'),
      { ingress: [], egress: [tcp443] },
    ],
    [
      'inline egress takes it away too',
      group(
        ', SecurityGroupEgress: [{ IpProtocol: tcp, FromPort: "443", ToPort: "443", CidrIp: 10.0.0.0/8 }]',
      ),
      { ingress: [], egress: [tcp443] },
    ],
  ])('%s', (_, more, expected) => {
    expect(groupOf(vpcOf(more), 'Group')).toEqual({ id: 'net.Group', name: 'Group', ...expected });
  });

  test.each([
    ['SourceSecurityGroupId: !Ref Group', { kind: 'security-group', id: 'net.Group' }],
    ['SourceSecurityGroupId: sg-0abc', { kind: 'security-group', id: 'sg-0abc' }],
    ['SourcePrefixListId: pl-1', { kind: 'prefix-list', id: 'pl-1' }],
    ["CidrIpv6: '::/0'", { kind: 'cidr', cidr: { address: '::', prefix: 0 } }],
    [
      'CidrIp: !ImportValue office',
      {
        kind: 'unknown',
        what: 'export office of a stack that is not given (Resources.Rule.Properties.CidrIp; give the template of the stack that exports it)',
      },
    ],
  ])('peer %s', (peer, expected) => {
    const vpc = vpcOf(
      `${group()}  Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: !Ref Group, IpProtocol: '-1', ${peer} } }`,
    );
    expect(groupOf(vpc, 'Group')).toMatchObject({
      ingress: [{ protocol: 'any', ports: 'any', peer: expected }],
    });
  });

  test('an ICMP rule holds its type where others hold ports', () => {
    const rule =
      ', SecurityGroupIngress: [{ IpProtocol: icmp, FromPort: 8, ToPort: -1, CidrIp: 0.0.0.0/0 }]';
    expect(groupOf(vpcOf(group(rule)), 'Group')).toMatchObject({
      ingress: [{ protocol: 1, ports: { first: 8, last: 8 } }],
    });
  });

  test('a rule of unknown ports may match any port', () => {
    const rule =
      ', SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: !ImportValue port, ToPort: 1, CidrIp: 0.0.0.0/0 }]';
    expect(groupOf(vpcOf(group(rule)), 'Group')).toMatchObject({
      ingress: [
        {
          protocol: 6,
          ports: 'any',
          unknown:
            'export port of a stack that is not given (Resources.Group.Properties.SecurityGroupIngress[0].FromPort; give the template of the stack that exports it)',
        },
      ],
    });
  });

  const self = { kind: 'security-group', id: 'net.Vpc.default-group' };
  test.each([
    ['lets its members talk', '', [{ protocol: 'any', ports: 'any', peer: self }], everything],
    [
      "is emptied by CDK's flag",
      "  Empty: { Type: 'Custom::VpcRestrictDefaultSG', Properties: { DefaultSecurityGroupId: !GetAtt Vpc.DefaultSecurityGroup } }",
      [],
      [],
    ],
    [
      'is emptied by a schedule, a direction at a time',
      `  Empty: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:ec2:revokeSecurityGroupIngress', Input: !Sub '{"GroupId":"\${Vpc.DefaultSecurityGroup}"}' } } }`,
      [],
      everything,
    ],
  ])('the default group %s', (_, more, ingress, egress) => {
    expect(groupOf(vpcOf(more), 'default group of Vpc')).toMatchObject({ ingress, egress });
  });
});

describe('devices', () => {
  const nat = (properties: string): string => `
  Eip: { Type: 'AWS::EC2::EIP' }
  Nat: { Type: 'AWS::EC2::NatGateway', Properties: { ${properties} } }`;

  test.each([
    [
      'a public NAT gateway',
      'SubnetId: !Ref Subnet, AllocationId: !GetAtt Eip.AllocationId',
      { subnet: 'net.Subnet', privateIp: '10.0.1.4', publicIp: '198.51.100.1' },
    ],
    [
      'a private NAT gateway',
      'SubnetId: !Ref Subnet, ConnectivityType: private',
      { subnet: 'net.Subnet', privateIp: '10.0.1.4' },
    ],
    [
      'a NAT gateway with an address of its own',
      'SubnetId: !Ref Subnet, PrivateIpAddress: 10.0.1.50, AllocationId: !GetAtt Eip.AllocationId',
      { subnet: 'net.Subnet', privateIp: '10.0.1.50', publicIp: '198.51.100.1' },
    ],
    [
      'a regional NAT gateway',
      'VpcId: !Ref Vpc, AvailabilityMode: regional',
      { privateIp: '192.0.2.1', publicIp: '192.0.2.1' },
    ],
  ])('%s', (_, properties, expected) => {
    expect(vpcOf(nat(properties)).natGateways).toEqual([
      { id: 'net.Nat', name: 'Nat', ...expected },
    ]);
  });

  test('an interface endpoint stands in its subnets, in its groups or the default one', () => {
    const vpc = vpcOf(`
  Ecr: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: !Ref Vpc, VpcEndpointType: Interface, ServiceName: com.amazonaws.eu-west-1.ecr.api, SubnetIds: [!Ref Subnet], PrivateDnsEnabled: true } }`);
    expect(vpc.endpoints).toEqual([
      {
        kind: 'interface',
        id: 'net.Ecr',
        service: 'ecr.api',
        subnets: ['net.Subnet'],
        securityGroups: ['net.Vpc.default-group'],
        privateDns: true,
      },
    ]);
    expect(vpc.interfaces).toEqual([
      {
        id: 'ecr.api/Subnet',
        subnet: 'net.Subnet',
        addresses: ['10.0.1.4'],
        prefixes: [],
        securityGroups: ['net.Vpc.default-group'],
        chosen: true,
        owner: { kind: 'vpc-endpoint', id: 'net.Ecr' },
      },
    ]);
  });

  test('peered VPCs know of each other; overlapping ones are refused with the reason', () => {
    const peer = (block: string): string => `
  Other: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: ${block} } }
  Peer: { Type: 'AWS::EC2::VPCPeeringConnection', Properties: { VpcId: !Ref Vpc, PeerVpcId: !Ref Other } }`;
    const expected = { id: 'net.Peer', requester: 'net.Vpc', accepter: 'net.Other' };
    expect(read(peer('10.1.0.0/16')).cloud.vpcs.map(({ peerings }) => peerings)).toEqual([
      [expected],
      [expected],
    ]);
    expect(problemsOf(peer('10.0.128.0/17'))).toEqual([
      'Resources.Peer.Properties: 10.0.0.0/16 of Vpc and 10.0.128.0/17 of Other overlap, so the two cannot be peered: an address would mean two things',
    ]);
  });
});
