import type { IpFamily } from '../model/address';
import type { Vpc } from '../model/vpc';
import type { World } from '../model/world';
import { NO_ROUTE } from './routes';
import type { NftTable } from './ruleset';
import { aclFilter, aclsChain } from './vpc-acls';
import { waysBack } from './vpc-balancers';
import { distinct } from './vpc-devices';
import { groupFilter, groupsChain } from './vpc-groups';
import { metadataHops } from './vpc-metadata';

/**
 * What a VPC's router refuses, as AWS does it at the interfaces and the subnets' edges: outbound
 * groups of the sender's interface, outbound ACL of its subnet, inbound ACL of the other's,
 * inbound groups of its interface. Groups remember connections; ACLs judge every packet on its
 * own, replies included. Neither filters the resolver, the metadata and the time.
 */
export function vpcTable(
  { nodes }: Pick<World, 'nodes'>,
  vpc: Vpc,
  families: readonly IpFamily[],
): NftTable {
  const groups = groupFilter(vpc, families);
  const acls = aclFilter(vpc, families);
  const back = waysBack(vpc);
  return {
    purpose: 'vpc',
    sets: distinct([...groups.sets, ...acls.sets, ...back.sets]),
    chains: [
      ...groups.chains,
      ...acls.chains,
      ...back.chains,
      groupsChain(vpc, 'egress'),
      NO_ROUTE,
      aclsChain('egress'),
      aclsChain('ingress'),
      groupsChain(vpc, 'ingress'),
      ...metadataHops(nodes, vpc),
    ],
  };
}
