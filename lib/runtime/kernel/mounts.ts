import { lstatSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { mount } from './libc';

/**
 * Gives this process its own view of /proc and /run; it must stand in its own mount namespace.
 *
 * /run becomes an empty directory that is ours, so `ip netns add` and iptables' lock file work
 * without root and never touch the host's. A container may forbid the fresh /proc (its own hides
 * parts, and the kernel does not allow that to be undone); then the old one stays, and shows outer pids.
 * `forbidden`: not even a tmpfs may be mounted, so no pod can have a resolv.conf of its own.
 */
export function enterOwnMounts(): 'mounted' | 'forbidden' {
  mount('proc', '/proc', 'proc', NOSUID_NODEV_NOEXEC, '');
  if (mount('tmpfs', '/run', 'tmpfs', NOSUID_NODEV, 'mode=755') < 0) return 'forbidden';
  // What a shell in a mount namespace of its own mounts below /run is seen by the others: `ip netns add`.
  mount('none', '/run', '', MS_SHARED, '');
  mkdirSync('/run/netns');
  keepResolvConf();
  return 'mounted';
}

const NOSUID_NODEV = 2 | 4;
const MS_SHARED = 1 << 20;
const NOSUID_NODEV_NOEXEC = NOSUID_NODEV | 8;

/** Where /etc/resolv.conf leads into /run (systemd-resolved), the file must still be there to mount over. */
function keepResolvConf(): void {
  const path = '/etc/resolv.conf';
  const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (!link) return;
  const target = resolve('/etc', readlinkSync(path));
  if (!target.startsWith('/run/')) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, '');
}
