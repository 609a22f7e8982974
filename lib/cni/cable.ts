import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { cidr, familyOf, hostCidr, type Ip, ip } from '../model/address';
import { ifNameToIndex, KernelError } from '../runtime/libc';
import { removeLinkMessage, stateMessage, vethMessage } from '../runtime/links';
import { closeNetlink, type Message, NETLINK, openNetlink, transact } from '../runtime/netlink';
import { addressMessage, neighbourMessage, routeMessage } from '../runtime/routes';
import { CniError, WIRING } from './cni-error';
import { inNamespace } from './container-netns';
import type { Attachment } from './request';

/** A container's cable: one end named by the runtime, the other on the host. */
export interface Cable {
  readonly hostDevice: string;
  readonly hostMac: string;
  readonly device: string;
  readonly mac: string;
}

/** Names and MACs that follow from the attachment alone, so DEL finds the cable without any state. */
export function cableOf({ containerId, ifname }: Attachment): Cable {
  const hash = createHash('sha256').update(`${containerId} ${ifname}`).digest('hex');
  const mac = (from: number) =>
    `02:${hash
      .slice(from, from + 10)
      .match(/../g)
      ?.join(':')}`;
  return { hostDevice: `lab${hash.slice(0, 11)}`, hostMac: mac(11), device: ifname, mac: mac(21) };
}

/** The pod's next hop, which is nobody's address: the host end of its cable answers for it. */
export const GATEWAYS: Readonly<Record<4 | 6, Ip>> = { 4: ip('169.254.1.1'), 6: ip('fe80::1') };

/**
 * Lays the cable as the VPC CNI does it: the pod has its address alone (/32), a default route to a
 * gateway that is its host end, and permanent neighbours on both sides. Throws `CniError` where
 * the kernel refuses, such as an interface of that name that is there already.
 */
export function layCable(
  cable: Cable,
  pod: { readonly netns: string; readonly addresses: readonly Ip[]; readonly mtu: number },
): void {
  inNamespace(pod.netns, (inside, fd) => {
    try {
      lay(cable, { ...pod, inside, fd });
    } catch (error) {
      cutCable(cable);
      if (!(error instanceof KernelError)) throw error;
      throw new CniError(WIRING, 'cannot connect the container', error.message);
    }
  });
}

/** Removes the cable, both ends; one that is not there is no error. */
export function cutCable({ hostDevice }: Cable): void {
  const index = ifNameToIndex(hostDevice);
  if (index !== 0) send([removeLinkMessage(`remove ${hostDevice}`, index)]);
}

interface Job {
  readonly addresses: readonly Ip[];
  readonly mtu: number;
  readonly inside: <T>(work: () => T) => T;
  readonly fd: number;
}

function lay(cable: Cable, { addresses, mtu, inside, fd }: Job): void {
  const { hostDevice, hostMac, device, mac } = cable;
  const [host, pod] = [
    { netns: 'host', device: hostDevice, mac: hostMac },
    { netns: 'container', device, mac },
  ];
  // Index 0: the kernel chooses, since these namespaces are not ours alone.
  send([vethMessage({ kind: 'add-veth', a: host, b: pod, mtu }, 0, { index: 0, fd })]);
  inside(() => {
    const index = ifNameToIndex(device);
    send([
      stateMessage('set lo up', 1, 'up'),
      stateMessage(`set ${device} up`, index, 'up'),
      ...addresses.flatMap((address) => podMessages(pod, { address, index, hostMac })),
    ]);
  });
  const index = ifNameToIndex(hostDevice);
  send([
    stateMessage(`set ${hostDevice} up`, index, 'up'),
    ...addresses.flatMap((address) => hostMessages(host, { address, index, mac })),
  ]);
  // Rootless podman's own namespace does not forward until somebody says so.
  for (const family of new Set(addresses.map(familyOf))) writeFileSync(FORWARDING[family], '1');
}

const FORWARDING = {
  4: '/proc/sys/net/ipv4/ip_forward',
  6: '/proc/sys/net/ipv6/conf/all/forwarding',
} as const;

interface End {
  readonly netns: string;
  readonly device: string;
}

function podMessages(
  { netns, device }: End,
  {
    address,
    index,
    hostMac,
  }: { readonly address: Ip; readonly index: number; readonly hostMac: string },
): readonly Message[] {
  const four = familyOf(address) === 4;
  const gateway = GATEWAYS[four ? 4 : 6];
  const route = { kind: 'add-route', netns, table: 254 } as const;
  const link = { kind: 'link', device } as const;
  const via = { kind: 'via', device, gateway, onlink: !four } as const;
  return [
    addressMessage({ kind: 'add-address', netns, device, address, prefix: four ? 32 : 128 }, index),
    ...(four ? [routeMessage({ ...route, to: hostCidr(gateway), hop: link }, index)] : []),
    routeMessage({ ...route, to: cidr(four ? '0.0.0.0/0' : '::/0'), hop: via }, index),
    neighbourMessage(
      { kind: 'add-neighbour', netns, device, address: gateway, mac: hostMac },
      index,
    ),
  ];
}

function hostMessages(
  { netns, device }: End,
  { address, index, mac }: { readonly address: Ip; readonly index: number; readonly mac: string },
): readonly Message[] {
  const hop = { kind: 'link', device } as const;
  return [
    routeMessage({ kind: 'add-route', netns, table: 254, to: hostCidr(address), hop }, index),
    neighbourMessage({ kind: 'add-neighbour', netns, device, address, mac }, index),
  ];
}

/** Sends messages in the namespace the thread stands in. */
function send(messages: readonly Message[]): void {
  const socket = openNetlink(NETLINK.ROUTE);
  try {
    transact(socket, messages);
  } finally {
    closeNetlink(socket);
  }
}
