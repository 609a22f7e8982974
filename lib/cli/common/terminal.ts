import { isatty } from 'node:tty';
import { COLOURED, type Palette, PLAIN } from '../../report/palette';

/**
 * Where a command prints and reads. Answers go to `out`, progress and remarks to `err`, so that a
 * script reads answers alone.
 */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly palette: Palette;
  /** A person is looking at `err`: progress may rewrite its line. */
  readonly live: boolean;
  /** A person can be asked. */
  readonly interactive: boolean;
}

/** The terminal of this process: colour only where a person looks, never with NO_COLOR. */
export function processTerminal(): Terminal {
  const colored = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    palette: colored ? COLOURED : PLAIN,
    live: process.stderr.isTTY === true,
    // `process.stdin` would make a pipe non-blocking just by being asked.
    interactive: isatty(0) && process.env.CI === undefined,
  };
}
