import type { Verdict } from '../../model/explanation';
import { type FlowEnd, formatEnd } from '../../model/flow';
import { type Matrix, verdictAt } from '../../model/matrix';
import type { Policy } from '../../model/policy';
import type { StagedMode } from '../../model/policy-order';
import type { World } from '../../model/world';
import { createEngine } from '../../reach/engine';
import { type AskedPort, askedAddresses, askedPorts, realEnds } from './aims';
import { strangerEnd, strangersOf, withStrangers } from './strangers';

/** One pair of ends whose verdict is not the required one. */
export interface StateDifference {
  readonly from: string;
  readonly to: string;
  readonly port: AskedPort;
  readonly required: Verdict;
  readonly found: Verdict;
}

/** All pairs of ends in two worlds, and where they differ. */
export interface Comparison {
  /** How many pairs were asked. */
  readonly pairs: number;
  /** How many ports and protocols were asked of each pair of ends. */
  readonly ports: number;
  readonly differences: readonly StateDifference[];
}

/** The world that must hold, and the one in force. */
export interface TwoWorlds {
  readonly required: World;
  readonly found: World;
}

/** What is asked of both worlds in one matrix. */
interface Question {
  readonly sources: readonly FlowEnd[];
  readonly targets: readonly FlowEnd[];
  readonly ports: readonly AskedPort[];
}

/**
 * Compares the verdicts of all pairs: ends of the lab with each other and with addresses at the edges
 * of blocks, by all filters; then pods that do not exist, by the policies of the lab's own end alone,
 * once for each direction. Staged policies are compared as if they were enforced where the required
 * world has any.
 */
export function compareWorlds(worlds: TwoWorlds, directions?: 'apart'): Comparison {
  const strangers = strangersOf(worlds.required);
  const wide = {
    required: withStrangers(worlds.required, strangers),
    found: withStrangers(worlds.found, strangers),
  };
  const both = [wide.required, wide.found];
  const ports = askedPorts(both);
  const edges = askedAddresses(both);
  const real = realEnds(worlds.required);
  const ends = [...real, ...edges];
  // A VPC may keep these out, whatever the policies say of them: each direction is asked without it.
  const outsiders = wide.required.vpcs.length > 0 ? [...real.filter(isAddress), ...edges] : [];
  const unreal = [...strangers.map(strangerEnd), ...outsiders];
  const nameOf = createNames(wide.required, strangers);
  const modes: readonly StagedMode[] = worlds.required.policies.some((p) => p.staged !== 'no')
    ? ['as-written', 'as-enforced']
    : ['as-written'];
  const peers = directions === 'apart' ? [...real, ...unreal] : unreal;
  const asked = modes.flatMap((staged) => [
    compareMatrices(wide, { sources: ends, targets: ends, ports }, { staged, nameOf }),
    compareMatrices(
      onlyDirection(wide, 'egress'),
      { sources: real, targets: peers, ports },
      { staged, nameOf },
    ),
    compareMatrices(
      onlyDirection(wide, 'ingress'),
      { sources: peers, targets: real, ports },
      { staged, nameOf },
    ),
  ]);
  return {
    ports: ports.length,
    pairs: asked.reduce((sum, { pairs }) => sum + pairs, 0),
    differences: asked.flatMap(({ differences }) => differences),
  };
}

const isAddress = ({ kind }: FlowEnd): boolean => kind === 'ip' || kind === 'internet';

interface How {
  readonly staged: StagedMode;
  readonly nameOf: (end: FlowEnd) => string;
}

function compareMatrices(
  { required, found }: TwoWorlds,
  { sources, targets, ports }: Question,
  { staged, nameOf }: How,
): Pick<Comparison, 'pairs' | 'differences'> {
  const aims = targets.flatMap((to) => ports.map((port) => ({ to, ...port })));
  const ask = (world: World): Matrix =>
    createEngine(world, { staged }).matrix({ sources, targets: aims });
  const [wanted, seen] = [ask(required), ask(found)];
  const differences: StateDifference[] = [];
  sources.forEach((from, s) => {
    aims.forEach(({ to, protocol, port }, t) => {
      const verdicts = { required: verdictAt(wanted, s, t), found: verdictAt(seen, s, t) };
      if (isSame(verdicts, protocol) || formatEnd(from) === formatEnd(to)) return;
      differences.push({
        from: nameOf(from),
        to: nameOf(to),
        port: { protocol, port },
        ...verdicts,
      });
    });
  });
  return { pairs: sources.length * aims.length, differences };
}

/** NetworkPolicy does not define what becomes of ICMP: where that is unknown, nothing is compared. */
const isSame = (
  { required, found }: { readonly required: Verdict; readonly found: Verdict },
  protocol: string,
): boolean => required === found || (protocol === 'ICMP' && [required, found].includes('unknown'));

/** Both worlds with the policies of one direction, and nothing else that filters. */
function onlyDirection({ required, found }: TwoWorlds, direction: 'egress' | 'ingress'): TwoWorlds {
  const other = direction === 'egress' ? 'ingress' : 'egress';
  const strip = (policy: Policy): Policy => ({ ...policy, [other]: undefined });
  const only = (world: World): World => ({
    ...world,
    vpcs: [],
    policies: world.policies.map(strip),
  });
  return { required: only(required), found: only(found) };
}

/** What ends are called in an answer: replicas by their workload, strangers by what they stand for. */
function createNames(
  world: World,
  strangers: ReturnType<typeof strangersOf>,
): (end: FlowEnd) => string {
  const titles = new Map(strangers.map((one) => [formatEnd(strangerEnd(one)), one.title]));
  const workloads = new Map(
    world.pods.map(({ namespace, name, workload }) => [
      `${namespace}/${name}`,
      `${namespace}/${workload.split('/')[1]}`,
    ]),
  );
  const outsiders = new Map<string, string>(
    world.outside.flatMap(({ name, addresses }) =>
      addresses.map((a) => [`ip:${a}`, name] as const),
    ),
  );
  return (end) => {
    const text = formatEnd(end);
    if (end.kind === 'ip') return outsiders.get(text) ?? end.address;
    return titles.get(text) ?? workloads.get(text) ?? text.replace(':', ' ');
  };
}
