import { KernelError } from '../kernel/libc';
import { deviceMessage, removeLinkMessage } from '../kernel/links';
import type { Namespaces } from '../kernel/namespaces';
import { transact } from '../kernel/netlink';

/** Makes a device of a kind and removes it again; answers why that failed, or null. */
export function tryDevice(namespaces: Namespaces, kind: string): string | null {
  const netns = `trial/${kind}`;
  namespaces.add(netns);
  try {
    const index = namespaces.reserve(netns, 'trial0');
    transact(namespaces.rtnetlink(netns), [deviceMessage(kind, 'trial0', index)]);
    transact(namespaces.rtnetlink(netns), [removeLinkMessage('remove trial0', index)]);
    return null;
  } catch (error) {
    if (error instanceof KernelError) return error.message;
    throw error;
  } finally {
    namespaces.remove(netns);
  }
}
