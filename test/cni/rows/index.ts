import { ADDS } from './add';
import { ADDRESSES } from './addresses';
import { CHAINS } from './chains';
import { CHECKS } from './check';
import { COLLECTIONS } from './collect';
import { MISFORTUNES } from './misfortunes';
import { PARAMETERS } from './parameters';
import { REMOVALS } from './remove';
import type { CniRow } from './row';
import { VERSIONS } from './versions';

/** What is asked of the plugin on a host, and of the reference plugins beside it. */
export const ROWS: readonly CniRow[] = [
  ...VERSIONS,
  ...PARAMETERS,
  ...ADDS,
  ...CHECKS,
  ...REMOVALS,
  ...COLLECTIONS,
  ...ADDRESSES,
  ...CHAINS,
  ...MISFORTUNES,
];
