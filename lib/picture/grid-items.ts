import { formatCidr } from '../model/address';
import type { NetworkInterface, Subnet, Vpc } from '../model/vpc';
import type { NodeEndpoint, PodEndpoint, World } from '../model/world';
import { podId } from './ends';

/** A small box in a subnet: an interface, a NAT gateway. */
export interface GridSocket {
  readonly id: string;
  readonly title: string;
  readonly kind: 'interface' | 'gateway' | 'balancer' | 'endpoint';
  readonly about: string;
}

/** A subnet and what is plugged into it. */
export interface GridSubnet {
  readonly id: string;
  readonly title: string;
  /** Its name in full. */
  readonly name: string;
  readonly detail: string;
  /** What is only counted: functions, the interfaces of the Kubernetes API. */
  readonly note: string;
  readonly sockets: readonly GridSocket[];
}

/** A machine and its pods; `more` pods are not shown. */
export interface GridNode {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly pods: readonly {
    readonly id: string;
    readonly title: string;
    readonly detail: string;
  }[];
  readonly more: number;
}

/** A row of a network: a zone, or everything where there is no VPC. */
export interface GridZone {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly GridNode[];
  /** Nodes of the zone that are not shown. */
  readonly moreNodes: number;
  readonly subnets: readonly GridSubnet[];
}

/** A VPC as a grid of zones; without one, a cluster's nodes as one row. */
export interface GridNetwork {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly isVpc: boolean;
  readonly zones: readonly GridZone[];
  readonly gateways: readonly GridSocket[];
}

/** So many nodes of a zone and pods of a node are shown, those that are asked about first. */
const MOST_NODES = 6;
const MOST_PODS = 6;

/** What the grid of a world shows. `keep`: ids of what must be shown however much there is. */
export function gridItems(world: World, keep: ReadonlySet<string>): readonly GridNetwork[] {
  const networks = world.vpcs.map((vpc) => vpcItems(world, vpc, keep));
  const loose = world.nodes.filter(
    ({ placement }) => !world.vpcs.some(({ id }) => id === placement?.vpc),
  );
  if (loose.length === 0) return networks;
  const { nodes, moreNodes } = nodeItems(world, loose, keep);
  const zone: GridZone = { id: 'zone:cluster', title: 'nodes', nodes, moreNodes, subnets: [] };
  const cluster: GridNetwork = {
    id: 'network:cluster',
    title: 'cluster network',
    detail: world.vpcs.length === 0 ? 'no VPC is given' : 'not placed in a VPC',
    isVpc: false,
    zones: [zone],
    gateways: [],
  };
  return [...networks, cluster];
}

function vpcItems(world: World, vpc: Vpc, keep: ReadonlySet<string>): GridNetwork {
  const own = world.nodes.filter(({ placement }) => placement?.vpc === vpc.id);
  const names = [...new Set([...vpc.subnets.map(({ zone }) => zone), ...own.map(zoneOf)])];
  const zones = names.toSorted().map((name): GridZone => {
    const here = own.filter((node) => zoneOf(node) === name);
    const subnets = vpc.subnets.filter(({ zone }) => zone === name);
    return {
      id: `zone:${vpc.id}/${name}`,
      title: zoneTitle(name),
      ...nodeItems(world, here, keep),
      subnets: subnets
        .map((subnet) => subnetItem(vpc, subnet))
        .toSorted((a, b) => rankOf(a) - rankOf(b)),
    };
  });
  return {
    id: `vpc:${vpc.id}`,
    title: /^vpc$/i.test(vpc.name) ? 'VPC' : `VPC ${vpc.name}`,
    detail: vpc.cidrs.map(formatCidr).join(' '),
    isVpc: true,
    zones,
    gateways: gatewayItems(world, vpc),
  };
}

/** A zone of the region that the stack is deployed in: `(AWS::Region)a`. */
const zoneTitle = (name: string): string => `zone ${name.replace('(AWS::Region)', '')}`;

/** Subnets of nodes beside the nodes, then those with gateways, then the others. */
function rankOf({ sockets }: GridSubnet): number {
  if (sockets.some(({ id, kind }) => kind === 'interface' && !id.endsWith('/eth0'))) return 0;
  if (sockets.some(({ kind }) => kind === 'interface')) return 1;
  return sockets.length > 0 ? 2 : 3;
}

const zoneOf = ({ placement }: NodeEndpoint): string => placement?.zone ?? '';

