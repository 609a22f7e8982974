/**
 * A closed world whose verdicts hang on every property that the readers use: two peered VPCs, public and
 * private subnets, NAT, ACLs, groups by block and by group, machines of several forms, endpoints.
 */
const ref = (name: string) => ({ Ref: name });
const att = (name: string, attribute: string) => ({ 'Fn::GetAtt': [name, attribute] });
const make = (type: string, properties: object) => ({
  Type: `AWS::${type}`,
  Properties: properties,
});

const group = (vpc: string, rules: readonly object[], more: object = {}) =>
  make('EC2::SecurityGroup', {
    GroupDescription: 'test',
    VpcId: ref(vpc),
    SecurityGroupIngress: rules,
    ...more,
  });

const tcp = (port: number, peer: object) => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  ...peer,
});

const subnet = (vpc: string, block: string, more: object = {}) =>
  make('EC2::Subnet', { VpcId: ref(vpc), CidrBlock: block, ...more });

const entry = (number: number, egress: boolean, more: object) =>
  make('EC2::NetworkAclEntry', {
    NetworkAclId: ref('Acl'),
    RuleNumber: number,
    Egress: egress,
    CidrBlock: '0.0.0.0/0',
    ...more,
  });

const every = { Protocol: -1, RuleAction: 'allow' };

