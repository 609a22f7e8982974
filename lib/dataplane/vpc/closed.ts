import { ip } from '../../model/address';
import type { Vpc } from '../../model/vpc';
import { routerDevice } from '../commands/names';
import type { NftChain } from '../nft/ruleset';
import { towards } from './border';
import { amazonAddresses, farEnd, igwNetns, METADATA, natNetns } from './places';

/** The time service has no switch; the others of Amazon's own addresses here are the resolver's. */
const TIME = ip('169.254.169.123');

/**
 * What settings of a VPC close, whatever groups and ACLs say: the resolver without DNS support,
 * connections that an interface endpoint would begin, and internet gateways under VPC Block Public
 * Access (in mode `ingress` NAT gateways may begin connections).
 */
export function closedChains(vpc: Vpc): readonly NftChain[] {
  const arriving = [...resolverOff(vpc), ...silentEndpoints(vpc)];
  const passing = blockedGateways(vpc);
  const chain = (name: string, hook: string, rules: readonly string[]): readonly NftChain[] =>
    rules.length === 0
      ? []
      : [{ name, base: `type filter hook ${hook}; policy accept;`, rules: [...rules] }];
  return [
    ...chain('closed', 'prerouting priority -45', arriving),
    ...chain('block-public-access', 'forward priority -15', passing),
  ];
}

function resolverOff(vpc: Vpc): readonly string[] {
  if (vpc.resolver !== false) return [];
  const own = amazonAddresses(vpc).filter((one) => one !== METADATA && one !== TIME);
  return [`ip daddr { ${own.join(', ')} } drop comment "EnableDnsSupport is false"`];
}

const silentEndpoints = (vpc: Vpc): readonly string[] =>
  vpc.interfaces
    .filter(({ owner }) => owner.kind === 'vpc-endpoint')
    .map((eni) => `iifname "${farEnd(vpc, eni).device}" ct state new drop`);

function blockedGateways(vpc: Vpc): readonly string[] {
  const { publicAccessBlock: block } = vpc;
  if (block !== 'ingress' && block !== 'bidirectional') return [];
  const gateway = towards(vpc, igwNetns(vpc.id)).device;
  const nats = vpc.natGateways.map(({ id }) => `"${routerDevice(natNetns(id))}"`);
  const passes = block === 'ingress' && nats.length > 0 ? ` iifname != { ${nats.join(', ')} }` : '';
  const comment = `drop comment "VPC Block Public Access (${block})"`;
  return [
    `iifname "${gateway}" ct state new ${comment}`,
    `oifname "${gateway}"${passes} ct state new ${comment}`,
  ];
}
