import { closeSync, openSync } from 'node:fs';
import { CniError } from '../cni/cni-error';
import { CLONE, checked, E, setns } from './libc';

/**
 * Opens the namespace that a runtime named by its path. `inside` does a task in it and comes back;
 * `fd` is the namespace itself. Throws `CniError` where there is none.
 */
export function inNamespace(
  path: string,
  work: (inside: <T>(task: () => T) => T, fd: number) => void,
): void {
  const home = openSync('/proc/thread-self/ns/net', 'r');
  const fd = openNamespace(path);
  try {
    work((task) => {
      checked('setns', setns(fd, CLONE.NEWNET));
      try {
        return task();
      } finally {
        checked('setns', setns(home, CLONE.NEWNET));
      }
    }, fd);
  } finally {
    closeSync(fd);
    closeSync(home);
  }
}

function openNamespace(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const code =
      (error as NodeJS.ErrnoException).errno === -E.ENOENT ? 'it is gone' : String(error);
    throw new CniError(4, 'wrong environment', `CNI_NETNS ${path}: ${code}`);
  }
}
