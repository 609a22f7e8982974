import { EVERY_POD } from './ends';
import type { MapLine } from './lines';
import type { BoxPair } from './pairs';

/** The members of a group of boxes, by the group's id. */
export type BoxGroups = ReadonlyMap<string, readonly string[]>;

/**
 * One line from (or to) the border of a namespace, where the lines of all its workloads agree on
 * state and ports, and one line from every pod, where all of them agree. A line inside a namespace
 * stays a line between workloads.
 */
export function bundle(lines: readonly MapLine[], groups: BoxGroups): readonly MapLine[] {
  const groupOf = new Map(
    [...groups].flatMap(([id, members]) => members.map((member) => [member, id] as const)),
  );
  const ends = { groups, groupOf };
  const whole = fromEveryPod(lines, groups);
  return bundleEnd(bundleEnd(whole, 'from', ends), 'to', ends);
}

/**
 * One line from a source to every pod, where it has no route to any of them on any port: private
 * addresses as seen from the internet.
 */
export function withoutRoute(
  lines: readonly MapLine[],
  pairs: readonly BoxPair[],
  groups: BoxGroups,
): readonly MapLine[] {
  const cards = new Set([...groups].flatMap(([, members]) => members));
  const sources = [
    ...new Set(lines.flatMap(({ from, state }) => (state === 'no-route' ? [from] : []))),
  ];
  const lost = sources.filter((id) => {
    const own = pairs.filter(({ from, to }) => from === id && cards.has(to));
    return own.length > 1 && own.every(({ counts, flows }) => counts['no-route'] === flows);
  });
  const isLost = ({ from, to, state }: MapLine): boolean =>
    state === 'no-route' && lost.includes(from) && cards.has(to);
  return [
    ...lines.filter((line) => !isLost(line)),
    ...lost.flatMap((id): readonly MapLine[] => {
      const own = lines.filter((line) => isLost(line) && line.from === id);
      const [first] = own;
      return first === undefined
        ? []
        : [{ ...together(first, own, 'to', EVERY_POD), ports: 'any port' }];
    }),
  ];
}

/** Fewer sources than that are drawn one by one. */
const EVERY = 3;

function fromEveryPod(lines: readonly MapLine[], groups: BoxGroups): readonly MapLine[] {
  const cards = new Set([...groups].flatMap(([, members]) => members));
  if (groups.size < 2) return lines;
  const alike = new Map<string, MapLine[]>();
  for (const line of lines) {
    const key = cards.has(line.from) ? `${line.to} ${line.state} ${line.ports}` : line.from;
    const members = alike.get(key);
    if (members === undefined) alike.set(key, [line]);
    else members.push(line);
  }
  return [...alike.values()].flatMap((members): readonly MapLine[] => {
    const [first] = members;
    if (first === undefined || !cards.has(first.from)) return members;
    const others = cards.size - (cards.has(first.to) ? 1 : 0);
    const isAll = others >= EVERY && members.length === others;
    return isAll ? [together(first, members, 'from', EVERY_POD)] : members;
  });
}

interface Ends {
  readonly groups: BoxGroups;
  readonly groupOf: ReadonlyMap<string, string>;
}

function bundleEnd(
  lines: readonly MapLine[],
  end: 'from' | 'to',
  { groups, groupOf }: Ends,
): readonly MapLine[] {
  const other = end === 'from' ? 'to' : 'from';
  const alike = new Map<string, MapLine[]>();
  for (const line of lines) {
    const group = groupOf.get(line[end]) ?? '';
    const key = `${group} ${line[other]} ${line.state} ${line.ports}`;
    const members = alike.get(key);
    if (members === undefined) alike.set(key, [line]);
    else members.push(line);
  }
  return [...alike.values()].flatMap((members): readonly MapLine[] => {
    const [first] = members;
    const group = first && groupOf.get(first[end]);
    if (first === undefined || group === undefined) return members;
    const isInside = groupOf.get(first[other]) === group || first[other] === group;
    const all = groups.get(group)?.length ?? 0;
    if (isInside || all < 2 || members.length < all) return members;
    return [together(first, members, end, group)];
  });
}

const together = (
  first: MapLine,
  members: readonly MapLine[],
  end: 'from' | 'to',
  group: string,
): MapLine => ({
  ...first,
  [end]: group,
  flows: members.reduce((sum, { flows }) => sum + flows, 0),
  examples: members.flatMap(({ examples }) => examples),
});
