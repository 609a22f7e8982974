import type { Direction } from '../../model/flow';
import { uniqueBy } from '../../model/unique';
import type { NftChain, NftSet } from '../nft/ruleset';

/** The device at a VPC's router that leads to Amazon's own services. */
export const AMAZON = 'amazon';

/** Both, in the order a packet meets them. */
export const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

/** What tells at a VPC's router whom a packet comes from, or goes to. */
export const BY_DEVICE: Record<Direction, string> = { egress: 'iifname', ingress: 'oifname' };

/** Chains of a kind of filter, and the sets they speak of. */
export interface FilterChains {
  readonly sets: readonly NftSet[];
  readonly chains: readonly NftChain[];
}

/** Where packets of a device go on. */
export const verdictMap = (
  name: string,
  entries: readonly (readonly [string, string])[],
): NftSet => ({
  name,
  type: 'ifname : verdict',
  interval: false,
  elements: entries.map(([device, chain]) => `"${device}" : goto ${chain}`),
});

/** Each name once: what is shared was listed by everyone who shares it. */
export const distinct = <T extends { readonly name: string }>(things: readonly T[]): readonly T[] =>
  uniqueBy(things, (thing) => thing.name);
