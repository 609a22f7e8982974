import { cidr, contains, type Ip } from '../../model/address';

/** Ranges in which no endpoint of a Service can lie (k8s core/validation: ValidateEndpointIP). */
const SPECIAL = [
  ['the unspecified address', ['0.0.0.0/32', '::/128']],
  ['a loopback address', ['127.0.0.0/8', '::1/128']],
  ['a link-local address', ['169.254.0.0/16', 'fe80::/10']],
  ['a link-local multicast address', ['224.0.0.0/24', 'ff02::/16']],
] as const;

const RANGES = SPECIAL.map(([name, blocks]) => ({ name, blocks: blocks.map(cidr) }));

/** What kind of special address this is, or `undefined` for one that an endpoint can have. */
export const specialRange = (address: Ip): string | undefined =>
  RANGES.find(({ blocks }) => blocks.some((block) => contains(block, address)))?.name;
