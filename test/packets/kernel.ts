import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { SEARCH_PATH } from '../../lib/runtime/kernel/spawn';
import { explainRefusal } from '../../lib/runtime/sandbox/refusal';
import { describeUnless } from '../skip';

/**
 * `describe` for tests that need real packets, and perhaps more. Where this machine lacks what
 * they need they are skipped, and the name says why; in CI that is a failure, so nothing passes by
 * being skipped (`LAB_NO_KERNEL` says that a CI machine is not meant to have it).
 */
export function describePackets(
  name: string,
  tests: () => void,
  missing: readonly string[] = [],
): void {
  const reasons = [...(obstacle === undefined ? [] : [obstacle]), ...missing];
  if (reasons.length === 0) {
    describe(name, tests);
  } else if (process.env.CI !== undefined && process.env.LAB_NO_KERNEL === undefined) {
    test(name, () => {
      throw new Error(`CI must run this, or say LAB_NO_KERNEL: ${reasons.join('; ')}`);
    });
  } else describeUnless(reasons.join('; '))(name, tests);
}

/** What to install of these programs, as reasons to skip. */
export const missingPrograms = (...names: readonly string[]): readonly string[] =>
  names.filter((name) => findProgram(name) === undefined).map((name) => `${name} is not installed`);

/** Where a program is installed, also outside a normal user's PATH. */
export const findProgram = (name: string): string | undefined =>
  SEARCH_PATH.split(':')
    .map((folder) => `${folder}/${name}`)
    .find((path) => existsSync(path));

const TRIAL =
  'table inet trial { chain c { type filter hook input priority 0; ct state new accept; }; }';

const obstacle = ((): string | undefined => {
  const root = process.getuid?.() === 0;
  const apart = ['--net', '--mount', '--pid', '--fork', 'nft', '-f', '-'];
  const ways = [['--user', '--map-root-user', ...apart], ...(root ? [apart] : [])];
  const env = { ...process.env, PATH: SEARCH_PATH };
  const tries = ways.map((args) =>
    spawnSync('unshare', args, { input: TRIAL, env, encoding: 'utf8' }),
  );
  if (tries.some(({ status }) => status === 0)) return undefined;
  const words = tries.map(({ error, stderr }) => error?.message ?? stderr.trim()).join('; ');
  if (/nft/.test(words)) return `nftables does not work here (${words}): apt-get install nftables`;
  const { why, fix } = explainRefusal({ words, root, read });
  return `${why}: ${fix}`;
})();

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
