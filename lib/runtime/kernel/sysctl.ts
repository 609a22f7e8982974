import { writeFileSync } from 'node:fs';
import type { Netns } from '../../dataplane/commands/command';
import type { Namespaces } from './namespaces';

/**
 * Writes a sysctl in a namespace. `forward`: it could not be written, since /proc/sys is read-only
 * as in many containers, but what it asks for can be set over netlink, device by device.
 */
export function setSysctl(
  namespaces: Namespaces,
  setting: { readonly netns: Netns; readonly key: string; readonly value: string },
): 'written' | 'forward' {
  const { netns, key, value } = setting;
  const error = namespaces.enter(netns, () => writeSysctl(key, value));
  if (error === undefined) return 'written';
  const asksToForward = /^net\/ipv4\/(ip_forward|conf\/(all|default)\/forwarding)$/.test(key);
  if (asksToForward && value === '1') return 'forward';
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
