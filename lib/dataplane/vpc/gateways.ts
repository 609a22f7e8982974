import type { NetworkInterface, Vpc } from '../../model/vpc';
import type { World } from '../../model/world';
import type { Netns, Plan } from '../commands/command';
import type { NftTable } from '../nft/ruleset';
import type { ListeningNamespace } from '../servers/listeners';
import { addLeaf, endOf } from '../wiring/cables';
import { addBalancer, balancerInterfaces, balancerTable, listensAt } from './balancers';
import { AMAZON } from './devices';
import { addEndpoint, endpointTable, gatewayEndpoints } from './endpoints';
import { addInternetGateway, addNat, internetGatewayTable, natTable } from './internet';
import {
  amazonAddresses,
  amazonNetns,
  endpointNetns,
  farEnd,
  igwNetns,
  interfaceNetns,
  natNetns,
  vpcNetns,
} from './places';

/** A table of a gateway's, where it belongs. */
export interface GatewayTable {
  readonly netns: Netns;
  readonly table: NftTable;
}

/** Everything that stands at a VPC's router beside nodes, outside hosts and other VPCs. */
export const addGateways = (vpc: Vpc): Plan => [
  ...addLeaf({
    netns: amazonNetns(vpc.id),
    addresses: amazonAddresses(vpc),
    upstream: endOf(vpcNetns(vpc.id), AMAZON),
  }),
  ...(vpc.internetGateway === undefined ? [] : addInternetGateway(vpc)),
  ...vpc.natGateways.flatMap((nat) => addNat(vpc, nat)),
  ...gatewayEndpoints(vpc).flatMap((endpoint) => addEndpoint(vpc, endpoint)),
  ...ownInterfaces(vpc).flatMap((eni) =>
    eni.owner.kind === 'load-balancer'
      ? addBalancer(vpc, eni)
      : addLeaf({
          netns: interfaceNetns(eni.id),
          addresses: eni.addresses,
          upstream: farEnd(vpc, eni),
        }),
  ),
];

/** Their rules. */
export const gatewayTables = (world: World, vpc: Vpc): readonly GatewayTable[] => [
  ...(vpc.internetGateway === undefined
    ? []
    : [{ netns: igwNetns(vpc.id), table: internetGatewayTable(vpc) }]),
  ...vpc.natGateways.map((nat) => ({ netns: natNetns(nat.id), table: natTable(vpc, nat) })),
  ...gatewayEndpoints(vpc).map(({ id }) => ({
    netns: endpointNetns(id),
    table: endpointTable(id),
  })),
  ...balancerInterfaces(vpc).map((eni) => ({
    netns: interfaceNetns(eni.id),
    table: balancerTable(world, vpc, eni),
  })),
];

/**
 * Instance metadata and time, load balancers' listeners, and what else is known to serve at an
 * interface of its own.
 */
export const gatewaySpeakers = (world: World, vpc: Vpc): readonly ListeningNamespace[] => [
  {
    netns: amazonNetns(vpc.id),
    banner: 'instance metadata',
    ports: [
      { protocol: 'TCP', port: 80 },
      { protocol: 'UDP', port: 123 },
    ],
  },
  ...ownInterfaces(vpc).map((eni) => ({
    netns: interfaceNetns(eni.id),
    banner: eni.owner.kind === 'resource' ? eni.id : eni.owner.kind,
    ports:
      eni.owner.kind === 'load-balancer'
        ? listensAt(world, eni)
        : portsOf(eni).map((port) => ({ protocol: 'TCP' as const, port })),
  })),
];

/** What AWS runs itself is asked over HTTPS; of other machines only some ports are known. */
const portsOf = ({ owner, serves = [] }: NetworkInterface): readonly number[] =>
  owner.kind === 'resource' ? serves : [443];

/** Their namespaces. */
export const gatewayNamespaces = (vpc: Vpc): readonly Netns[] => [
  amazonNetns(vpc.id),
  ...(vpc.internetGateway === undefined ? [] : [igwNetns(vpc.id)]),
  ...vpc.natGateways.map(({ id }) => natNetns(id)),
  ...gatewayEndpoints(vpc).map(({ id }) => endpointNetns(id)),
  ...ownInterfaces(vpc).map(({ id }) => interfaceNetns(id)),
];

/** Interfaces that are neither a node's nor a NAT gateway's: those of AWS's and others' machines. */
export const ownInterfaces = (vpc: Vpc) =>
  vpc.interfaces.filter(({ owner }) => owner.kind !== 'node' && owner.kind !== 'nat-gateway');
