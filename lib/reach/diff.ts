import type { FlowChange } from '../model/change';
import { type FlowEnd, formatEnd } from '../model/flow';
import { type Matrix, type MatrixSource, type MatrixTarget, verdictAt } from '../model/matrix';
import type { World } from '../model/world';
import type { Engine } from './engine';
import type { MatrixAim, MatrixQuery } from './matrix';

/** Every pod, and whoever the world knows outside, against every port that a pod declares. */
export function everyFlow(world: World): MatrixQuery {
  const pods = world.pods.map(({ namespace, name, ports }) => ({
    end: { kind: 'pod', namespace, name } as const,
    ports,
  }));
  const outside = world.outside.flatMap(({ name, addresses: [address] }): FlowEnd[] => {
    if (name === 'internet') return [{ kind: 'internet' }];
    return address === undefined ? [] : [{ kind: 'ip', address }];
  });
  return {
    sources: [...pods.map(({ end }) => end), ...outside],
    targets: pods.flatMap(({ end, ports }) =>
      ports.map(({ protocol, port }): MatrixAim => ({ to: end, protocol, port })),
    ),
  };
}

/** One side of a comparison. */
export interface Side {
  readonly world: World;
  readonly engine: Engine;
}

/**
 * The flows whose verdict differs between two worlds, gathered by workload; flows whose ends exist
 * on one side only are `absent` on the other. In the order of their ends' names.
 */
export function diff(before: Side, after: Side): readonly FlowChange[] {
  const old = before.engine.matrix(everyFlow(before.world));
  const young = after.engine.matrix(everyFlow(after.world));
  const sources = merge(old.sources, young.sources, sourceKey);
  const targets = merge(old.targets, young.targets, targetKey);
  const groups = new Map<string, Group>();
  for (const source of sources) {
    for (const target of targets) {
      if (source.name === target.name) continue;
      const key = `${source.member.workload} ${targetKey(target.member, target.member.workload)}`;
      const group = groups.get(key) ?? { of: 0, changes: new Map() };
      groups.set(key, group);
      group.of += 1;
      const then = verdict(old, source.old, target.old);
      const now = verdict(young, source.young, target.young);
      if (then !== now) count(group, { source: source.member, target: target.member, then, now });
    }
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { of, changes }]) => [...changes.values()].map((change) => ({ ...change, of })));
}

type Answer = FlowChange['before'];

interface Group {
  of: number;
  readonly changes: Map<string, Omit<FlowChange, 'of'>>;
}

/** An end with its places in both matrices. */
interface Merged<T> {
  readonly member: T;
  readonly name: string;
  readonly old: number | undefined;
  readonly young: number | undefined;
}

const sourceKey = ({ from }: MatrixSource): string => formatEnd(from);

const targetKey = ({ to, protocol, port }: MatrixTarget, name = formatEnd(to)): string =>
  `${name} ${protocol} ${port ?? ''}`;

function merge<T extends MatrixSource | MatrixTarget>(
  old: readonly T[],
  young: readonly T[],
  keyOf: (member: T) => string,
): readonly Merged<T>[] {
  const oldAt = new Map(old.map((member, i) => [keyOf(member), i]));
  const youngAt = new Map(young.map((member, i) => [keyOf(member), i]));
  const members = new Map([...old, ...young].map((member) => [keyOf(member), member]));
  return [...members].map(([key, member]) => ({
    member,
    name: formatEnd('from' in member ? member.from : member.to),
    old: oldAt.get(key),
    young: youngAt.get(key),
  }));
}

const verdict = (matrix: Matrix, source: number | undefined, target: number | undefined): Answer =>
  source === undefined || target === undefined ? 'absent' : verdictAt(matrix, source, target);

interface Changed {
  readonly source: MatrixSource;
  readonly target: MatrixTarget;
  readonly then: Answer;
  readonly now: Answer;
}

function count({ changes }: Group, { source, target, then, now }: Changed): void {
  const { to, protocol, port } = target;
  const known = changes.get(`${then} ${now}`);
  changes.set(`${then} ${now}`, {
    from: source.workload,
    to: target.workload,
    ...{ protocol, port, before: then, after: now },
    flows: (known?.flows ?? 0) + 1,
    example: known?.example ?? { from: source.from, to, protocol, port },
  });
}
