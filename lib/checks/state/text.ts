import { UNSERVED_PORT } from './aims';
import type { Comparison, StateDifference } from './differences';

/** The longest answer, in lines. */
const MAX_LINES = 10;
/** Names and ports that one line lists before it counts the rest. */
const MAX_NAMES = 3;

/** Which part of a state is wrong, grouped, at most ten lines: what is closed too much comes first. */
export function differenceLines(
  { differences, ports }: Comparison,
  others: readonly string[],
): readonly string[] {
  const lines = [...others, ...KINDS.flatMap((kind) => linesOf(kind, differences, ports))];
  const more = lines.length - MAX_LINES + 1;
  return lines.length <= MAX_LINES
    ? lines
    : [...lines.slice(0, MAX_LINES - 1), `and ${more} more groups of flows`];
}

const KINDS = ['closed too much', 'still open', 'not certain', 'answers otherwise'] as const;
type Kind = (typeof KINDS)[number];

function kindOf({ required, found }: StateDifference): Kind {
  if (found === 'unknown' || required === 'unknown') return 'not certain';
  if (required === 'allowed') return 'closed too much';
  return found === 'allowed' ? 'still open' : 'answers otherwise';
}

interface Group {
  readonly froms: readonly string[];
  readonly tos: readonly string[];
  readonly ports: string;
}

function linesOf(
  kind: Kind,
  differences: readonly StateDifference[],
  asked: number,
): readonly string[] {
  const own = differences.filter((one) => kindOf(one) === kind);
  const pairs = groupBy(own, ({ from, to }) => `${from}\n${to}`).map((members): Group => {
    const [first] = members;
    const ports = [...new Set(members.map(portText))];
    return { froms: [first?.from ?? ''], tos: [first?.to ?? ''], ports: portsText(ports, asked) };
  });
  const bySource = merge(pairs, ({ froms, ports }) => `${froms}\n${ports}`);
  const both = merge(bySource, ({ tos, ports }) => `${tos}\n${ports}`);
  return both.map((group) => `${kind}: ${groupText(kind, group)}`);
}

function groupText(kind: Kind, { froms, tos, ports }: Group): string {
  const isLookup = kind === 'closed too much' && tos.some((to) => to.startsWith('kube-system/'));
  if (isLookup && /\b53\b|every port/.test(ports))
    return `${listed(froms)} cannot resolve names (${ports})`;
  return `${listed(froms)} -> ${listed(tos)}: ${ports}`;
}

const merge = (groups: readonly Group[], keyOf: (group: Group) => string): readonly Group[] =>
  groupBy(groups, keyOf).map((members) => ({
    froms: [...new Set(members.flatMap(({ froms }) => froms))],
    tos: [...new Set(members.flatMap(({ tos }) => tos))],
    ports: members[0]?.ports ?? '',
  }));

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  return [...groups.values()];
}

function portText({ port: { protocol, port } }: StateDifference): string {
  if (port === undefined) return protocol;
  return port === UNSERVED_PORT ? `other ${protocol} ports` : `${protocol} ${port}`;
}

const portsText = (ports: readonly string[], asked: number): string =>
  ports.length === asked ? 'every port' : listed(ports);

const listed = (names: readonly string[]): string =>
  names.length <= MAX_NAMES
    ? names.join(', ')
    : `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`;
