/** A part of a lab's text that is written by hand, below its heading. */
export interface WrittenSection {
  readonly heading: string;
  /** Markdown, without the heading; no blank line at either end. */
  readonly body: string;
}

/** Headings of the parts that are rendered from data; every other part is written by hand. */
export const RENDERED_HEADINGS = [
  'The tasks',
  'The stages',
  'Questions',
  'Conclusion',
  'Read on',
] as const;

/** The part that says how the same looks in a cluster that the learner has. */
export const OWN_CLUSTER = 'In your own cluster';

/** The parts of a lab's README that are written by hand, in their order. */
export function writtenSections(readme: string): readonly WrittenSection[] {
  const all: { heading: string; lines: string[] }[] = [];
  let isCode = false;
  for (const line of readme.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    const heading = isCode ? undefined : /^## (.+)$/.exec(line)?.[1];
    if (heading !== undefined) all.push({ heading, lines: [] });
    else all.at(-1)?.lines.push(line);
  }
  return all
    .filter(({ heading }) => !RENDERED_HEADINGS.some((one) => one === heading))
    .map(({ heading, lines }) => ({ heading, body: lines.join('\n').trim() }));
}

/** Widest line of a concept, in characters. */
const WIDTH = 90;
/** Most lines of a concept. */
const MOST_LINES = 10;

/**
 * The concept of a lab in at most ten lines: the first paragraphs of its section `Concept`, whole
 * paragraphs only, without code, tables and pictures.
 */
export function conceptText(sections: readonly WrittenSection[]): string {
  const body = sections.find(({ heading }) => heading === 'Concept')?.body ?? '';
  const kept: string[] = [];
  for (const paragraph of body.replace(/```[\s\S]*?```/g, '').split(/\n{2,}/)) {
    if (/^\s*$|^\|/.test(paragraph)) continue;
    const lines = paragraph.startsWith('- ') ? listLines(paragraph) : wrapped(paragraph);
    if (kept.length + lines.length + (kept.length > 0 ? 1 : 0) > MOST_LINES) break;
    kept.push(...(kept.length > 0 ? [''] : []), ...lines);
  }
  return kept.join('\n');
}

const listLines = (list: string): readonly string[] =>
  list
    .split(/\n(?=- )/)
    .flatMap((item) => wrapped(item).map((line, i) => (i === 0 ? line : `  ${line}`)));

/** A paragraph's words on lines of at most `width` characters. */
export function wrapped(paragraph: string, width = WIDTH): readonly string[] {
  const lines: string[] = [];
  for (const word of paragraph.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
