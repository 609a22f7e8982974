import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Attachment } from '../cni/call';
import { CniError, WIRING } from '../cni/cni-error';
import { cidr, familyOf, hostCidr, type Ip, ip } from '../model/address';
import { inNamespace } from './cni-netns';
import { ifNameToIndex, KernelError } from './libc';
import { removeLinkMessage, vethMessage } from './links';
import { closeNetlink, type Message, NETLINK, openNetlink, transact } from './netlink';
import { type DeviceCommand, messageOf } from './wiring';

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

/** What a cable leads to. */
export interface Pod {
  readonly addresses: readonly Ip[];
  readonly mtu: number;
}

/** Where the two ends are, in the commands of `wiresOf`. */
export const SIDES = { container: 'container', host: 'host' } as const;

/** A cable as commands, once both ends are there. */
export type Wires = readonly DeviceCommand[];

/**
 * What the VPC CNI lays: the pod has its address alone (/32), a default route to a gateway that is
 * its host end, and permanent neighbours on both sides.
 */
export function wiresOf(cable: Cable, addresses: readonly Ip[]): Wires {
  const { hostDevice, device } = cable;
  const up = { kind: 'set-link', state: 'up' } as const;
  return [
    { ...up, netns: SIDES.container, device: 'lo' },
    { ...up, netns: SIDES.container, device },
    ...addresses.flatMap((address) => podWires(cable, address)),
    { ...up, netns: SIDES.host, device: hostDevice },
    ...addresses.flatMap((address) => hostWires(cable, address)),
  ];
}

/**
 * Lays the cable. Throws `CniError` where the kernel refuses, such as an interface of that name
 * that is there already.
 */
export function layCable(cable: Cable, netns: string, pod: Pod): void {
  inNamespace(netns, (inside, fd) => {
    try {
      lay(cable, pod, { inside, fd });
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

interface Way {
  readonly inside: <T>(work: () => T) => T;
  readonly fd: number;
}

function lay(cable: Cable, { addresses, mtu }: Pod, { inside, fd }: Way): void {
  const a = { netns: SIDES.host, device: cable.hostDevice, mac: cable.hostMac };
  const b = { netns: SIDES.container, device: cable.device, mac: cable.mac };
  // Index 0: the kernel chooses, since these namespaces are not ours alone.
  send([vethMessage({ kind: 'add-veth', a, b, mtu }, 0, { index: 0, fd })]);
  const wires = wiresOf(cable, addresses);
  const carryOut = (netns: string) =>
    send(wires.filter((one) => one.netns === netns).map((one) => messageOf(one, ifNameToIndex)));
  inside(() => carryOut(SIDES.container));
  carryOut(SIDES.host);
  // Rootless podman's own namespace does not forward until somebody says so.
  for (const family of new Set(addresses.map(familyOf))) writeFileSync(FORWARDING[family], '1');
}

const FORWARDING = {
  4: '/proc/sys/net/ipv4/ip_forward',
  6: '/proc/sys/net/ipv6/conf/all/forwarding',
} as const;

const MAIN = 254;

function podWires({ device, hostMac }: Cable, address: Ip): Wires {
  const four = familyOf(address) === 4;
  const gateway = GATEWAYS[four ? 4 : 6];
  const end = { netns: SIDES.container, device } as const;
  const route = { kind: 'add-route', netns: SIDES.container, table: MAIN } as const;
  const direct = { ...route, to: hostCidr(gateway), hop: { kind: 'link', device } } as const;
  const via = { kind: 'via', device, gateway, onlink: !four } as const;
  return [
    { kind: 'add-address', ...end, address, prefix: four ? 32 : 128 },
    ...(four ? [direct] : []),
    { ...route, to: cidr(four ? '0.0.0.0/0' : '::/0'), hop: via },
    { kind: 'add-neighbour', ...end, address: gateway, mac: hostMac },
  ];
}

function hostWires({ hostDevice: device, mac }: Cable, address: Ip): Wires {
  const hop = { kind: 'link', device } as const;
  return [
    { kind: 'add-route', netns: SIDES.host, table: MAIN, to: hostCidr(address), hop },
    { kind: 'add-neighbour', netns: SIDES.host, device, address, mac },
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
