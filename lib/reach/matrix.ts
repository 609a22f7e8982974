import type { Explanation, Verdict } from '../model/explanation';
import { type Flow, type FlowEnd, formatEnd } from '../model/flow';
import { type Matrix, VERDICTS } from '../model/matrix';
import type { OrderedTier } from '../model/policy-order';
import { hasBit } from './bits';
import type { Directory } from './directory';
import { exceptions } from './exceptions';
import { createKeys } from './keys';
import { isWorkload, type Party } from './party';
import { namedPort } from './routing';
import { judgeAll, type Rows } from './rows';
import type { Target } from './traffic';

/** Which flows: every source against every target. */
export interface MatrixQuery {
  readonly sources: readonly FlowEnd[];
  readonly targets: readonly MatrixAim[];
}

/** What a source tries to reach. */
export type MatrixAim = Pick<Flow, 'to' | 'protocol' | 'port'>;

/** What a matrix is computed from. */
export interface MatrixSetup {
  readonly directory: Directory;
  readonly tiers: readonly OrderedTier[];
  /** Answers what is more than two pods and policies between them. */
  readonly explain: (flow: Flow) => Explanation;
}

/**
 * Computes all flows of a query: ends that no policy can tell apart are one row or column, flows
 * between pods are decided by set operations on whole rows, the others one by one.
 */
export function computeMatrix(query: MatrixQuery, setup: MatrixSetup): Matrix {
  const { directory } = setup;
  const keyOf = createKeys(query, directory, setup.tiers);
  const rows = classify(query.sources, keyOf.source);
  const columns = classify(query.targets, keyOf.target);
  const sources = rows.first.map((from) => ({ from, parties: directory.parties(from) ?? [] }));
  const targets = columns.first.map((aim, i) => ({
    ...{ aim, other: columns.other[i] },
    plain: plainTargets(aim, setup),
  }));
  const answer = createAnswers(sources, targets, setup);
  const cells = new Uint8Array(sources.length * targets.length);
  sources.forEach((_, row) => {
    targets.forEach((_, column) => {
      cells[row * targets.length + column] = VERDICTS.indexOf(answer(row, column));
    });
  });
  const workloadOf = createWorkloads(directory);
  const matrix: Matrix = {
    sources: query.sources.map((from) => ({ from, workload: workloadOf(from) })),
    targets: query.targets.map((aim) => ({ ...aim, workload: workloadOf(aim.to) })),
    ...{ rowOf: rows.of, columnOf: columns.of, columns: targets.length, cells },
    exceptions: new Map(),
  };
  return { ...matrix, exceptions: exceptions(matrix, directory) };
}

interface Source {
  readonly from: FlowEnd;
  readonly parties: readonly Party[];
}

interface Column {
  readonly aim: MatrixAim;
  /** Another of the same column, to ask about where the source itself is `aim`. */
  readonly other: MatrixAim | undefined;
  /** One an address; `undefined` for what is more than a pod's own port. */
  readonly plain: readonly Target[] | undefined;
}

interface Classes<T> {
  readonly of: readonly number[];
  /** One of each class, to ask about. */
  readonly first: readonly T[];
  /** Another one, where there is one. */
  readonly other: readonly (T | undefined)[];
}

function classify<T>(members: readonly T[], keyOf: (member: T) => string): Classes<T> {
  const classes = new Map<string, number>();
  const first: T[] = [];
  const other: (T | undefined)[] = [];
  const of = members.map((member) => {
    const key = keyOf(member);
    const known = classes.get(key);
    if (known !== undefined) {
      other[known] ??= member;
      return known;
    }
    classes.set(key, first.length);
    other.push(undefined);
    return first.push(member) - 1;
  });
  return { of, first, other };
}

/** A pod's own port in a world where only policies stand before it. */
function plainTargets(
  { to, protocol, port }: MatrixAim,
  { directory }: MatrixSetup,
): readonly Target[] | undefined {
  const { world } = directory;
  const parties = directory.parties(to);
  if (to.kind !== 'pod' || parties === undefined || !parties.every(isWorkload)) return undefined;
  if (world.vpcs.length > 0 || world.hostEndpoints.length > 0) return undefined;
  const number = namedPort(parties, { protocol, port });
  if (number === undefined && protocol !== 'ICMP') return undefined;
  return parties.map((party) => ({ party, protocol, port: number }));
}

type Answer = (row: number, column: number) => Verdict;

function createAnswers(
  sources: readonly Source[],
  columns: readonly Column[],
  setup: MatrixSetup,
): Answer {
  const parties = sources.flatMap((source) => source.parties);
  const targets = columns.flatMap(({ plain }) => plain ?? []);
  const rows = judgeAll(setup.directory.world, setup.tiers, { sources: parties, targets });
  const placeOfSource = places(sources.map((source) => source.parties));
  const placeOfTarget = places(columns.map(({ plain }) => plain ?? []));
  return (row, column) => {
    const [source, aim] = [sources[row], columns[column]];
    if (source === undefined || aim === undefined) return 'unknown';
    if (aim.plain === undefined || source.parties.length === 0) {
      const isSelf = formatEnd(source.from) === formatEnd(aim.aim.to);
      const asked = isSelf ? (aim.other ?? aim.aim) : aim.aim;
      return setup.explain({ from: source.from, ...asked }).verdict;
    }
    const pair = inOneFamily(source.parties, aim.plain);
    if (pair === undefined) return 'no-route';
    return verdictOf(
      rows,
      (placeOfSource[row] ?? 0) + pair[0],
      (placeOfTarget[column] ?? 0) + pair[1],
    );
  };
}

/** Where each group's members begin when all are put in one list. */
function places(groups: readonly (readonly unknown[])[]): readonly number[] {
  let next = 0;
  return groups.map(({ length }) => {
    next += length;
    return next - length;
  });
}

/** The first address of the target that the source has a family for. */
function inOneFamily(
  parties: readonly Party[],
  targets: readonly Target[],
): readonly [source: number, target: number] | undefined {
  for (const [t, target] of targets.entries()) {
    const s = parties.findIndex(({ family }) => family === target.party.family);
    if (s !== -1) return [s, t];
  }
  return undefined;
}

function verdictOf({ egress, ingress }: Rows, source: number, target: number): Verdict {
  const [out, into] = [egress[source], ingress[target]];
  if (out === undefined || into === undefined) return 'unknown';
  if (hasBit(out.allowed, target) && hasBit(into.allowed, source)) {
    return hasBit(out.unknown, target) || hasBit(into.unknown, source) ? 'unknown' : 'allowed';
  }
  const denied =
    (hasBit(out.denied, target) && !hasBit(out.unknown, target)) ||
    (hasBit(into.denied, source) && !hasBit(into.unknown, source));
  return denied ? 'denied' : 'unknown';
}

function createWorkloads({ pod }: Directory): (end: FlowEnd) => string {
  return (end) => {
    const found = end.kind === 'pod' ? pod(end.namespace, end.name) : undefined;
    return found === undefined ? formatEnd(end) : `${found.namespace}/${found.workload}`;
  };
}
