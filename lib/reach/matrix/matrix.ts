import type { Verdict } from '../../model/explanation';
import { type FlowEnd, formatEnd } from '../../model/flow';
import { impossibleEnd } from '../../model/impossible-end';
import { type Matrix, VERDICTS } from '../../model/matrix';
import { numberEqual } from '../../model/unique';
import { isWorkload } from '../ends/party';
import type { Destination, Party, PartyDirectory } from '../ends/types';
import { hasBit } from '../policy/bits';
import { judgeAll, type PolicyRows } from '../policy/rows';
import { namedPort } from '../services/routing';
import { exceptions } from './exceptions';
import { createKeys } from './keys';
import type { MatrixAim, MatrixQuery, MatrixSetup } from './types';

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
    aim,
    other: columns.other[i],
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
    rowOf: rows.of,
    columnOf: columns.of,
    columns: targets.length,
    cells,
    exceptions: new Map(),
  };
  return { ...matrix, exceptions: exceptions(matrix, directory) };
}

interface Row {
  readonly from: FlowEnd;
  readonly parties: readonly Party[];
}

interface Column {
  readonly aim: MatrixAim;
  /** Another of the same column, to ask about where the source itself is `aim`. */
  readonly other: MatrixAim | undefined;
  /** One an address; `undefined` for what is more than a pod's own port. */
  readonly plain: readonly Destination[] | undefined;
}

/** Ends that no filter can tell apart, as classes. */
interface EndClasses<T> {
  readonly of: readonly number[];
  /** A representative of each class. */
  readonly first: readonly T[];
  /** A second member of each class, where it has one. */
  readonly other: readonly (T | undefined)[];
}

function classify<T>(members: readonly T[], keyOf: (member: T) => string): EndClasses<T> {
  const { of, first } = numberEqual(members.map(keyOf));
  const other: (T | undefined)[] = first.map(() => undefined);
  of.forEach((number, place) => {
    if (place !== first[number]) other[number] ??= members[place];
  });
  return { of, first: first.flatMap((place) => members.slice(place, place + 1)), other };
}

/** A pod's own port in a world where only policies stand before it. */
function plainTargets(
  { to, protocol, port }: MatrixAim,
  { directory }: MatrixSetup,
): readonly Destination[] | undefined {
  const { world } = directory;
  const parties = directory.parties(to);
  if (to.kind !== 'pod' || parties === undefined || !parties.every(isWorkload)) return undefined;
  if (world.vpcs.length > 0 || world.hostEndpoints.length > 0) return undefined;
  const number = namedPort(parties, { protocol, port });
  if (number === undefined && protocol !== 'ICMP') return undefined;
  return parties.map((party) => ({ party, protocol, port: number }));
}

type VerdictAt = (row: number, column: number) => Verdict;

function createAnswers(
  sources: readonly Row[],
  columns: readonly Column[],
  setup: MatrixSetup,
): VerdictAt {
  const parties = sources.flatMap((source) => source.parties);
  const targets = columns.flatMap(({ plain }) => plain ?? []);
  const rows = judgeAll(setup.directory.world, setup.tiers, { sources: parties, targets });
  // Such an end opens no connection, whatever policies say; `explain` says so too.
  const isImpossible = sources.map(
    ({ from }) =>
      impossibleEnd({ from, to: from, protocol: 'TCP', port: undefined }, setup.directory.world) !==
      undefined,
  );
  const placeOfSource = places(sources.map((source) => source.parties));
  const placeOfTarget = places(columns.map(({ plain }) => plain ?? []));
  return (row, column) => {
    const [source, aim] = [sources[row], columns[column]];
    if (source === undefined || aim === undefined) return 'unknown';
    if (aim.plain === undefined || source.parties.length === 0 || isImpossible[row]) {
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
  targets: readonly Destination[],
): readonly [source: number, target: number] | undefined {
  for (const [t, target] of targets.entries()) {
    const s = parties.findIndex(({ family }) => family === target.party.family);
    if (s !== -1) return [s, t];
  }
  return undefined;
}

function verdictOf({ egress, ingress }: PolicyRows, source: number, target: number): Verdict {
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

function createWorkloads({ pod }: PartyDirectory): (end: FlowEnd) => string {
  return (end) => {
    const found = end.kind === 'pod' ? pod(end.namespace, end.name) : undefined;
    return found === undefined ? formatEnd(end) : `${found.namespace}/${found.workload}`;
  };
}
