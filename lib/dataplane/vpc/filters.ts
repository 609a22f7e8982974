import type { IpFamily } from '../../model/address';
import type { Vpc } from '../../model/vpc';
import type { World } from '../../model/world';
import type { NftTable } from '../nft/ruleset';
import { NO_ROUTE } from '../wiring/routes';
import { aclFilter, aclsChain } from './acls';
import { waysBack } from './balancers';
import { closedChains } from './closed';
import { distinct } from './devices';
import { groupFilter, groupsChain } from './groups';
import { metadataHops } from './metadata';

/**
 * What a VPC's router refuses, as AWS does it at the interfaces and the subnets' edges: outbound
 * groups of the sender's interface, outbound ACL of its subnet, inbound ACL of the other's,
 * inbound groups of its interface. Groups remember connections; ACLs judge every packet on its
 * own, replies included. Neither filters the resolver, the metadata and the time.
 */
export function vpcTable(
  { nodes, vpcs }: Pick<World, 'nodes' | 'vpcs'>,
  vpc: Vpc,
  families: readonly IpFamily[],
): NftTable {
  const groups = groupFilter(vpc, families, vpcs);
  const acls = aclFilter(vpc, families);
  const back = waysBack(vpc);
  return {
    purpose: 'vpc',
    sets: distinct([...groups.sets, ...acls.sets, ...back.sets]),
    chains: [
      ...groups.chains,
      ...acls.chains,
      ...back.chains,
      ...closedChains(vpc),
      groupsChain(vpc, 'egress'),
      NO_ROUTE,
      aclsChain('egress'),
      aclsChain('ingress'),
      groupsChain(vpc, 'ingress'),
      ...metadataHops(nodes, vpc),
    ],
  };
}
