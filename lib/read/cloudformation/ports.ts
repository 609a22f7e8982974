import type { PortRange } from '../../model/policy';
import { numberAt, type Resource, wrong } from './resource';
import { firstUnknown, isUnknown, type UnknownValue, type ValueMap } from './value';

/** A resource and the part of it that is read, for problems. */
export interface RuleAt {
  readonly resource: Resource;
  readonly path: string;
}

/** TCP and UDP have ports; ICMP keeps its type and code in their place. */
export const hasPorts = (protocol: number): boolean => protocol === 6 || protocol === 17;
export const isIcmp = (protocol: number): boolean => protocol === 1 || protocol === 58;

/**
 * The ports of a rule for TCP or UDP: -1 is any. Where they are missing or cannot be, EC2 refuses
 * the rule ("Must specify both from and to ports with TCP/UDP"), and so does this.
 */
export function portsAt(
  from: ValueMap,
  [first, last]: readonly [string, string],
  { resource, path }: RuleAt,
): 'any' | PortRange | UnknownValue {
  const [low, high] = [numberAt(from, first), numberAt(from, last)];
  const missing = firstUnknown([low ?? null, high ?? null]);
  if (missing !== undefined) return missing;
  const refuse = (problem: string): 'any' => {
    wrong(resource, path.replace(/\.$/, ''), { problem, fix: `give ${first} and ${last}` });
    return 'any';
  };
  if (typeof low !== 'number' || typeof high !== 'number')
    return refuse(`a rule for TCP or UDP needs ${first} and ${last}`);
  if (low === -1) return 'any';
  if (isUnknown(low) || low < 0 || high > 65535 || low > high)
    return refuse(`${low} to ${high} is not a range of ports from 0 to 65535`);
  return { first: low, last: high };
}
