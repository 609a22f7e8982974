import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The release whose engine is built; the labs install 1.17, with the same ClusterPolicy. */
const KYVERNO = 'v1.19.1';
const cache = resolve(__dirname, '../../.cache');

/** Kyverno's own command line: its engine, without a cluster. */
export const kyverno = join(cache, `kyverno-${KYVERNO}`);

const HOUR = 3_600_000;

/**
 * Builds it once into `.cache` out of its published module; answers why it cannot. A quarter of an
 * hour on two cores, and some gigabytes until it is done.
 */
export function buildKyverno(): string | undefined {
  if (existsSync(kyverno)) return undefined;
  const folder = `${kyverno}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    build(folder);
    renameSync(join(folder, 'kyverno'), kyverno);
    return undefined;
  } catch (error) {
    return `${error instanceof Error ? error.message : error}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function build(folder: string): void {
  const env = {
    ...process.env,
    CGO_ENABLED: '0',
    GOCACHE: join(folder, 'built'),
    GOFLAGS: '-modcacherw',
    GOMODCACHE: join(folder, 'modules'),
  };
  const go = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('go', args, { cwd, env, encoding: 'utf8', timeout: HOUR });
  const answer = go(folder, 'mod', 'download', '-json', `github.com/kyverno/kyverno@${KYVERNO}`);
  const { Dir } = JSON.parse(answer) as { readonly Dir: string };
  go(Dir, 'build', '-trimpath', '-o', join(folder, 'kyverno'), './cmd/cli/kubectl-kyverno');
}
