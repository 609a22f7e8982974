import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { CLONE, checked, E, KernelError, setns } from '../kernel/libc';
import { CniError } from './spec/error';

/** The container's network namespace, entered by its path. */
export interface Entered {
  /** Does a task in the namespace and comes back. */
  readonly inside: <T>(task: () => T) => T;
  /** The namespace's own descriptor. */
  readonly fd: number;
}

/**
 * Opens the namespace that a runtime named by its path.
 * @throws CniError 4 where there is no network namespace of that path, 8 where it is the plugin's own
 * (libcni's ErrInvalidNetNS)
 */
export function inNamespace<T>(path: string, work: (entered: Entered) => T): T {
  const home = openSync('/proc/thread-self/ns/net', 'r');
  const fd = openNamespace(path);
  const inside = <A>(task: () => A): A => {
    checked('setns', setns(fd, CLONE.NEWNET));
    try {
      return task();
    } finally {
      checked('setns', setns(home, CLONE.NEWNET));
    }
  };
  try {
    if (isSameFile(fd, home)) throw OWN_NAMESPACE;
    proveNamespace(path, inside);
    return work({ inside, fd });
  } finally {
    closeSync(fd);
    closeSync(home);
  }
}

/** Is there a file at this path? DEL does without a namespace that is gone. */
export const isThere = (path: string): boolean =>
  path !== '' && statSync(path, { throwIfNoEntry: false }) !== undefined;

/** CNI_NETNS names the namespace that the plugin itself stands in. */
export const OWN_NAMESPACE = new CniError(
  8,
  "the container's network namespace is the plugin's own",
  'CNI_NETNS must name another network namespace than the one the plugin runs in',
);

const isSameFile = (a: number, b: number): boolean => {
  const [one, other] = [fstatSync(a), fstatSync(b)];
  return one.ino === other.ino && one.dev === other.dev;
};

function openNamespace(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).errno === -E.ENOENT;
    throw wrongNetns(path, isGone ? 'it does not exist' : String(error));
  }
}

/** A file, a folder or a namespace of another kind cannot be entered: setns(2) says EINVAL. */
function proveNamespace(path: string, inside: (task: () => void) => void): void {
  try {
    inside(() => undefined);
  } catch (error) {
    if (!(error instanceof KernelError) || error.errno !== E.EINVAL) throw error;
    throw wrongNetns(path, 'it is not a network namespace');
  }
}

const wrongNetns = (path: string, why: string): CniError =>
  new CniError(4, 'invalid environment', `CNI_NETNS ${path}: ${why}`);
