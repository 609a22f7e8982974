import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const source = resolve(__dirname, 'authenticator');
const hash = createHash('sha256');
for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(source, file)));
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'eks-network-labs');
const home = join(cache, `authenticator-${hash.digest('hex').slice(0, 12)}`);

/** aws-iam-authenticator, which verifies the tokens of EKS. */
export const AUTHENTICATOR = join(home, 'aws-iam-authenticator');

/** Builds it once from the module that its project publishes; answers why it cannot be built. */
export function installAuthenticator(): string | undefined {
  if (existsSync(AUTHENTICATOR)) return undefined;
  const building = `${home}.${process.pid}`;
  try {
    mkdirSync(building, { recursive: true });
    const args = ['go', 'build', '-p=2', '-trimpath', '-buildvcs=false'];
    const target = 'sigs.k8s.io/aws-iam-authenticator/cmd/aws-iam-authenticator';
    const out = join(building, 'aws-iam-authenticator');
    const env = { ...process.env, CGO_ENABLED: '0' };
    execFileSync('nice', [...args, '-o', out, target], { cwd: source, env, stdio: 'pipe' });
    renameSync(building, home);
    return undefined;
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    return `aws-iam-authenticator cannot be built: ${error instanceof Error ? error.message : error}`;
  }
}
