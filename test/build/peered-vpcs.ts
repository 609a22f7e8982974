import { cidr, ip } from '../../lib/model/address';
import type {
  AclEntry,
  NetworkAcl,
  NetworkInterface,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
} from '../../lib/model/vpc';
import type { NodeEndpoint, NodePlacement } from '../../lib/model/world';
import { node, pod, world } from './model';

const anyone = { kind: 'cidr', cidr: cidr('0.0.0.0/0') } as const;

const allow = (
  peer: SecurityGroupRule['peer'],
  parts: Partial<SecurityGroupRule> = {},
): SecurityGroupRule => ({ protocol: 'any', ports: 'any', peer, ...parts });

const group = (id: string, parts: Partial<SecurityGroup>): SecurityGroup => ({
  id,
  name: id,
  ingress: [],
  egress: [allow(anyone)],
  ...parts,
});

export const entry = (number: number, parts: Partial<AclEntry> = {}): AclEntry => ({
  number,
  action: 'allow',
  protocol: 'any',
  cidr: cidr('0.0.0.0/0'),
  ports: 'any',
  ...parts,
});

const openAcl: NetworkAcl = {
  id: 'open',
  name: 'open',
  ingress: [entry(100)],
  egress: [entry(100)],
};

const subnet = (id: string, block: string, parts: Partial<Subnet> = {}): Subnet => ({
  id,
  name: id,
  zone: 'a',
  cidrs: [cidr(block)],
  routeTable: 'private',
  networkAcl: 'open',
  public: false,
  ...parts,
});

const eni = (
  id: string,
  subnetId: string,
  addresses: readonly string[],
  parts: Partial<NetworkInterface> = {},
): NetworkInterface => ({
  id,
  subnet: subnetId,
  securityGroups: ['nodes'],
  addresses: addresses.map(ip),
  prefixes: [],
  owner: { kind: 'node', node: id.replace(/-.*/, ''), branch: false },
  ...parts,
});

const placed = (
  name: string,
  address: string,
  interfaces: readonly string[],
  parts: Partial<NodePlacement> = {},
): NodeEndpoint => ({
  ...node(name, address),
  placement: {
    vpc: 'main',
    zone: 'a',
    interfaces,
    snat: 'node',
    podSecurityGroups: 'strict',
    ...parts,
  },
});

const route = (block: string, target: RouteTable['routes'][number]['target']) => ({
  destination: cidr(block),
  target,
});

const local = route('10.0.0.0/16', { kind: 'local' });

export const mainVpc: Vpc = {
  id: 'main',
  name: 'main',
  cidrs: [cidr('10.0.0.0/16')],
  internetGateway: 'igw',
  subnets: [
    subnet('private-a', '10.0.1.0/24'),
    subnet('private-b', '10.0.2.0/24', { zone: 'b', networkAcl: 'b' }),
    subnet('public-a', '10.0.101.0/24', { routeTable: 'public', public: true }),
    subnet('isolated-a', '10.0.201.0/24', { routeTable: 'isolated' }),
  ],
  routeTables: [
    {
      id: 'private',
      name: 'private',
      routes: [
        local,
        route('0.0.0.0/0', { kind: 'nat-gateway', id: 'nat' }),
        route('10.1.0.0/16', { kind: 'peering', id: 'pcx' }),
        route('192.0.2.0/24', { kind: 'blackhole' }),
        { destination: { prefixList: 'pl-s3' }, target: { kind: 'vpc-endpoint', id: 's3' } },
      ],
    },
    {
      id: 'public',
      name: 'public',
      routes: [local, route('0.0.0.0/0', { kind: 'internet-gateway', id: 'igw' })],
    },
    { id: 'isolated', name: 'isolated', routes: [local] },
  ],
  networkAcls: [
    openAcl,
    {
      id: 'b',
      name: 'b',
      // Replies come to the clients' ephemeral ports; nothing else than 80 and DNS opens here.
      ingress: [
        entry(90, { action: 'deny', protocol: 6, ports: { first: 8080, last: 8080 } }),
        entry(100, { protocol: 6, ports: { first: 80, last: 8090 } }),
        entry(110, {
          protocol: 6,
          ports: { first: 32768, last: 65535 },
          cidr: cidr('10.0.0.0/16'),
        }),
        entry(120, { protocol: 1, icmp: { type: 8, code: -1 } }),
        entry(130, { protocol: 17, ports: { first: 53, last: 53 } }),
      ],
      egress: [
        entry(100, { protocol: 6 }),
        entry(110, { protocol: 1, icmp: { type: 0, code: -1 } }),
      ],
    },
  ],
  securityGroups: [
    group('nodes', {
      ingress: [
        allow({ kind: 'security-group', id: 'nodes' }),
        allow(
          { kind: 'cidr', cidr: cidr('10.1.0.0/16') },
          { protocol: 1, ports: { first: 8, last: 8 } },
        ),
      ],
    }),
    group('db', {
      ingress: [
        allow(
          { kind: 'security-group', id: 'client' },
          { protocol: 6, ports: { first: 5432, last: 5432 } },
        ),
      ],
    }),
    group('client', {
      egress: [allow(anyone, { protocol: 6, ports: { first: 5432, last: 5432 } })],
    }),
    group('endpoint', {
      ingress: [
        allow(
          { kind: 'cidr', cidr: cidr('10.0.1.0/24') },
          { protocol: 6, ports: { first: 443, last: 443 } },
        ),
      ],
    }),
    group('web', { ingress: [allow(anyone, { protocol: 6, ports: { first: 80, last: 80 } })] }),
  ],
  interfaces: [
    eni('a-0', 'private-a', ['10.0.1.10', '10.0.1.11', '10.0.1.12']),
    eni('a-1', 'private-a', ['10.0.1.20'], { prefixes: [cidr('10.0.1.32/28')] }),
    eni('a-2', 'private-a', ['10.0.1.60'], {
      securityGroups: ['client'],
      owner: { kind: 'node', node: 'a', branch: true },
    }),
    eni('a-3', 'private-a', ['10.0.1.61'], {
      securityGroups: ['db'],
      owner: { kind: 'node', node: 'a', branch: true },
    }),
    eni('b-0', 'private-b', ['10.0.2.10', '10.0.2.11']),
    eni('c-0', 'private-a', ['10.0.1.110', '10.0.1.111']),
    eni('p-0', 'public-a', ['10.0.101.10', '10.0.101.11'], {
      securityGroups: ['web'],
      publicIp: ip('198.51.100.80'),
    }),
    eni('i-0', 'isolated-a', ['10.0.201.10', '10.0.201.11']),
    eni('vpce', 'private-a', ['10.0.1.200'], {
      securityGroups: ['endpoint'],
      owner: { kind: 'vpc-endpoint', id: 'ecr' },
    }),
    eni('nat-eni', 'public-a', ['10.0.101.200'], {
      securityGroups: [],
      owner: { kind: 'nat-gateway', id: 'nat' },
    }),
  ],
  natGateways: [
    {
      id: 'nat',
      name: 'nat',
      subnet: 'public-a',
      privateIp: ip('10.0.101.200'),
      publicIp: ip('198.51.100.99'),
    },
  ],
  endpoints: [
    { kind: 'gateway', id: 's3', service: 'com.amazonaws.eu-west-1.s3', prefixList: 'pl-s3' },
    {
      kind: 'interface',
      id: 'ecr',
      service: 'com.amazonaws.eu-west-1.ecr.api',
      subnets: ['private-a'],
      securityGroups: ['endpoint'],
      privateDns: true,
    },
  ],
  peerings: [{ id: 'pcx', requester: 'main', accepter: 'other' }],
  prefixLists: [{ id: 'pl-s3', name: 's3', cidrs: [cidr('198.51.100.0/26')] }],
};

