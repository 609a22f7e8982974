import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const source = resolve(__dirname, 'judge');
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'eks-network-labs');

const hash = createHash('sha256');
for (const file of ['go.mod', 'go.sum', 'main.go', 'names.go']) {
  hash.update(readFileSync(join(source, file)));
}

/** Kubernetes' and CoreDNS' own code, which answers what a Service comes to. */
export const JUDGE = join(cache, `services-${hash.digest('hex').slice(0, 12)}`, 'judge');

/** Builds the judge once; answers why it cannot be built, where Go is missing. */
export function installJudge(): string | undefined {
  if (existsSync(JUDGE)) return undefined;
  try {
    execFileSync('go', ['version'], { stdio: 'pipe' });
    console.error('building the judge of Services: minutes, once');
    mkdirSync(join(JUDGE, '..'), { recursive: true });
    const args = ['go', 'build', '-p=2', '-trimpath', '-buildvcs=false', '-o', JUDGE, '.'];
    const env = { ...process.env, CGO_ENABLED: '0' };
    execFileSync('nice', args, { cwd: source, env, stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `the judge cannot be built: ${error instanceof Error ? error.message : error}`;
  }
}
