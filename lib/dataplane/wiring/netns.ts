import type { IpFamily } from '../../model/address';
import type { Command, Netns, Plan } from '../commands/command';

/** A namespace that forwards for others, or a host that only sends its own. */
export type Role = 'router' | 'host';

/** A namespace with its settings; devices made later in it inherit what is said of `default`. */
export function addNetns(netns: Netns, role: Role, families: readonly IpFamily[]): Plan {
  const settings = families.flatMap((family) => Object.entries(SETTINGS[role][family]));
  return [
    { kind: 'add-netns', netns },
    { kind: 'set-link', netns, device: 'lo', state: 'up' },
    ...settings.map(([key, value]): Command => ({ kind: 'set-sysctl', netns, key, value })),
  ];
}

// An ICMP error is an answer here: the kernel must not save on them (ip-sysctl: icmp_ratemask).
const ERRORS = { 4: { 'net/ipv4/icmp_ratemask': '0' }, 6: { 'net/ipv6/icmp/ratelimit': '0' } };

// The lab assigns all addresses: duplicate address detection is not needed.
const NO_DAD = { 'net/ipv6/conf/all/accept_dad': '0', 'net/ipv6/conf/default/accept_dad': '0' };

const SETTINGS: Record<Role, Record<IpFamily, Readonly<Record<string, string>>>> = {
  host: { 4: ERRORS[4], 6: { ...ERRORS[6], ...NO_DAD } },
  router: {
    4: {
      ...ERRORS[4],
      // A filter on reverse paths would judge before any policy is asked.
      'net/ipv4/conf/all/rp_filter': '0',
      'net/ipv4/conf/default/rp_filter': '0',
      // A packet may leave by the device that it came from; no redirect is sent for it.
      'net/ipv4/conf/all/send_redirects': '0',
      'net/ipv4/conf/default/send_redirects': '0',
      'net/ipv4/ip_forward': '1',
    },
    6: { ...ERRORS[6], ...NO_DAD, 'net/ipv6/conf/all/forwarding': '1' },
  },
};