const otherVpc: Vpc = {
  ...mainVpc,
  id: 'other',
  name: 'other',
  cidrs: [cidr('10.1.0.0/16')],
  internetGateway: undefined,
  subnets: [subnet('other-a', '10.1.1.0/24', { routeTable: 'back' })],
  routeTables: [
    {
      id: 'back',
      name: 'back',
      routes: [
        route('10.1.0.0/16', { kind: 'local' }),
        route('10.0.0.0/16', { kind: 'peering', id: 'pcx' }),
      ],
    },
  ],
  networkAcls: [openAcl],
  securityGroups: [
    group('o-nodes', { ingress: [allow({ kind: 'cidr', cidr: cidr('10.0.0.0/16') })] }),
  ],
  interfaces: [eni('o-0', 'other-a', ['10.1.1.10', '10.1.1.11'], { securityGroups: ['o-nodes'] })],
  natGateways: [],
  endpoints: [],
  prefixLists: [],
};

const port = (number: number) => ({ protocol: 'TCP' as const, port: number });
const web = { ports: [port(80), port(8080)] };

/**
 * Nodes `a` and `c` in one private subnet, `b` in another behind an ACL of its own, `p` public,
 * `i` isolated, `o` in a peered VPC; `a` has a second interface and two branch interfaces.
 */
export const vpcWorld = world({
  vpcs: [mainVpc, otherVpc],
  nodes: [
    placed('a', '10.0.1.10', ['a-0', 'a-1', 'a-2', 'a-3']),
    placed('b', '10.0.2.10', ['b-0']),
    placed('c', '10.0.1.110', ['c-0']),
    placed('p', '10.0.101.10', ['p-0']),
    placed('i', '10.0.201.10', ['i-0']),
    placed('o', '10.1.1.10', ['o-0'], { vpc: 'other' }),
  ],
  pods: [
    pod('lab/a1', 'a', '10.0.1.11', web),
    pod('lab/a2', 'a', '10.0.1.33', web),
    pod('lab/client', 'a', '10.0.1.60', { securityGroups: ['client'] }),
    pod('lab/db', 'a', '10.0.1.61', { securityGroups: ['db'], ports: [port(5432)] }),
    pod('lab/b1', 'b', '10.0.2.11', web),
    pod('lab/c1', 'c', '10.0.1.111', web),
    pod('lab/p1', 'p', '10.0.101.11', web),
    pod('lab/i1', 'i', '10.0.201.11', web),
    pod('lab/o1', 'o', '10.1.1.11', web),
  ],
  outside: [
    { kind: 'outside', name: 'internet', addresses: [ip('203.0.113.10')], ports: [port(443)] },
    { kind: 'outside', name: 's3.example', addresses: [ip('198.51.100.10')], ports: [port(443)] },
  ],
});
