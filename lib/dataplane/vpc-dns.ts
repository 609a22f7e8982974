import type { World } from '../model/world';
import type { Plan } from './command';
import { namesOutside, privateNames } from './dns-names';
import { netnsOf } from './names';
import { amazonAddresses, amazonNetns, placeOf } from './vpc-places';

/** The VPCs' own resolvers, and the nodes that ask them. */
export const resolversOf = (world: World): Plan => [
  ...world.vpcs.map((vpc) => ({
    kind: 'serve-dns' as const,
    netns: amazonNetns(vpc.id),
    records: [...namesOutside(world), ...privateNames(vpc)],
    authoritativeFor: ['in-addr.arpa'],
  })),
  ...world.nodes.flatMap((node) => {
    const place = placeOf(world, node);
    const resolver = place && amazonAddresses(place.vpc)[0];
    const resolvConf = `nameserver ${resolver}\n`;
    return resolver === undefined
      ? []
      : [{ kind: 'set-resolver' as const, netns: netnsOf(node), resolvConf }];
  }),
];
