import type { Vpc } from '../model/vpc';
import type { World } from '../model/world';
import type { NftChain } from './ruleset';
import { AMAZON } from './vpc-devices';
import { farEnd, METADATA } from './vpc-places';

/**
 * Answers of the instance metadata service arrive at a node's interface with as many hops left as
 * its launch template allows (EC2: HttpPutResponseHopLimit); a node that passes one on to a pod
 * takes one away. On EC2 only the answer with the token is so short of breath, here all of them
 * are: without a token nothing else is told.
 */
export function metadataHops(nodes: World['nodes'], vpc: Vpc): readonly NftChain[] {
  const rules = vpc.interfaces.flatMap((eni) => {
    const { owner } = eni;
    const node = nodes.find(({ name }) => owner.kind === 'node' && owner.node === name);
    const hops = node?.placement?.metadataHops;
    const there = `iifname "${AMAZON}" ip saddr ${METADATA} tcp sport 80 oifname "${farEnd(vpc, eni).device}"`;
    return hops === undefined ? [] : [`${there} ip ttl set ${hops}`];
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
