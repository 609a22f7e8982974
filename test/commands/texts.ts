import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs';
import { writtenSections } from '../../lib/lab/sections';

const root = join(__dirname, '../..');

/** A line of a shell block of a lab's text; the page of all labs has no id. */
export interface TextLine {
  readonly id: string;
  readonly line: string;
  /** Written by hand, rendered from the lab's own solutions, or a whole command within a hint. */
  readonly part: 'by-hand' | 'tasks' | 'hint';
}

/** Lines of the shell blocks of a text, comments left out. */
const linesOf = (text: string): readonly string[] =>
  [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Commands that a hint spells out; a bare name, or one with a blank to fill in, is only talked about. */
const inHints = (hints: readonly string[]): readonly string[] =>
  hints
    .flatMap((hint) => [...hint.matchAll(/`(lab [^`<…|]+)`/g)].map(([, line = '']) => line))
    .filter(
      (line) => !/^lab (answer|explain|predict --staged-as-enforced|reset|stage)$/.test(line),
    );

const hintsOf = (id: string): readonly string[] =>
  labs.find((lab) => lab.id === id)?.steps.flatMap(({ hints }) => hints) ?? [];

/** Every command that a lab's text, or the page of all labs, tells a learner to type. */
export const textLines: readonly TextLine[] = [...labs.map(({ id }) => id), ''].flatMap((id) => {
  const text = readFileSync(join(root, 'labs', id, 'README.md'), 'utf8');
  const byHand = writtenSections(text).map(({ body }) => `${body}\n`);
  const tasks = byHand.reduce((rest, body) => rest.replace(body, ''), text);
  return [
    ...linesOf(id === '' ? text : byHand.join('\n')).map((line) => ({
      id,
      line,
      part: 'by-hand' as const,
    })),
    ...linesOf(id === '' ? '' : tasks).map((line) => ({ id, line, part: 'tasks' as const })),
    ...inHints(hintsOf(id)).map((line) => ({ id, line, part: 'hint' as const })),
  ];
});
