import { writeFileSync } from 'node:fs';
import type { Netns } from '../dataplane/command';
import { forwardingMessage } from './links';
import type { Namespaces } from './namespaces';
import { type Message, transact } from './netlink';

/** Writes a sysctl in a namespace. */
export function setSysctl(
  namespaces: Namespaces,
  setting: { readonly netns: Netns; readonly key: string; readonly value: string },
): void {
  const { netns, key, value } = setting;
  const error = namespaces.enter(netns, () => writeSysctl(key, value));
  if (error === undefined || setOtherwise(namespaces, setting)) return;
  throw new Error(`set-sysctl ${netns} ${key}=${value}: ${error}`);
}

/**
 * What every namespace gets at birth. None of it may fail: a container's read-only /proc/sys costs
 * these comforts and nothing else.
 *
 * - ICMP errors are not rationed, or the second refused UDP probe would look denied (icmp(7)).
 * - Closed connections leave conntrack at once: a mesh of 600 x 600 filled its table otherwise.
 * - No link-local IPv6 address, since each costs multicast chatter on every cable.
 */
export function setBirthSysctls(): void {
  writeSysctl('net/ipv4/icmp_ratemask', '0');
  writeSysctl('net/ipv6/icmp/ratelimit', '0');
  writeSysctl('net/netfilter/nf_conntrack_tcp_timeout_close', '1');
  writeSysctl('net/ipv6/conf/default/addr_gen_mode', '1');
}

/** The path below /proc/sys/net is resolved in the namespace of the thread that opens it. */
function writeSysctl(key: string, value: string): string | undefined {
  if (!/^[\w.*-]+(\/[\w.*@:-]+)+$/.test(key) || key.split('/').includes('..')) {
    return `'${key}' is no sysctl key`;
  }
  try {
    writeFileSync(`/proc/sys/${key}`, value);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Forwarding can also be set link by link over netlink, where /proc/sys is read-only. */
function setOtherwise(
  namespaces: Namespaces,
  { netns, key, value }: { readonly netns: Netns; readonly key: string; readonly value: string },
): boolean {
  if (value !== '1') return false;
  const device = /^net\/ipv4\/conf\/([^/]+)\/forwarding$/.exec(key)?.[1];
  if (key !== 'net/ipv4/ip_forward' && device === undefined) return false;
  const every = device === undefined || device === 'all' || device === 'default';
  const devices = every ? namespaces.devices(netns) : [device];
  const messages: Message[] = devices.map((name) =>
    forwardingMessage(namespaces.index(netns, name)),
  );
  transact(namespaces.rtnetlink(netns), messages);
  return true;
}
