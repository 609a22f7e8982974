import type { ReadProgress } from '../../records/open/files';
import type { Terminal } from './terminal';

/** Milliseconds until progress is shown, and between two of its lines. */
const FIRST_MS = 1000;
const AGAIN_MS = { live: 200, log: 5000 } as const;

/** Shows how far files of records are read, for anything over a second. */
export interface LineProgress {
  readonly at: (progress: ReadProgress) => void;
  readonly end: () => void;
}

/** On a terminal one line that is written again, else a line every five seconds. */
export function lineProgress({ err, live }: Terminal): LineProgress {
  const started = Date.now();
  let shown = 0;
  const pause = live ? AGAIN_MS.live : AGAIN_MS.log;
  const words = ({ file, bytes, lines }: ReadProgress): string =>
    `reading ${file}: ${lines} lines, ${Math.floor(bytes / 1024 / 1024)} MiB`;
  return {
    at: (progress) => {
      const now = Date.now();
      if (now - started < FIRST_MS || now - shown < pause) return;
      shown = now;
      if (live) process.stderr.write(`\r\u001b[K${words(progress)}`);
      else err(words(progress));
    },
    end: () => {
      if (live && shown > 0) process.stderr.write('\r\u001b[K');
    },
  };
}
