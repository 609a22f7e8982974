import type { Ip } from '../../model/address';
import type { FlowChange } from '../../model/change';
import { type FlowEnd, formatEnd } from '../../model/flow';
import {
  cellAt,
  type Matrix,
  type MatrixSource,
  type MatrixTarget,
  selfPairs,
  verdictAt,
} from '../../model/matrix';
import { type Count, type Counted, type Exception, tally } from '../../model/tally';
import { numberEqual } from '../../model/unique';
import type { World } from '../../model/world';
import type { Engine } from '../engine';
import type { MatrixAim, MatrixQuery } from '../matrix/types';
import { changedServices, serviceAims } from './changed-services';

/**
 * Every pod, machine of a template and known outside host, against every port that a pod declares, a
 * machine is known to serve or an outside host listens on.
 */
export function everyFlow(world: World): MatrixQuery {
  const pods = world.pods.map(({ namespace, name, ports }) => ({
    end: { kind: 'pod', namespace, name } as const,
    ports,
  }));
  const machines = world.vpcs
    .flatMap(({ interfaces }) => interfaces)
    .filter(({ owner }) => owner.kind === 'resource' && owner.type !== FUNCTION)
    .map(({ id, serves = [] }) => ({
      end: { kind: 'eni', name: id } as const,
      ports: serves.map((port) => ({ protocol: 'TCP', port }) as const),
    }));
  const outside = world.outside.flatMap(({ name, addresses: [address], ports }) => {
    const end = outsideEnd(name, address);
    return end === undefined ? [] : [{ end, ports }];
  });
  const served = [...pods, ...machines, ...outside];
  return {
    sources: served.map(({ end }) => end),
    targets: served.flatMap(({ end, ports }) =>
      ports.map(({ protocol, port }): MatrixAim => ({ to: end, protocol, port })),
    ),
  };
}

const outsideEnd = (name: string, address: Ip | undefined): FlowEnd | undefined => {
  if (name === 'internet') return { kind: 'internet' };
  return address && { kind: 'ip', address };
};

/** CDK puts functions of its own into a VPC; they are left out unless they are named. */
const FUNCTION = 'AWS::Lambda::Function';

/** One side of a comparison. */
export interface ComparedWorld {
  readonly world: World;
  readonly engine: Engine;
}

/**
 * The flows whose verdict differs between two worlds, gathered by workload; flows whose ends exist
 * on one side only are `absent` on the other. In the order of their ends' names. Services are asked
 * where they themselves changed: otherwise what changes is said of the pods behind them.
 */
export function diff(before: ComparedWorld, after: ComparedWorld): readonly FlowChange[] {
  const services = changedServices(before.world, after.world);
  const ask = ({ world, engine }: ComparedWorld): Matrix => {
    const { sources, targets } = everyFlow(world);
    return engine.matrix({ sources, targets: [...targets, ...serviceAims(world, services)] });
  };
  const [old, young] = [ask(before), ask(after)];
  const sources = merge({ old: old.sources, young: young.sources }, old.rowOf, young.rowOf);
  const targets = merge({ old: old.targets, young: young.targets }, old.columnOf, young.columnOf);
  const answer =
    (read: typeof verdictAt) =>
    (s: number, t: number): Answer => {
      const [source, target] = [sources.members[s], targets.members[t]];
      const then = at(read, old, source?.old, target?.old);
      return `${then} ${at(read, young, source?.young, target?.young)}`;
    };
  const counts = tally(sources, targets, {
    answer: answer(cellAt),
    exceptions: exceptionsOf([old, young], { sources, targets }, answer(verdictAt)),
  });
  return changesOf(counts, sources, targets);
}

/** The verdicts before and after, in one text to count by. */
type Answer = `${FlowChange['before']} ${FlowChange['after']}`;

const at = (
  read: typeof verdictAt,
  matrix: Matrix,
  source: number | undefined,
  target: number | undefined,
): FlowChange['before'] =>
  source === undefined || target === undefined ? 'absent' : read(matrix, source, target);

/** An end with its places in both matrices. */
interface Member<T> {
  readonly end: T;
  readonly old: number | undefined;
  readonly young: number | undefined;
}

