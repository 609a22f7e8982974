import { type FlowEnd, formatEnd } from '../model/flow';
import { lazyTable } from '../model/lazy';
import { type PairHop, pairHops } from '../model/pair';
import type { Saying, SideWords } from '../model/saying';
import type { PairWords, Worded } from '../model/worded';
import { predictedAnswer } from './answer';
import type { InputCounts } from './input-summary';

/** Writes explanations as lines of the public JSON. */
export type AnswerWriter = (worded: Worded) => string;

/**
 * Prepares the lines of many answers: what answers share is turned to JSON once. A line is what
 * `JSON.stringify` makes of `predictedAnswer`, with what was read at its end.
 */
export function createAnswerWriter(read: InputCounts, isTraced: boolean): AnswerWriter {
  const tail = `,"read":${JSON.stringify(read)}}`;
  const pairText = createPairText(isTraced);
  return (worded) => {
    if (worded.kind === 'pair') return pairText(worded) + tail;
    const { trace, ...bare } = predictedAnswer(worded.explanation);
    return JSON.stringify(isTraced ? { ...bare, trace } : bare).slice(0, -1) + tail;
  };
}

/** The text of a side in pieces: the name of the peer stands between them. */
interface SideText {
  readonly by: readonly string[];
  readonly decisions: readonly string[];
}

function createPairText(isTraced: boolean): (pair: PairWords) => string {
  const endText = lazyTable((end: FlowEnd) => JSON.stringify(formatEnd(end)));
  const nameText = lazyTable(inside);
  const deviceText = lazyTable((device: string) => JSON.stringify(device));
  const textOf = lazyTable(sideText);
  const hopText = ({ way, device, id, note }: PairHop, decisions: string): string => {
    const noted = note === undefined ? '' : `,"note":"${note}"`;
    const named = `"device":${deviceText(device)},"id":${deviceText(id)}`;
    return `{"way":"${way}",${named},"decisions":${decisions}${noted}}`;
  };
  return (pair) => {
    const { flow, verdict, egress, ingress, from, to, traffic } = pair;
    const peers = {
      egress: `${nameText(to.name)} on ${traffic}`,
      ingress: `${nameText(from.name)} on ${traffic}`,
    };
    const by = (['egress', 'ingress'] as const)
      .filter((side) => pair[side].verdict === verdict)
      .map((side) => textOf(pair[side]).by.join(peers[side]));
    const id = flow.id === undefined ? '' : `"id":${JSON.stringify(flow.id)},`;
    const port = flow.port === undefined ? '' : `,"port":${JSON.stringify(flow.port)}`;
    const head = `{${id}"from":${endText(flow.from)},"to":${endText(flow.to)},"protocol":"${flow.protocol}"${port}`;
    const answer = `${head},"verdict":"${verdict}","by":[${by.join(',')}]`;
    if (!isTraced) return answer;
    const decisions = {
      egress: textOf(egress).decisions.join(peers.egress),
      ingress: textOf(ingress).decisions.join(peers.ingress),
    };
    const hops = pairHops(pair).flatMap((hop) =>
      hop.way === 'unreached' ? [] : hopText(hop, hop.side ? decisions[hop.side] : '[]'),
    );
    return `${answer},"trace":[${hops.join(',')}]`;
  };
}

function sideText({ sayings, deciding }: SideWords): SideText {
  const decided = deciding.flatMap((place) => sayings[place] ?? []);
  return {
    by: joined(decided.map(evidencePieces), ['', '']),
    decisions: joined(sayings.map(decisionPieces), ['[', ']']),
  };
}

/** Pieces of texts that follow one another, with commas between them. */
function joined(
  texts: readonly (readonly string[])[],
  [open, close]: readonly [string, string],
): readonly string[] {
  const pieces = [open];
  const glue = (text: string): void => {
    pieces.push(`${pieces.pop()}${text}`);
  };
  texts.forEach(([first = '', ...rest], place) => {
    glue(place === 0 ? first : `,${first}`);
    pieces.push(...rest);
  });
  glue(close);
  return pieces;
}

function decisionPieces(saying: Saying): readonly string[] {
  const [first = '', ...rest] = evidencePieces(saying);
  const pieces = [`{"kind":"${saying.kind}","evidence":${first}`, ...rest];
  return pieces.with(-1, `${pieces.at(-1)}}`);
}

function evidencePieces({ cited, head, tail }: Saying): readonly string[] {
  const { filter, direction, object, rule } = cited;
  const opened = JSON.stringify({ filter, direction, object, rule }).slice(0, -1);
  const first = `${opened},"because":"${inside(head)}`;
  return tail === undefined ? [`${first}"}`] : [first, `${inside(tail)}"}`];
}

/** A text as it stands between the quotes of JSON. */
const inside = (text: string): string => JSON.stringify(text).slice(1, -1);
