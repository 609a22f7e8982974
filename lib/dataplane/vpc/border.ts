import { familyOf, type IpFamily } from '../../model/address';
import type { Vpc } from '../../model/vpc';
import type { LinkEnd, Netns, Plan } from '../commands/command';
import { ROUTER, routerDevice, UPLINK } from '../commands/names';
import { endOf, trunk } from '../wiring/cables';
import { addNetns } from '../wiring/netns';
import { anywhere, routeVia } from '../wiring/routes';
import { vpcNetns } from './places';

/** A VPC's device towards one of its gateways. */
export const towards = (vpc: Vpc, gateway: Netns): LinkEnd =>
  endOf(vpcNetns(vpc.id), routerDevice(gateway));

/** A router between the VPC and the rest of the world. */
export function addBorder(vpc: Vpc, netns: Netns): Plan {
  const inside = endOf(netns, 'vpc');
  const outside = endOf(netns, UPLINK);
  return [
    ...addNetns(netns, 'router', familiesOfVpc(vpc)),
    ...trunk(towards(vpc, netns), inside, familiesOfVpc(vpc)),
    ...trunk(endOf(ROUTER, routerDevice(netns)), outside, familiesOfVpc(vpc)),
    ...familiesOfVpc(vpc).map((family) => routeVia(outside, anywhere(family))),
    ...vpc.cidrs.map((block) => routeVia(inside, block)),
  ];
}

const hasSix = (vpc: Vpc): boolean => vpc.cidrs.some(({ address }) => familyOf(address) === 6);

/** The families of a VPC's blocks; IPv4 always. */
export const familiesOfVpc = (vpc: Vpc): readonly IpFamily[] => (hasSix(vpc) ? [4, 6] : [4]);
