import { cidr, hostCidr, type Ip, offsetIp } from '../model/address';
import type { Vpc, VpcEndpoint } from '../model/vpc';
import { endOf } from './cables';
import type { Plan } from './command';
import { hash } from './hash';
import { ROUTER, routerDevice, UPLINK } from './names';
import { routeVia } from './routes';
import type { NftTable } from './ruleset';
import { addBorder } from './vpc-border';
import { endpointNetns } from './vpc-places';

export type GatewayEndpoint = Extract<VpcEndpoint, { readonly kind: 'gateway' }>;

/** The endpoints that routes lead to. */
export const gatewayEndpoints = (vpc: Vpc): readonly GatewayEndpoint[] =>
  vpc.endpoints.filter((endpoint) => endpoint.kind === 'gateway');

/** The block that stands for a VPC beyond its gateway endpoints (RFC 2544: never on the internet). */
const BEYOND = cidr('198.18.0.0/15');

const beyond = (id: string): Ip =>
  offsetIp(BEYOND.address, 1 + (Number.parseInt(hash(id).slice(0, 8), 16) % 131_070));

/** A way to a service of AWS past the internet: there the VPC has one address. */
export const addEndpoint = (vpc: Vpc, { id }: GatewayEndpoint): Plan => [
  ...addBorder(vpc, endpointNetns(id)),
  routeVia(endOf(ROUTER, routerDevice(endpointNetns(id))), hostCidr(beyond(id))),
];

/** Whoever passes is the VPC from then on. */
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
