import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEARCH_PATH } from '../../../../lib/runtime/kernel/spawn';
import type { Place } from './control-plane';

/** A machine of our own for a node: its network, mounts and processes are apart and end with it. */
export interface Machine extends Place {
  readonly folder: string;
  /** Runs a command there; answers what it printed. */
  run(...argv: readonly string[]): string;
  stop(): Promise<void>;
}

export const NODE_ADDRESS = '192.168.7.1';

/** Starts one; it ends with this process, however that ends. Takes root. */
export async function openMachine(): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-machine-'));
  const group = `lab-kubernetes-${process.pid}-${Date.now()}`;
  const apart = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child'];
  const args = ['--pdeathsig=KILL', 'unshare', ...apart, '--mount-proc', 'sh', '-c', BOOT, 'sh'];
  const env = { ...process.env, PATH: SEARCH_PATH };
  const child = spawn('setpriv', [...args, folder, group], { stdio: 'ignore', env });
  const over = new Promise((done) => child.once('exit', done));
  const forwarders: Server[] = [];
  const stop = async (): Promise<void> => {
    for (const forwarder of forwarders) forwarder.close();
    // `unshare` ends its child, the first process of the namespace, and that one all others.
    child.kill('SIGKILL');
    await over;
    await removeGroups(group);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await until(
      () => existsSync(join(folder, 'ready')),
      () => child.exitCode !== null,
    );
    const first = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    const inside = ['nsenter', `--target=${first}`, '--net', '--mount', '--pid', '--uts', '--'];
    const run = (...argv: readonly string[]): string => {
      const [file = '', ...rest] = [...inside, ...argv];
      return execFileSync(file, rest, { encoding: 'utf8', timeout: 60_000, env });
    };
    const reach = (port: number) => forward({ folder, inside, port, forwarders });
    const known = { 'bind-address': '0.0.0.0', 'advertise-address': NODE_ADDRESS };
    const hosts = { host: NODE_ADDRESS, hostOutside: 'localhost' };
    return { folder, inside, known, ...hosts, reach, run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * What a kubelet would write is hidden where it is not the machine's own: its folders, and the six
 * kernel settings it insists on, which read here as it wants them. A control group of its own
 * gathers what runc makes (cgroup v1; in v2 runc makes its groups where the machine was started).
 */
const BOOT = `set -e
mount --make-rprivate /
for hidden in /run /var/lib /var/log; do mount -t tmpfs tmpfs $hidden; done
mkdir -p /run/netns /run/lock
for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \\
  kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  file=/run/setting-$(echo $setting | tr / -)
  echo \${setting#*=} >$file
  mount --bind $file /proc/sys/\${setting%=*}
done
ip link set lo up
ip address add ${NODE_ADDRESS}/32 dev lo
ip link add lab-out type veth peer name lab-nowhere
ip link set lab-out up
ip link set lab-nowhere up
ip route add default dev lab-out src ${NODE_ADDRESS}
echo 1 >/proc/sys/net/ipv4/ip_forward
if [ ! -e /sys/fs/cgroup/cgroup.procs ]; then
  for tasks in /sys/fs/cgroup/*/cgroup.procs; do
    above=\${tasks%/cgroup.procs}
    [ -e $above/cgroup.controllers ] && continue
    mkdir $above/$2
    for fixed in cpuset.cpus cpuset.mems; do
      if [ -e $above/$fixed ]; then cat $above/$fixed >$above/$2/$fixed; fi
    done
    echo 0 >$above/$2/cgroup.procs
  done
fi
touch $1/ready
exec sleep infinity`;

/** A socket in the folder joins the two networks: a file is seen from both. */
async function forward(
  from: {
    readonly folder: string;
    readonly inside: readonly string[];
    readonly port: number;
    readonly forwarders: Server[];
  }, //
): Promise<number> {
  const path = join(from.folder, `${from.port}.sock`);
  const [file = '', ...args] = [...from.inside, process.execPath, '-e', FORWARD];
  spawn(file, [...args, path, String(from.port)], { stdio: 'ignore' });
  await until(() => existsSync(path));
  const server = createServer((near) => {
    const far = connect(path);
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  server.unref();
  from.forwarders.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const FORWARD = `const net = require('node:net');
const [path, port] = process.argv.slice(1);
net.createServer((near) => {
  const far = net.connect(Number(port), '127.0.0.1');
  near.on('error', () => far.destroy()).on('close', () => far.destroy());
  far.on('error', () => near.destroy()).on('close', () => near.destroy());
  near.pipe(far).pipe(near);
}).listen(path);`;

/** Control groups do not go with who made them. */
async function removeGroups(name: string): Promise<void> {
  const root = '/sys/fs/cgroup';
  const tops = readdirSync(root).map((hierarchy) => join(root, hierarchy, name));
  const remove = (group: string): void => {
    for (const entry of readdirSync(group, { withFileTypes: true }))
      if (entry.isDirectory()) remove(join(group, entry.name));
    rmdirSync(group);
  };
  for (const top of tops.filter((path) => existsSync(path))) {
    // The last process of a group may still be on its way out.
    await until(() => {
      try {
        remove(top);
      } catch {
        return false;
      }
      return true;
    });
  }
}

async function until(isSo: () => boolean, isOver: () => boolean = () => false): Promise<void> {
  const end = Date.now() + 20_000;
  while (!isSo()) {
    if (isOver() || Date.now() > end) throw new Error('a machine of its own cannot be had here');
    await new Promise((next) => setTimeout(next, 50));
  }
}
