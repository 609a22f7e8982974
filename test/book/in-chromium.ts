import { existsSync } from 'node:fs';
import { CHROMIUM } from './browser';

/** Tests in Debian's browser; where there is none, they are skipped by name. */
export const inChromium = existsSync(CHROMIUM)
  ? describe
  : (name: string, tests: () => void) => describe.skip(`${name} (needs ${CHROMIUM})`, tests);
