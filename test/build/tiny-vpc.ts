import { cidr, ip } from '../../lib/model/address';
import type {
  AclEntry,
  NetworkInterface,
  Route,
  RouteTarget,
  SecurityGroup,
  SecurityGroupRule,
  Vpc,
} from '../../lib/model/vpc';
import type { NodeEndpoint, NodePlacement } from '../../lib/model/world';

/** A line of an ACL: `100 allow TCP 443 0.0.0.0/0`; `any` where all of it is meant. */
export function entry(text: string, unknown?: string): AclEntry {
  const [number, action, protocol = 'any', ports = 'any', block = '0.0.0.0/0'] = text.split(' ');
  const icmp = protocol === 'ICMP' ? { icmp: { type: Number(ports), code: -1 } } : {};
  return {
    number: Number(number),
    action: action as AclEntry['action'],
    protocol: numberOf(protocol),
    cidr: cidr(block),
    ports: protocol === 'ICMP' ? 'any' : portsOf(ports),
    ...icmp,
    ...(unknown === undefined ? {} : { unknown }),
  };
}

/** A line of a group: `TCP 443 10.0.0.0/8`, or a peer `sg:id`, `pl:id`, `?what`. */
export function rule(text: string): SecurityGroupRule {
  const [protocol = 'any', ports = 'any', peer = '0.0.0.0/0'] = text.split(' ');
  return { protocol: numberOf(protocol), ports: portsOf(ports), peer: peerOf(peer) };
}

function peerOf(text: string): SecurityGroupRule['peer'] {
  if (text.startsWith('sg:')) return { kind: 'security-group', id: text.slice(3) };
  if (text.startsWith('pl:')) return { kind: 'prefix-list', id: text.slice(3) };
  if (text.startsWith('?')) return { kind: 'unknown', what: text.slice(1) };
  return { kind: 'cidr', cidr: cidr(text) };
}

const numberOf = (name: string): 'any' | number =>
  (({ any: 'any', TCP: 6, UDP: 17, ICMP: 1 }) as const)[name] ?? Number(name);

function portsOf(text: string): 'any' | { readonly first: number; readonly last: number } {
  if (text === 'any') return 'any';
  const [first = '', last = first] = text.split('-');
  return { first: Number(first), last: Number(last) };
}

export const group = (id: string, ingress: readonly string[], egress = ['any']): SecurityGroup => ({
  id,
  name: id,
  ingress: ingress.map(rule),
  egress: egress.map(rule),
});

export const route = (destination: string, target: RouteTarget): Route => ({
  destination: destination.startsWith('pl-') ? { prefixList: destination } : cidr(destination),
  target,
});

const owner = (node: string, branch = false): NetworkInterface['owner'] => ({
  kind: 'node',
  node,
  branch,
});

/** What differs from the tiny VPC. */
export interface Change {
  readonly vpc?: Partial<Vpc>;
  /** ACL lines of subnets `a`, `b` and `public`. */
  readonly acl?: Readonly<
    Record<string, readonly [ingress: readonly string[], egress: readonly string[]]>
  >;
  readonly groups?: readonly SecurityGroup[];
  /** Routes of subnets beside the local one. */
  readonly routes?: Readonly<Record<string, readonly Route[]>>;
  readonly placement?: Partial<NodePlacement>;
}

/**
 * Two private subnets `a` (10.0.1.0/24) and `b` (10.0.2.0/24) and a public one (10.0.9.0/24) with a
 * NAT gateway; node-a with pods 10.0.1.20 and .21 and a branch pod .30, node-a2 in the same subnet,
 * node-b with pod 10.0.2.20. ACLs, groups and routes are open.
 */
export function tiny(change: Change = {}): {
  vpcs: readonly Vpc[];
  nodes: readonly NodeEndpoint[];
} {
  const subnet = (name: string, block: string) => ({
    id: name,
    name,
    zone: name,
    cidrs: [cidr(block)],
    routeTable: `table-${name}`,
    networkAcl: `acl-${name}`,
    public: name === 'public',
  });
  const acl = (name: string) => {
    const [ingress, egress] = change.acl?.[name] ?? [['100 allow'], ['100 allow']];
    return {
      id: `acl-${name}`,
      name: `acl-${name}`,
      ingress: ingress.map((line) => entry(line)),
      egress: egress.map((line) => entry(line)),
    };
  };
  const table = (name: string, more: readonly Route[]) => ({
    id: `table-${name}`,
    name: `table-${name}`,
    routes: [route('10.0.0.0/16', { kind: 'local' }), ...(change.routes?.[name] ?? more)],
  });
  const eni = (id: string, home: string, addresses: readonly string[]): NetworkInterface => ({
    id,
    subnet: home,
    securityGroups: ['nodes'],
    prefixes: [],
    addresses: addresses.map(ip),
    owner: owner(id.split('/')[0] ?? ''),
  });
  const toNat = [route('0.0.0.0/0', { kind: 'nat-gateway', id: 'nat' })];
  const vpc: Vpc = {
    id: 'vpc',
    name: 'vpc',
    cidrs: [cidr('10.0.0.0/16')],
    internetGateway: 'igw',
    subnets: [
      subnet('a', '10.0.1.0/24'),
      subnet('b', '10.0.2.0/24'),
      subnet('public', '10.0.9.0/24'),
    ],
    routeTables: [
      table('a', toNat),
      table('b', toNat),
      table('public', [route('0.0.0.0/0', { kind: 'internet-gateway', id: 'igw' })]),
    ],
    networkAcls: ['a', 'b', 'public'].map(acl),
    securityGroups: change.groups ?? [group('nodes', ['any']), group('pods', ['any'])],
    interfaces: [
      eni('node-a/eth0', 'a', ['10.0.1.10', '10.0.1.20', '10.0.1.21']),
      {
        ...eni('node-a/pod', 'a', ['10.0.1.30']),
        securityGroups: ['pods'],
        owner: owner('node-a', true),
      },
      eni('node-a2/eth0', 'a', ['10.0.1.11', '10.0.1.25']),
      { ...eni('node-b/eth0', 'b', ['10.0.2.10']), prefixes: [cidr('10.0.2.16/28')] },
      {
        ...eni('nat', 'public', ['10.0.9.4']),
        securityGroups: [],
        publicIp: ip('198.51.100.1'),
        owner: { kind: 'nat-gateway', id: 'nat' },
      },
      {
        ...eni('public-node/eth0', 'public', ['10.0.9.10', '10.0.9.11']),
        publicIp: ip('198.51.100.9'),
      },
    ],
    natGateways: [
      {
        id: 'nat',
        name: 'nat',
        subnet: 'public',
        privateIp: ip('10.0.9.4'),
        publicIp: ip('198.51.100.1'),
      },
    ],
    endpoints: [],
    peerings: [],
    prefixLists: [],
    ...change.vpc,
  };
  const node = (name: string, ...interfaces: readonly string[]): NodeEndpoint => ({
    kind: 'node',
    name,
    labels: {},
    addresses: [],
    placement: {
      vpc: 'vpc',
      zone: 'a',
      interfaces,
      snat: 'node',
      podSecurityGroups: 'strict',
      ...change.placement,
    },
  });
  const nodes = [
    node('node-a', 'node-a/eth0', 'node-a/pod'),
    node('node-a2', 'node-a2/eth0'),
    node('node-b', 'node-b/eth0'),
    node('public-node', 'public-node/eth0'),
  ];
  return { vpcs: [vpc], nodes };
}
