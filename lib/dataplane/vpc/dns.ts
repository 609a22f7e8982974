import type { World } from '../../model/world';
import type { Plan } from '../commands/command';
import { netnsOf, podsOn } from '../commands/names';
import { namesOutside, privateNames } from '../servers/dns-names';
import { amazonAddresses, amazonNetns, placeOf } from './places';

/** The VPCs' own resolvers, and who asks them: nodes, and pods with `dnsPolicy: Default`. */
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
      : [node, ...podsOn(world, node).filter(({ dns }) => dns?.policy === 'node')].map((one) => ({
          kind: 'set-resolver' as const,
          netns: netnsOf(one),
          resolvConf,
        }));
  }),
];
