import type { Decision, Explanation, Hop, Trace, Verdict } from '../model/explanation';
import type { Flip } from '../model/flip';
import { formatEnd } from '../model/flow';
import { flowText } from './comparison';
import type { Palette } from './palette';

/**
 * An explanation for a person: the verdict and its reason first, then every hop there and back,
 * each with what it said; whether the name can be looked up, where that fails; the one change that would turn it around, where it was looked for and
 * found. Lines end without blanks; the text ends without a newline.
 */
export function explanationText(
  explanation: Explanation & { readonly flip?: Flip; readonly lookup?: Explanation },
  palette: Palette,
): string {
  const { flow, verdict, by, trace, flip, lookup, stretches } = explanation;
  const word = stretches === undefined ? paintVerdict(verdict, palette) : palette.doubt('PARTLY');
  const title = `${flowText(flow)}: ${word}`;
  const reasons = by.map(({ because }) => `  ${because}`);
  return [
    palette.strong(title),
    ...reasons,
    ...(lookup === undefined ? [] : lookupLines(lookup, palette)),
    ...way('there', trace.forward, palette),
    ...way('back', trace.return, palette),
    ...way('not reached', refusingHops(trace), palette),
    ...(flip === undefined ? [] : ['', palette.quiet(CHANGE[flip.becomes]), `  ${flip.change}`]),
  ].join('\n');
}

/** A name that cannot be looked up looks to a client like a host that is gone. */
function lookupLines({ flow, verdict, by }: Explanation, palette: Palette): readonly string[] {
  if (verdict === 'allowed') return [];
  const from = formatEnd(flow.from);
  const title = `but by name it fails before that: ${from} cannot ask ${formatEnd(flow.to)}`;
  return [
    '',
    palette.bad(`${title} (${flow.protocol} ${flow.port})`),
    ...by.map(({ because }) => `  ${because}`),
  ];
}

const CHANGE: Readonly<Record<Verdict, string>> = {
  allowed: 'one change that would allow it',
  denied: 'one change that would deny it',
  'no-route': 'one change that would leave it without a route',
  unknown: 'one change that would make it unknown',
};

const WORDS: Readonly<Record<Verdict, string>> = {
  allowed: 'ALLOWED',
  denied: 'DENIED',
  'no-route': 'NO ROUTE',
  unknown: 'UNKNOWN',
};

/** A verdict as texts show it. */
export function paintVerdict(verdict: Verdict, palette: Palette): string {
  switch (verdict) {
    case 'allowed':
      return palette.good(WORDS[verdict]);
    case 'denied':
    case 'no-route':
      return palette.bad(WORDS[verdict]);
    case 'unknown':
      return palette.doubt(WORDS[verdict]);
  }
}

/** Hops behind the refusal that would refuse the packet too. */
const refusingHops = ({ unreached = [] }: Trace): readonly Hop[] =>
  unreached.filter(({ decisions }) =>
    decisions.some(({ kind }) => kind === 'denied' || kind === 'no-route'),
  );

function way(title: string, hops: readonly Hop[], palette: Palette): readonly string[] {
  if (hops.length === 0) return [];
  const width = Math.max(...hops.map(({ device }) => device.length));
  return [
    '',
    palette.quiet(title),
    ...hops.flatMap((hop, i) => hopLines(hop, { width, idle: idleWord(i, hops.length) }, palette)),
  ];
}

/** What a device does that says nothing of its own. */
function idleWord(i: number, count: number): string {
  if (i === 0) return 'sends';
  return i === count - 1 ? 'arrives' : 'forwards';
}

interface Layout {
  readonly width: number;
  /** What a hop does that says nothing. */
  readonly idle: string;
}

function hopLines(
  { device, decisions, note }: Hop,
  { width, idle }: Layout,
  palette: Palette,
): string[] {
  const said = [
    ...(note === undefined ? [] : [palette.quiet(note)]),
    ...grouped(decisions).map((group) => decisionText(group, palette)),
  ];
  const [first = palette.quiet(idle), ...rest] = said;
  const blank = ' '.repeat(width);
  return [`  ${device.padEnd(width)}  ${first}`, ...rest.map((line) => `  ${blank}  ${line}`)];
}

/** Neighbours of the same kind and direction read as one line. */
function grouped(decisions: readonly Decision[]): readonly (readonly [Decision, ...Decision[]])[] {
  const groups: [Decision, ...Decision[]][] = [];
  for (const decision of decisions) {
    const last = groups.at(-1);
    if (last?.[0].kind === decision.kind && isSameSide(last[0], decision)) last.push(decision);
    else groups.push([decision]);
  }
  return groups;
}

const isSameSide = (a: Decision, b: Decision): boolean =>
  a.evidence.direction === b.evidence.direction;

function decisionText(group: readonly [Decision, ...Decision[]], palette: Palette): string {
  const [{ kind, evidence }] = group;
  if (kind === 'not-isolated') return `${evidence.direction} ${paintKind(kind, palette)}`;
  const objects = group.map(({ evidence: { object, rule } }) =>
    rule === null ? object : `${object} rule ${rule}`,
  );
  return `${evidence.direction} ${paintKind(kind, palette)} by ${objects.join(', ')}`;
}

function paintKind(kind: Decision['kind'], palette: Palette): string {
  switch (kind) {
    case 'not-isolated':
      return palette.good('not isolated');
    case 'allowed':
      return palette.good('allowed');
    case 'denied':
      return palette.bad('denied');
    case 'passed':
      return palette.quiet('passed on');
    case 'no-route':
      return palette.bad('no route');
    case 'unknown':
      return palette.doubt('unknown');
  }
}
