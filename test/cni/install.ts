import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const source = join(__dirname, 'judge');
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'eks-network-labs');
const hash = createHash('sha256');
for (const file of ['go.mod', 'go.sum', 'main.go', 'testutils.go'])
  hash.update(readFileSync(join(source, file)));

/** libcni's driver, cnitool and the reference plugins, with a link to our plugin beside them. */
export const PLUGINS = join(cache, `cni-${hash.digest('hex').slice(0, 12)}`);

const REFERENCE = 'github.com/containernetworking/plugins/plugins';
const PROGRAMS = [
  '.',
  'github.com/containernetworking/cni/cnitool',
  ...['ipam/host-local', 'main/bridge', 'main/loopback', 'main/ptp'].map(
    (name) => `${REFERENCE}/${name}`,
  ),
  ...['bandwidth', 'firewall', 'portmap', 'sbr', 'tuning'].map(
    (name) => `${REFERENCE}/meta/${name}`,
  ),
];

/** Builds them once from the CNI project's own modules; answers why they cannot be built. */
export function installReference(): string | undefined {
  if (!existsSync(PLUGINS)) {
    const building = `${PLUGINS}.${process.pid}`;
    try {
      mkdirSync(building, { recursive: true });
      const env = { ...process.env, CGO_ENABLED: '0' };
      const flags = ['-p=2', '-trimpath', '-buildvcs=false', '-o', `${building}/`];
      execFileSync('go', ['build', ...flags, ...PROGRAMS], { cwd: source, env, stdio: 'pipe' });
      renameSync(building, PLUGINS);
    } catch (error) {
      rmSync(building, { recursive: true, force: true });
      return `the reference plugins cannot be built: ${error instanceof Error ? error.message : error}`;
    }
  }
  const link = join(PLUGINS, 'lab-cni');
  rmSync(link, { force: true });
  symlinkSync(resolve(__dirname, '../../bin/lab-cni'), link);
  return undefined;
}