interface Merged<T> extends Counted {
  readonly members: readonly Member<T>[];
  /** What each group of ends is called, for the order of the result. */
  readonly names: readonly string[];
}

/** A name for an end: for a target, with the port. */
const nameOf = (end: MatrixSource | MatrixTarget, name: string): string =>
  'from' in end ? name : `${name} ${end.protocol} ${end.port ?? ''}`;

const keyOf = (end: MatrixSource | MatrixTarget): string =>
  nameOf(end, formatEnd('from' in end ? end.from : end.to));

/** The ends of both matrices, grouped by workload; alike are those that are alike in both. */
function merge<T extends MatrixSource | MatrixTarget>(
  { old, young }: { readonly old: readonly T[]; readonly young: readonly T[] },
  oldKind: readonly number[],
  youngKind: readonly number[],
): Merged<T> {
  const oldAt = new Map(old.map((end, i) => [keyOf(end), i]));
  const youngAt = new Map(young.map((end, i) => [keyOf(end), i]));
  const ends = new Map([...old, ...young].map((end) => [keyOf(end), end]));
  const members = [...ends].map(
    ([key, end]): Member<T> => ({
      end,
      old: oldAt.get(key),
      young: youngAt.get(key),
    }),
  );
  const workloads = members.map(({ end }) => nameOf(end, end.workload));
  const groups = numberEqual(workloads);
  const kinds = members.map((m) => `${oldKind[m.old ?? -1]} ${youngKind[m.young ?? -1]}`);
  return {
    members,
    group: groups.of,
    kind: numberEqual(kinds).of,
    names: groups.first.map((place) => workloads[place] ?? ''),
  };
}

interface Sides {
  readonly sources: Merged<MatrixSource>;
  readonly targets: Merged<MatrixTarget>;
}

/** Flows that either matrix makes an exception of, and ends to themselves, which are no flows. */
function exceptionsOf(
  matrices: readonly [old: Matrix, young: Matrix],
  { sources, targets }: Sides,
  answer: (source: number, target: number) => Answer,
): readonly Exception<Answer>[] {
  const result = new Map<string, Exception<Answer>>();
  matrices.forEach((matrix, i) => {
    const side = i === 0 ? 'old' : 'young';
    const placeOf = <T>({ members }: Merged<T>) =>
      new Map(members.map((member, place) => [member[side], place]));
    const [from, to] = [placeOf(sources), placeOf(targets)];
    const width = matrix.targets.length;
    for (const key of matrix.exceptions.keys()) {
      const [source, target] = [from.get(Math.floor(key / width)), to.get(key % width)];
      if (source === undefined || target === undefined) continue;
      result.set(`${source} ${target}`, { source, target, answer: answer(source, target) });
    }
  });
  const ends = sources.members.map(({ end }) => end);
  const aims = targets.members.map(({ end }) => end);
  for (const [source, target] of selfPairs(ends, aims))
    result.set(`${source} ${target}`, { source, target, answer: undefined });
  return [...result.values()];
}

function changesOf(
  counts: readonly Count<Answer>[],
  sources: Merged<MatrixSource>,
  targets: Merged<MatrixTarget>,
): readonly FlowChange[] {
  const all = new Map<string, number>();
  for (const { source, target, flows } of counts)
    all.set(`${source} ${target}`, (all.get(`${source} ${target}`) ?? 0) + flows);
  const order = ({ source, target }: Count<Answer>): string =>
    `${sources.names[source]} ${targets.names[target]}`;
  return counts
    .toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
    .flatMap(({ source, target, answer, flows, example }): FlowChange[] => {
      const [before, after] = answer.split(' ') as [FlowChange['before'], FlowChange['after']];
      const [from, to] = [sources.members[example[0]]?.end, targets.members[example[1]]?.end];
      if (before === after || from === undefined || to === undefined) return [];
      const { protocol, port } = to;
      return [
        {
          from: from.workload,
          to: to.workload,
          protocol,
          port,
          before,
          after,
          flows,
          of: all.get(`${source} ${target}`) ?? flows,
          example: { from: from.from, to: to.to, protocol, port },
        },
      ];
    });
}
