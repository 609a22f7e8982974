import type { Evidence } from '../../model/explanation';
import type { Direction } from '../../model/flow';
import { type Policy, policyName, type Rule, type Traffic } from '../../model/policy';
import { DEFAULT, filterOf } from '../../model/rule-name';
import { NAMESPACE_LABEL } from '../../model/selector';
import type { World } from '../../model/world';
import { partyName, trafficName } from '../ends/names';
import type { Destination, Packet, Party } from '../ends/types';
import { title } from '../policy/words';
import { describePeer, peerOf } from './flip-peer';
import type { FlipCandidate, FlipQuestion } from './types';

/** Changes to policies that may turn a verdict around, nearest first. */
export function policyCandidates(question: FlipQuestion): readonly FlipCandidate[] {
  const { by } = question.explanation;
  const places = by.flatMap((evidence) => placesOf(question, evidence));
  return [
    ...by.flatMap((evidence) => removals(question.world, evidence)),
    ...[widenPorts, widenPeers, addRule].flatMap((widen) => places.flatMap(widen)),
    ...by.flatMap((evidence) => isolations(question, evidence)),
  ];
}

/** A policy that isolates without admitting, and the packet it should admit. */
interface IsolatingPolicy {
  readonly world: World;
  readonly policy: Policy;
  readonly direction: Direction;
  readonly packet: Packet;
}

function policyOf(world: World, { filter, object }: Evidence): Policy | undefined {
  return world.policies.find((p) => filterOf(p.kind) === filter && policyName(p) === object);
}

function placesOf(
  { world, packets }: FlipQuestion,
  evidence: Evidence,
): readonly IsolatingPolicy[] {
  const policy = policyOf(world, evidence);
  const { direction } = evidence;
  return policy === undefined || evidence.rule !== null
    ? []
    : [{ world, policy, direction, packet: packets[direction] }];
}

const peerParty = ({ direction, packet }: IsolatingPolicy): Party =>
  direction === 'ingress' ? packet.source : packet.target.party;

/** The world with other rules in one direction of a policy. */
const withRules = (
  { world, policy, direction }: Pick<IsolatingPolicy, 'world' | 'policy' | 'direction'>,
  rules: readonly Rule[],
): World => ({
  ...world,
  policies: world.policies.map((p) => (p === policy ? { ...p, [direction]: rules } : p)),
});

const rulesOf = ({
  policy,
  direction,
}: Pick<IsolatingPolicy, 'policy' | 'direction'>): readonly Rule[] => policy[direction] ?? [];

const spot = ({ policy, direction }: IsolatingPolicy, rule: Rule): string =>
  `spec.${direction}[${rule.index}] of ${title(policy)}`;

function candidate(place: IsolatingPolicy, rules: readonly Rule[], change: string): FlipCandidate {
  const { policy, direction } = place;
  const filter = filterOf(policy.kind);
  return { filter, direction, object: policyName(policy), change, world: withRules(place, rules) };
}

/** Every rule of a place that allows, replaced by a wider one. */
const widened = (
  place: IsolatingPolicy,
  widen: (rule: Rule) => { readonly rule: Rule; readonly change: string } | undefined,
): readonly FlipCandidate[] =>
  rulesOf(place).flatMap((rule) => {
    const wider = rule.action === 'allow' ? widen(rule) : undefined;
    if (wider === undefined) return [];
    const rules = rulesOf(place).map((one) => (one === rule ? wider.rule : one));
    return [candidate(place, rules, wider.change)];
  });

const widenPorts = (place: IsolatingPolicy): readonly FlipCandidate[] =>
  widened(place, (rule) => {
    if (rule.traffic === 'any') return undefined;
    const { target } = place.packet;
    const change = `add ${trafficName(target)} to the ports of ${spot(place, rule)}`;
    return { rule: { ...rule, traffic: [...rule.traffic, exactly(target)] }, change };
  });

const widenPeers = (place: IsolatingPolicy): readonly FlipCandidate[] =>
  widened(place, (rule) => {
    const side = place.direction === 'ingress' ? 'source' : 'destination';
    const peers = rule[side];
    if (peers === 'any') return undefined;
    const party = peerParty(place);
    const change = `add ${describePeer(party)} to the peers of ${spot(place, rule)}`;
    return { rule: { ...rule, [side]: [...peers, peerOf(party)] }, change };
  });

function addRule(place: IsolatingPolicy): readonly FlipCandidate[] {
  const { policy, direction, packet } = place;
  const party = peerParty(place);
  const rules = rulesOf(place);
  const peers = { source: 'any', destination: 'any' } as const;
  const rule: Rule = {
    index: rules.length,
    action: 'allow',
    ...peers,
    traffic: [exactly(packet.target)],
    [direction === 'ingress' ? 'source' : 'destination']: [peerOf(party)],
  };
  const change = `add an ${direction} rule to ${title(policy)} that allows ${describePeer(party)} on ${trafficName(packet.target)}`;
  return [candidate(place, [...rules, rule], change)];
}

const exactly = ({ protocol, port }: Destination): Traffic => ({
  protocol,
  destinationPorts: port === undefined ? 'any' : [{ first: port, last: port }],
  sourcePorts: 'any',
});

/** Without the rule that decided, something else decides. */
function removals(world: World, evidence: Evidence): readonly FlipCandidate[] {
  const policy = policyOf(world, evidence);
  const { direction, filter, object, rule: index } = evidence;
  const rules = policy?.[direction];
  if (policy === undefined || rules === undefined || index === null) return [];
  const rest = rules.filter((rule) => rule.index !== index);
  const change = `remove spec.${direction}[${index}] from ${title(policy)}`;
  return [
    { filter, direction, object, change, world: withRules({ world, policy, direction }, rest) },
  ];
}

/** What is open by default is closed by a policy that selects it and says nothing. */
function isolations(
  { world, packets }: FlipQuestion,
  evidence: Evidence,
): readonly FlipCandidate[] {
  const { direction } = evidence;
  const { source, target } = packets[direction];
  const party = direction === 'egress' ? source : target.party;
  if (evidence.object !== DEFAULT.notIsolated || party.pod === undefined) return [];
  const { namespace } = party.pod;
  const name = 'isolate';
  const policy: Policy = {
    kind: 'NetworkPolicy',
    namespace,
    name,
    tier: 'default',
    order: 1000,
    staged: 'no',
    hook: 'normal',
    ingress: undefined,
    egress: undefined,
    [direction]: [],
    subject: { kind: 'equals', label: NAMESPACE_LABEL, value: namespace },
  };
  const change = `add a NetworkPolicy to namespace ${namespace} that selects ${partyName(party)} and has no ${direction} rule`;
  return [
    {
      filter: 'network-policy',
      direction,
      object: policyName(policy),
      change,
      world: { ...world, policies: [...world.policies, policy] },
    },
  ];
}
