import type { Flow, FlowEnd } from '../model/flow';
import { lazyTable } from '../model/lazy';
import type { PairEnd, PairWords } from '../model/worded';
import { aimKey } from './batches';
import { deviceOf, partyName, trafficName } from './ends/names';
import { isWorkload } from './ends/party';
import type { Destination, Party, PartyDirectory } from './ends/types';
import { isRefusal } from './hops/hop';
import type { LeftOutAnswer } from './left-out';
import type { PreparedPolicies } from './policy/prepared';
import type { JudgedEnds } from './policy/rows';
import { route } from './services/routing';

/** One end of pairs, with its number in the prepared policies. */
interface NumberedEnd extends PairEnd {
  readonly party: Party;
  readonly number: number;
}

/** A destination of pairs. */
interface NumberedAim extends NumberedEnd {
  readonly traffic: string;
}

/** What pairs are answered from. */
export interface PairSetup {
  readonly ends: JudgedEnds;
  readonly policies: PreparedPolicies;
  /** Flows that hang on an object that was left out are no pairs. */
  readonly leftOut: LeftOutAnswer;
}

/**
 * Answers flows between two pods that only policies stand between; `undefined` for every other flow.
 * They are most of a large question, and what `walkPath` says of them is known before: egress, two
 * nodes that filter nothing, ingress.
 */
export function createPairs(
  directory: PartyDirectory,
  { ends, policies, leftOut }: PairSetup,
): (flow: Flow) => PairWords | undefined {
  const { world } = directory;
  if (world.vpcs.length > 0 || world.hostEndpoints.length > 0) return () => undefined;
  const numbers = new Map(ends.sources.map((party, number) => [party, number]));
  const sender = lazyTable((end: FlowEnd): NumberedEnd | undefined => {
    const party = onlyWorkload(end, directory);
    const number = party === undefined ? undefined : numbers.get(party);
    return party === undefined || number === undefined ? undefined : { ...named(party), number };
  });
  const aimOf = createAims(directory, ends);
  return (flow) => {
    if (flow.icmp !== undefined || leftOut(flow) !== undefined) return undefined;
    const from = sender(flow.from);
    const to = aimOf(flow);
    if (from === undefined || to === undefined) return undefined;
    if (from.party.address === to.party.address || from.party.family !== to.party.family)
      return undefined;
    const egress = policies.words.egress({
      subject: from.party,
      name: from.name,
      own: from.number,
      peer: to.number,
    });
    const ingress = policies.words.ingress({
      subject: to.party,
      name: to.name,
      own: to.number,
      peer: from.number,
    });
    if (egress === undefined || ingress === undefined) return undefined;
    const verdict = isRefusal(egress.verdict) ? egress.verdict : ingress.verdict;
    return { kind: 'pair', flow, verdict, from, to, traffic: to.traffic, egress, ingress };
  };
}

/** The party of a pod with one address of its own. */
function onlyWorkload(end: FlowEnd, { parties }: PartyDirectory): Party | undefined {
  const [party, ...others] = parties(end) ?? [];
  if (end.kind !== 'pod' || party === undefined || others.length > 0) return undefined;
  return isWorkload(party) ? party : undefined;
}

const named = (party: Party): PairEnd & { readonly party: Party } => ({
  party,
  name: partyName(party),
  device: deviceOf(party),
  node: party.node ?? '',
});

/**
 * The destinations of pairs: a pod's own address and port. Whether a Service, a load balancer or a node answers
 * there in its place does not depend on which pod calls, so the first caller of each tells.
 */
function createAims(
  directory: PartyDirectory,
  { targets }: JudgedEnds,
): (flow: Flow) => NumberedAim | undefined {
  const numbers = new Map<Party, Map<string, number>>();
  targets.forEach((target, number) => {
    const own = numbers.get(target.party) ?? new Map<string, number>();
    numbers.set(target.party, own.set(trafficName(target), number));
  });
  const make = (flow: Flow): NumberedAim | undefined => {
    const party = onlyWorkload(flow.to, directory);
    const target = party === undefined ? undefined : directTarget(flow, directory);
    if (party === undefined || target?.party !== party) return undefined;
    const traffic = trafficName(target);
    const number = numbers.get(party)?.get(traffic);
    return number === undefined ? undefined : { ...named(party), traffic, number };
  };
  const known = new Map<FlowEnd, Map<string | number, NumberedAim | undefined>>();
  return (flow) => {
    const ports = known.get(flow.to) ?? new Map<string | number, NumberedAim | undefined>();
    if (ports.size === 0) known.set(flow.to, ports);
    const key = aimKey(flow);
    if (!ports.has(key)) ports.set(key, make(flow));
    return ports.get(key);
  };
}

/** Where a flow goes, if nothing translates it or answers in the place of the pod. */
function directTarget(flow: Flow, directory: PartyDirectory): Destination | undefined {
  const routing = route(flow, directory);
  if (routing.kind === 'stopped' || routing.deliveries.length !== 1) return undefined;
  const [delivery] = routing.deliveries;
  const { sent, received, ...changes } = delivery ?? {};
  const isDirect = sent === received && Object.keys(changes).length === 0;
  return isDirect ? received?.target : undefined;
}