function gatewayItems({ vpcs }: World, vpc: Vpc): readonly GridSocket[] {
  const nameOf = (id: string): string => vpcs.find((one) => one.id === id)?.name ?? id;
  const internet = vpc.internetGateway;
  return [
    ...(internet === undefined
      ? []
      : [socket(`internet-gateway:${internet}`, 'Internet gateway', 'gateway')]),
    ...vpc.natGateways
      .filter(({ subnet }) => subnet === undefined)
      .map(({ id, name }) => socket(`nat-gateway:${id}`, `NAT ${name}`, 'gateway')),
    ...vpc.endpoints.flatMap((endpoint) =>
      endpoint.kind === 'gateway'
        ? [
            socket(
              `vpc-endpoint:${endpoint.id}`,
              `${shortService(endpoint.service)} endpoint`,
              'endpoint',
            ),
          ]
        : [],
    ),
    ...vpc.peerings.map(({ id, requester, accepter }) =>
      socket(
        `peering:${id}`,
        `peering to ${nameOf(requester === vpc.id ? accepter : requester)}`,
        'gateway',
      ),
    ),
  ];
}

const socket = (id: string, title: string, kind: GridSocket['kind']): GridSocket => ({
  id,
  title,
  kind,
  about: `${title} (${id})`,
});

/** `com.amazonaws.eu-west-1.s3` is known as S3. */
const shortService = (service: string): string => {
  const name = service.split('.').at(-1) ?? service;
  return name.length <= 3 ? name.toUpperCase() : name;
};

function subnetItem(vpc: Vpc, subnet: Subnet): GridSubnet {
  const inside = vpc.interfaces.filter((one) => one.subnet === subnet.id);
  const nats = vpc.natGateways
    .filter((nat) => nat.subnet === subnet.id)
    .map((nat) => socket(`nat-gateway:${nat.id}`, 'NAT', 'gateway'));
  const functions = inside.filter(isFunction).length;
  const isApi = inside.some(({ owner }) => owner.kind === 'control-plane');
  const notes = [
    ...(functions === 0 ? [] : [`+${functions} function${functions === 1 ? '' : 's'}`]),
    ...(isApi ? ['Kubernetes API'] : []),
  ];
  return {
    id: `subnet:${subnet.id}`,
    title: subnet.name.replace(/(.)Subnet\d*$/, '$1'),
    name: subnet.name,
    detail: subnet.cidrs.map(formatCidr).join(' '),
    note: notes.join(', '),
    sockets: [...inside.flatMap(socketOf), ...nats],
  };
}

const isFunction = ({ owner }: NetworkInterface): boolean =>
  owner.kind === 'resource' && owner.type === 'AWS::Lambda::Function';

function socketOf(one: NetworkInterface): readonly GridSocket[] {
  const { id, owner, addresses } = one;
  const short = id.split('/').at(-1) ?? id;
  const about = `interface ${id}, ${addresses.slice(0, 3).join(', ')}`;
  const own = { id: `interface:${id}`, about };
  switch (owner.kind) {
    case 'node':
      return [{ ...own, title: owner.branch ? `branch ${short}` : short, kind: 'interface' }];
    case 'load-balancer':
      return [{ ...own, title: 'load balancer', kind: 'balancer' }];
    case 'vpc-endpoint':
      return [{ ...own, title: `endpoint ${short}`, kind: 'endpoint' }];
    case 'resource':
      return isFunction(one) ? [] : [{ ...own, title: short, kind: 'interface' }];
    case 'nat-gateway':
    case 'control-plane':
      return [];
  }
}

function nodeItems(
  { pods }: World,
  nodes: readonly NodeEndpoint[],
  keep: ReadonlySet<string>,
): Pick<GridZone, 'nodes' | 'moreNodes'> {
  const podsOf = (name: string): readonly PodEndpoint[] => pods.filter(({ node }) => node === name);
  const isKept = ({ name }: NodeEndpoint): boolean =>
    keep.has(`node:${name}`) || podsOf(name).some((pod) => keep.has(podId(pod)));
  const shown = chosen(nodes, isKept, MOST_NODES);
  return {
    moreNodes: nodes.length - shown.length,
    nodes: shown.map(({ name, addresses: [address = ''] }): GridNode => {
      const all = podsOf(name);
      const some = chosen(all, (pod) => keep.has(podId(pod)), MOST_PODS);
      return {
        id: `node:${name}`,
        title: name,
        detail: address,
        more: all.length - some.length,
        pods: some.map((pod) => {
          const { addresses } = pod;
          return { id: podId(pod), title: pod.name, detail: addresses[0] ?? '' };
        }),
      };
    }),
  };
}

/** At most `most` items in their order, the kept ones among them. */
function chosen<T>(items: readonly T[], isKept: (item: T) => boolean, most: number): readonly T[] {
  if (items.length <= most) return items;
  const kept = items.filter(isKept);
  const others = items.filter((one) => !isKept(one)).slice(0, Math.max(0, most - kept.length));
  const all = new Set([...kept, ...others]);
  return items.filter((one) => all.has(one));
}
