import { spawnSync } from 'node:child_process';
import type { Lab } from '../../lib/lab/format';
import type { Person, Ran } from '../cli/run';
import { type Way, wayOf } from './how-tried';
import type { TextLine } from './texts';

/** A line, where it is typed, and how. */
export interface Placed extends TextLine {
  readonly place: string;
  readonly way: Way;
  /** What the lines before it exported in the same text: here each line has a shell of its own. */
  readonly exported: string;
}

/** A command that did not work, with the last it said. */
export interface Complaint {
  readonly line: string;
  readonly said: string;
}

/** Commands that a learner leaves by a key: how they end by themselves. */
const BOUNDED: readonly (readonly [RegExp, string])[] = [
  [/^lab capture (\S+)/, 'lab capture $1 --seconds 1'],
  // A process that the text makes up: here the shell itself.
  [/\b5233\b/, '$$$$'],
];

/** Types a line of a lab's text where the text says; answers what went wrong. */
export async function attempt(
  person: Person,
  lab: Lab<string>,
  { line, exported, ...where }: Placed,
): Promise<Complaint | undefined> {
  const bounded = BOUNDED.reduce((text, [from, to]) => text.replace(from, to), line);
  const typed = await type(person, lab, { ...where, line: bounded, exported });
  const fine = typed.code === 0 || (line.startsWith('lab check') && typed.code === 1);
  return fine ? undefined : { line, said: `${typed.code}: ${typed.err}${typed.out}`.slice(-400) };
}

function type(
  person: Person,
  lab: Lab<string>,
  { line, place, way, exported }: Pick<Placed, 'line' | 'place' | 'way' | 'exported'>,
): Promise<Ran> | Ran {
  if (way === 'lab') return typeLab(person, lab, words(line).slice(1));
  if (way === 'machine') return person.lab('exec', place, '--', 'sh', '-c', exported + line);
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
    cwd: person.folder,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

/** What hands over the terminal is a process of its own; the rest is asked of the same code. */
const typeLab = async (person: Person, lab: Lab<string>, args: readonly string[]): Promise<Ran> => {
  const [command = ''] = args;
  if (command === 'up') return { code: args[1] === lab.id ? 0 : 2, out: '', err: '' };
  // Pages are rendered by modules that jest cannot load.
  const isApart = ['exec', 'shell'].includes(command) || args.includes('--html');
  return isApart ? person.lab(...args) : person.here(...args);
};

/** Words of a line, quotes taken away. */
const words = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );

/** Where the lines of a text are typed: where it last opened a shell, else at the lab's first place. */
export function placed(lab: Lab<string>, lines: readonly TextLine[]): readonly Placed[] {
  const { environment } = lab;
  let place = environment.kind === 'linux' ? (environment.machines[0]?.name ?? '') : 'node-a';
  let exported = '';
  return lines.map((line) => {
    place = /^lab shell (\S+)$/.exec(line.line)?.[1] ?? place;
    const before = exported;
    if (line.line.startsWith('export ')) exported += `${line.line}\n`;
    return { ...line, place, way: wayOf(line, 'here'), exported: before };
  });
}
