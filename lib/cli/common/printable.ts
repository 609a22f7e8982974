import { PLAIN } from '../../report/palette';
import type { Terminal } from './terminal';

/**
 * What a terminal would obey instead of show: control characters, and characters that are invisible or
 * change the direction of the text (Unicode categories Cc, Cf, Zl, Zp). Line feeds and tabs stay.
 */
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Anything but printable ASCII, tabs and line feeds: a quick test that most texts fail as a whole. */
const NOT_ASCII = /[^\t\n\x20-\x7e]/;
/** The colours of `COLOURED`, and nothing else that starts with ESC. */
const COLOUR = new RegExp(`(${String.fromCharCode(27)}\\[(?:1|2|22|31|32|33|39)m)`);
/** A word longer than this is cut where it is not part of an answer. */
const LONGEST_WORD = 300;
const LONGEST_LINE = 4000;

/** A terminal on which texts of inputs can be printed: they cannot move its cursor or hide a part. */
export function printable(terminal: Terminal): Terminal {
  const shown = terminal.palette === PLAIN ? escapeControl : escapeBetween;
  return {
    ...terminal,
    out: (text) => terminal.out(shown(text)),
    err: (text) => terminal.err(shown(cutLong(text))),
  };
}

/**
 * Writes each such character as `\u001b`. Inside a JSON text that means the same character, so an
 * answer as JSON keeps its value.
 */
export const escapeControl = (text: string): string =>
  !NOT_ASCII.test(text)
    ? text
    : text.replace(OBEYED, (found) => (found === '\n' || found === '\t' ? found : codesOf(found)));

const escapeBetween = (text: string): string =>
  text
    .split(COLOUR)
    .map((part, i) => (i % 2 === 0 ? escapeControl(part) : part))
    .join('');

const codesOf = (text: string): string =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

const cutLong = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      cut(
        line.replace(/\S+/g, (word) => cut(word, LONGEST_WORD)),
        LONGEST_LINE,
      ),
    )
    .join('\n');

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most)}... (${text.length} characters)`;
