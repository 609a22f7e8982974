import { familyOf, type IpFamily } from '../../model/address';
import type { Rule, Traffic } from '../../model/policy';
import { checked, type Read, type Shape } from '../schema/shape';
import { toPeers } from './calico-entity';
import { checkAlone, type RulePlace } from './calico-rule-check';
import { type CalicoRule, type icmp, ruleShape } from './calico-rule-shape';

/** One rule of a Calico policy; what depends on its direction or scope is asked by `checkRule`. */
export const calicoRule: Shape<CalicoRule> = checked(ruleShape, checkAlone);

const ACTIONS = { Allow: 'allow', Deny: 'deny', Log: 'log', Pass: 'pass' } as const;

/** A Calico rule in the words of the model. */
export function toRule(spec: CalicoRule, { index, namespace }: RulePlace): Rule {
  const ipVersion = spec.ipVersion ?? exceptedFamily(spec);
  return {
    index,
    action: ACTIONS[spec.action],
    ...((ipVersion === 4 || ipVersion === 6) && { ipVersion }),
    source: toPeers(spec.source ?? {}, namespace),
    destination: toPeers(spec.destination ?? {}, namespace),
    traffic: toTraffic(spec),
  };
}

/**
 * Blocks that are excepted make a rule one of their family: Felix leaves out a rule of which a whole
 * list of blocks is of the other family (felix/rules: FilterRuleToIPVersion). A validated rule has
 * blocks of one family alone.
 */
function exceptedFamily({ source = {}, destination = {} }: CalicoRule): IpFamily | undefined {
  const [first] = [...(source.notNets ?? []), ...(destination.notNets ?? [])];
  return first === undefined ? undefined : familyOf(first.address);
}

function toTraffic(spec: CalicoRule): Rule['traffic'] {
  const { protocol: only, notProtocol, source = {}, destination = {} } = spec;
  const wanted = icmpMatch(spec.icmp);
  const unwanted = icmpMatch(spec.notICMP);
  const some = <T>(items: readonly T[] | undefined): items is readonly T[] =>
    items !== undefined && items.length > 0;
  const traffic: Traffic = {
    protocol: only ?? 'any',
    destinationPorts: some(destination.ports) ? destination.ports : 'any',
    sourcePorts: some(source.ports) ? source.ports : 'any',
    ...(notProtocol !== undefined && { notProtocol }),
    ...(some(destination.notPorts) && { notDestinationPorts: destination.notPorts }),
    ...(some(source.notPorts) && { notSourcePorts: source.notPorts }),
    ...(wanted !== undefined && { icmp: wanted }),
    ...(unwanted !== undefined && { notIcmp: unwanted }),
  };
  const anyPort = traffic.destinationPorts === 'any' && traffic.sourcePorts === 'any';
  const any = traffic.protocol === 'any' && anyPort && Object.keys(traffic).length === 3;
  return any ? 'any' : [traffic];
}

const icmpMatch = (match: Read<typeof icmp> | undefined): Traffic['icmp'] =>
  match?.type === undefined
    ? undefined
    : { type: match.type, ...(match.code !== undefined && { code: match.code }) };
