import { cidr, hostCidr, type Ip, offsetIp } from '../../model/address';
import { hash64 } from '../../model/hash';
import type { Vpc, VpcEndpoint } from '../../model/vpc';
import type { Plan } from '../commands/command';
import { ROUTER, routerDevice, UPLINK } from '../commands/names';
import type { NftTable } from '../nft/ruleset';
import { endOf } from '../wiring/cables';
import { routeVia } from '../wiring/routes';
import { addBorder } from './border';
import { endpointNetns } from './places';

export type GatewayEndpoint = Extract<VpcEndpoint, { readonly kind: 'gateway' }>;

/** The endpoints that routes lead to. */
export const gatewayEndpoints = (vpc: Vpc): readonly GatewayEndpoint[] =>
  vpc.endpoints.filter((endpoint) => endpoint.kind === 'gateway');

/** The block that stands for a VPC beyond its gateway endpoints (RFC 2544: never on the internet). */
const BEYOND = cidr('198.18.0.0/15');

const beyond = (id: string): Ip =>
  offsetIp(BEYOND.address, 1 + (Number.parseInt(hash64(id).slice(0, 8), 16) % 131_070));

/** A way to a service of AWS past the internet: there the VPC has one address. */
export const addEndpoint = (vpc: Vpc, { id }: GatewayEndpoint): Plan => [
  ...addBorder(vpc, endpointNetns(id)),
  routeVia(endOf(ROUTER, routerDevice(endpointNetns(id))), hostCidr(beyond(id))),
];

/** Source NAT to the VPC's own address. */
export const endpointTable = (id: string): NftTable => ({
  purpose: 'endpoint',
  sets: [],
  chains: [
    {
      name: 'postrouting',
      base: 'type nat hook postrouting priority srcnat; policy accept;',
      rules: [`oifname "${UPLINK}" snat ip to ${beyond(id)}`],
    },
  ],
});
