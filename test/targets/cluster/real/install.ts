import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const source = resolve(__dirname, '../kubernetes');

/** Where what takes minutes to build is kept from run to run, by what it was built from. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'eks-network-labs');

const hash = createHash('sha256');
for (const file of ['go.mod', 'go.sum', 'main.go', 'coredns/main.go'])
  hash.update(readFileSync(join(source, file)));
const home = join(cache, `kubernetes-${hash.digest('hex').slice(0, 12)}`);

/** Kubernetes' components and etcd, one program: its first argument names the component. */
export const PROGRAM = join(home, 'kubernetes');
/** What the labs' pods run, as Kubernetes' own tests build it. */
export const AGNHOST = join(home, 'agnhost');
/** A cluster's DNS. */
export const COREDNS = join(home, 'coredns');

/** The patch release that go.mod names. */
const VERSION = /k8s\.io\/kubernetes (v\S+)/.exec(
  readFileSync(join(source, 'go.mod'), 'utf8'),
)?.[1];

/**
 * Builds Kubernetes once from the modules that its own project publishes; answers why it cannot be
 * built, where Go is missing. Minutes the first time, nothing later.
 */
export function installKubernetes(): string | undefined {
  if (existsSync(PROGRAM)) return undefined;
  const building = `${home}.${process.pid}`;
  try {
    const version = execFileSync('go', ['version'], { encoding: 'utf8' }).trim();
    console.error(`building Kubernetes with ${version}: minutes, once`);
    mkdirSync(building, { recursive: true });
    build(join(building, 'kubernetes'), '.');
    build(join(building, 'agnhost'), 'k8s.io/kubernetes/test/images/agnhost');
    build(join(building, 'coredns'), './coredns');
    renameSync(building, home);
    return undefined;
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    return `Kubernetes cannot be built: ${error instanceof Error ? error.message : error}`;
  }
}

/** Two compilers at a time, and politely: this is a person's machine. */
function build(file: string, what: string): void {
  const link = `-s -w -X k8s.io/component-base/version.gitVersion=${VERSION}`;
  const args = ['go', 'build', '-p=2', '-trimpath', '-buildvcs=false', '-ldflags', link];
  const env = { ...process.env, CGO_ENABLED: '0' };
  execFileSync('nice', [...args, '-o', file, what], { cwd: source, env, stdio: 'pipe' });
}