export const CLOSED_WORLD = {
  Net: make('EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  Other: make('EC2::VPC', { CidrBlock: '10.9.0.0/16' }),
  Igw: make('EC2::InternetGateway', {}),
  Attach: make('EC2::VPCGatewayAttachment', { VpcId: ref('Net'), InternetGatewayId: ref('Igw') }),
  Pub: subnet('Net', '10.0.1.0/24', { MapPublicIpOnLaunch: true }),
  Priv: subnet('Net', '10.0.2.0/24'),
  Far: subnet('Other', '10.9.1.0/24'),
  PubTable: make('EC2::RouteTable', { VpcId: ref('Net') }),
  PrivTable: make('EC2::RouteTable', { VpcId: ref('Net') }),
  FarTable: make('EC2::RouteTable', { VpcId: ref('Other') }),
  PubJoin: make('EC2::SubnetRouteTableAssociation', {
    SubnetId: ref('Pub'),
    RouteTableId: ref('PubTable'),
  }),
  PrivJoin: make('EC2::SubnetRouteTableAssociation', {
    SubnetId: ref('Priv'),
    RouteTableId: ref('PrivTable'),
  }),
  FarJoin: make('EC2::SubnetRouteTableAssociation', {
    SubnetId: ref('Far'),
    RouteTableId: ref('FarTable'),
  }),
  Peer: make('EC2::VPCPeeringConnection', { VpcId: ref('Net'), PeerVpcId: ref('Other') }),
  ToNet: make('EC2::Route', {
    RouteTableId: ref('PubTable'),
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: ref('Igw'),
  }),
  ToNat: make('EC2::Route', {
    RouteTableId: ref('PrivTable'),
    DestinationCidrBlock: '0.0.0.0/0',
    NatGatewayId: ref('Nat'),
  }),
  There: make('EC2::Route', {
    RouteTableId: ref('PrivTable'),
    DestinationCidrBlock: '10.9.0.0/16',
    VpcPeeringConnectionId: ref('Peer'),
  }),
  Back: make('EC2::Route', {
    RouteTableId: ref('FarTable'),
    DestinationCidrBlock: '10.0.0.0/16',
    VpcPeeringConnectionId: ref('Peer'),
  }),
  NatIp: make('EC2::EIP', { Domain: 'vpc' }),
  Nat: make('EC2::NatGateway', {
    SubnetId: ref('Pub'),
    AllocationId: att('NatIp', 'AllocationId'),
  }),
  Acl: make('EC2::NetworkAcl', { VpcId: ref('Net') }),
  AclJoin: make('EC2::SubnetNetworkAclAssociation', {
    SubnetId: ref('Priv'),
    NetworkAclId: ref('Acl'),
  }),
  NoSsh: entry(90, false, {
    Protocol: 6,
    RuleAction: 'deny',
    PortRange: { From: 22, To: 22 },
  }),
  NoPing: entry(91, false, {
    Protocol: 1,
    RuleAction: 'deny',
    Icmp: { Type: 8, Code: -1 },
  }),
  AclIn: entry(100, false, every),
  AclOut: entry(100, true, every),
  WebGroup: group('Net', [tcp(80, { CidrIp: '0.0.0.0/0' })]),
  AppGroup: group('Net', [
    tcp(8080, { SourceSecurityGroupId: att('WebGroup', 'GroupId') }),
    tcp(22, { CidrIp: '10.0.0.0/16' }),
    { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, CidrIp: '10.0.0.0/16' },
  ]),
  NarrowGroup: group('Net', [], {
    SecurityGroupEgress: [tcp(443, { CidrIp: '0.0.0.0/0' })],
  }),
  FarGroup: group('Other', [tcp(5432, { SourceSecurityGroupId: att('AppGroup', 'GroupId') })]),
  FarRule: make('EC2::SecurityGroupIngress', {
    GroupId: att('FarGroup', 'GroupId'),
    ...tcp(9000, { CidrIp: '10.0.2.0/24' }),
  }),
  Web: make('EC2::Instance', {
    SubnetId: ref('Pub'),
    SecurityGroupIds: [att('WebGroup', 'GroupId')],
    PrivateIpAddress: '10.0.1.10',
  }),
  App: make('EC2::Instance', {
    SubnetId: ref('Priv'),
    SecurityGroupIds: [att('AppGroup', 'GroupId')],
    PrivateIpAddress: '10.0.2.10',
  }),
  Worker: make('EC2::Instance', {
    NetworkInterfaces: [
      {
        DeviceIndex: '0',
        SubnetId: ref('Priv'),
        GroupSet: [att('NarrowGroup', 'GroupId')],
        PrivateIpAddress: '10.0.2.20',
      },
    ],
  }),
  Card: make('EC2::NetworkInterface', {
    SubnetId: ref('Pub'),
    GroupSet: [att('NarrowGroup', 'GroupId')],
    PrivateIpAddress: '10.0.1.30',
  }),
  CardIp: make('EC2::EIP', { Domain: 'vpc' }),
  CardJoin: make('EC2::EIPAssociation', {
    AllocationId: att('CardIp', 'AllocationId'),
    NetworkInterfaceId: ref('Card'),
  }),
  Rack: make('EC2::LaunchTemplate', {
    LaunchTemplateData: { SecurityGroupIds: [att('WebGroup', 'GroupId')] },
  }),
  Fleet: make('AutoScaling::AutoScalingGroup', {
    MinSize: '1',
    MaxSize: '1',
    VPCZoneIdentifier: [ref('Priv')],
    LaunchTemplate: { LaunchTemplateId: ref('Rack'), Version: '1' },
  }),
  Db: make('EC2::Instance', {
    SubnetId: ref('Far'),
    SecurityGroupIds: [att('FarGroup', 'GroupId')],
    PrivateIpAddress: '10.9.1.10',
  }),
} as const;

const flow = (from: string, to: string, port?: number) =>
  port === undefined ? { from, to, protocol: 'ICMP' } : { from, to, protocol: 'TCP', port };

export const CLOSED_FLOWS = [
  flow('internet', 'eni:Web', 80),
  flow('internet', 'eni:Web', 22),
  flow('internet', 'eni:App', 8080),
  flow('internet', 'eni:Card', 443),
  flow('eni:Web', 'eni:App', 8080),
  flow('eni:Web', 'eni:App', 22),
  flow('eni:Web', 'eni:App'),
  flow('eni:Worker', 'eni:App', 8080),
  flow('eni:App', 'internet', 443),
  flow('eni:Worker', 'internet', 443),
  flow('eni:Worker', 'internet', 80),
  flow('eni:Web', 'internet', 443),
  flow('eni:Card', 'internet', 443),
  flow('eni:App', 'eni:Db', 5432),
  flow('eni:Worker', 'eni:Db', 5432),
  flow('eni:App', 'eni:Db', 9000),
  flow('eni:Web', 'eni:Db', 9000),
  flow('eni:Db', 'eni:App', 8080),
  flow('eni:Web', 'eni:Fleet', 80),
  flow('eni:Db', 'internet', 443),
];
