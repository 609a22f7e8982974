import type { Vpc } from '../../model/vpc';
import type { World } from '../../model/world';
import type { NftChain } from '../nft/ruleset';
import { AMAZON } from './devices';
import { farEnd, METADATA } from './places';

/**
 * Answers of the instance metadata service arrive at a node's interface with as many hops left as
 * its launch template allows (EC2: HttpPutResponseHopLimit); a node that passes one on to a pod
 * takes one away. On EC2 only the answer with the token has such a hop limit, here all of them
 * have: without a token the service returns nothing else.
 */
export function metadataHops(nodes: World['nodes'], vpc: Vpc): readonly NftChain[] {
  const rules = vpc.interfaces.flatMap((eni) => {
    const { owner } = eni;
    const node = nodes.find(({ name }) => owner.kind === 'node' && owner.node === name);
    const { metadataHops: hops, metadataEndpoint: endpoint } = node?.placement ?? {};
    const there = `iifname "${AMAZON}" ip saddr ${METADATA} tcp sport 80 oifname "${farEnd(vpc, eni).device}"`;
    if (endpoint === 'disabled') return [`${there} drop`];
    return typeof hops === 'number' ? [`${there} ip ttl set ${hops}`] : [];
  });
  return rules.length === 0
    ? []
    : [
        {
          name: 'metadata-hops',
          base: 'type filter hook postrouting priority mangle; policy accept;',
          rules,
        },
      ];
}
