import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Cidr, cidr, familyOf, formatCidr, hostCidr, type Ip, ip } from '../../model/address';
import { ifNameToIndex } from '../kernel/libc';
import { removeLinkMessage, vethMessage } from '../kernel/links';
import {
  closeNetlink,
  type Message,
  NETLINK,
  NLM_F,
  openNetlink,
  transact,
} from '../kernel/netlink';
import { survey } from '../kernel/survey';
import { type DeviceCommand, messageOf } from '../kernel/wiring';
import { type Entered, inNamespace, isThere } from './netns';
import type { Attachment } from './spec/call';
import { CniError, WIRING } from './spec/error';

/** A container's cable: one end named by the runtime, the other on the host. */
export interface Cable {
  readonly hostDevice: string;
  readonly hostMac: string;
  readonly device: string;
  readonly mac: string;
}

/**
 * Names and MACs that follow from the attachment alone, so DEL finds the cable without any state.
 * A MAC that the runtime requests takes the place of the container's own.
 */
export function cableOf({ containerId, ifname }: Attachment, requestedMac?: string): Cable {
  const hash = createHash('sha256').update(`${containerId} ${ifname}`).digest('hex');
  const mac = (from: number) =>
    `02:${hash
      .slice(from, from + 10)
      .match(/../g)
      ?.join(':')}`;
  return {
    hostDevice: `lab${hash.slice(0, 11)}`,
    hostMac: mac(11),
    device: ifname,
    mac: requestedMac ?? mac(21),
  };
}

/** The container's next hop, an address of the host end of every cable. */
export const GATEWAYS: Readonly<Record<4 | 6, Ip>> = { 4: ip('169.254.1.1'), 6: ip('fe80::1') };

/** An address of a container, and the block that its route leads to; absent: no route is added. */
export interface LaidAddress {
  readonly address: Ip;
  readonly reaches: Cidr | undefined;
}

/** What a cable leads to. */
export interface CableEnd {
  readonly addresses: readonly Ip[];
  /** The network's pools: a second interface reaches them alone. */
  readonly pools: readonly Cidr[];
  readonly mtu: number;
}

/** Where the two ends are, in the commands of `wiresOf`. */
export const SIDES = { container: 'container', host: 'host' } as const;

/** A cable as commands, once both ends are there. */
export type CableCommands = readonly DeviceCommand[];

/**
 * The container has its address alone (/32, /128) and a route to a gateway that is its host end. Both
 * ends find each other by ARP and neighbour discovery, so a plugin that changes a MAC address later
 * in the chain (tuning) cuts nothing.
 */
export function wiresOf(cable: Cable, laid: readonly LaidAddress[]): CableCommands {
  const { hostDevice, device } = cable;
  const families = new Set(laid.map(({ address }) => familyOf(address)));
  const up = { kind: 'set-link', state: 'up' } as const;
  return [
    { ...up, netns: SIDES.container, device: 'lo' },
    { ...up, netns: SIDES.container, device },
    ...laid.flatMap((one) => containerWires(device, one)),
    ...[...families].map((family) => gatewayOn(hostDevice, family)),
    { ...up, netns: SIDES.host, device: hostDevice },
    ...laid.map(({ address }) => hostRoute(hostDevice, address)),
  ];
}

/**
 * Lays the cable, and says where its routes lead.
 * @throws CniError 7 where the cable is there already, 102 where the kernel refuses
 */
export function layCable(cable: Cable, netns: string, end: CableEnd): readonly LaidAddress[] {
  if (ifNameToIndex(cable.hostDevice) !== 0) {
    // Its lease may be lost; the container that it leads to may be alive.
    const details = `the host has ${cable.hostDevice}, this interface's cable; call DEL first`;
    throw new CniError(7, 'ADD was called twice', details);
  }
  return inNamespace(netns, (entered) => lay(cable, end, entered));
}

/** Removes the cable, both ends; one that is not there is no error. */
export function cutCable({ hostDevice }: Cable): void {
  const index = ifNameToIndex(hostDevice);
  if (index !== 0) send([removeLinkMessage(`remove ${hostDevice}`, index)]);
}

/**
 * Removes the container's interface where it is still there after its cable was cut: the host end may
 * have another name or place. `isOurs` says whether the interface is this plugin's by its lease;
 * otherwise its MAC address must tell.
 */
export function removeInside(cable: Cable, netns: string, isOurs: boolean): void {
  if (!isThere(netns)) return;
  inNamespace(netns, ({ inside }) =>
    inside(() => {
      const link = survey().links.find(({ device }) => device === cable.device);
      if (link === undefined || !(isOurs || link.mac === cable.mac)) return;
      send([removeLinkMessage(`remove ${cable.device}`, link.index)]);
    }),
  );
}

function lay(cable: Cable, end: CableEnd, { inside, fd }: Entered): readonly LaidAddress[] {
  const a = { netns: SIDES.host, device: cable.hostDevice, mac: cable.hostMac };
  const b = { netns: SIDES.container, device: cable.device, mac: cable.mac };
  const laid = inside(() => reachesOf(end));
  let isMade = false;
  try {
    // Index 0: the kernel chooses, since these namespaces are not ours alone.
    send([vethMessage({ kind: 'add-veth', a, b, mtu: end.mtu }, 0, { index: 0, fd })]);
    isMade = true;
    const wires = wiresOf(cable, laid);
    const carryOut = (netns: string) =>
      send(wires.filter((one) => one.netns === netns).map(wireMessage));
    const families = new Set(end.addresses.map(familyOf));
    if (families.has(6)) {
      inside(() => allowIpv6(cable.device));
      allowIpv6(cable.hostDevice);
    }
    inside(() => carryOut(SIDES.container));
    carryOut(SIDES.host);
    // Rootless podman's own namespace does not forward until it is enabled.
    for (const family of families) setSysctl(FORWARDING[family], '1');
    return laid;
  } catch (error) {
    if (isMade) cutCable(cable);
    if (error instanceof CniError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CniError(WIRING, 'cannot connect the container', why);
  }
}

/**
 * Where each address's route leads, in the namespace the thread stands in: the first interface gets
 * the default route, a further one the route to its own pool, and one more of that pool none.
 */
function reachesOf({ addresses, pools }: CableEnd): readonly LaidAddress[] {
  const routes = new Set(
    survey()
      .routes.filter(({ table }) => table === MAIN)
      .map(({ to }) => to),
  );
  return addresses.map((address) => {
    const family = familyOf(address);
    const pool = pools.find((one) => familyOf(one.address) === family);
    const choices = [cidr(EVERYWHERE[family]), ...(pool === undefined ? [] : [pool])];
    return { address, reaches: choices.find((block) => !routes.has(formatCidr(block))) };
  });
}

const EVERYWHERE = { 4: '0.0.0.0/0', 6: '::/0' } as const;

const FORWARDING = {
  4: '/proc/sys/net/ipv4/ip_forward',
  6: '/proc/sys/net/ipv6/conf/all/forwarding',
} as const;

/** A container without IPv6 (disable_ipv6=1) may still ask for an address of it. */
function allowIpv6(device: string): void {
  const path = `/proc/sys/net/ipv6/conf/${device}/disable_ipv6`;
  if (existsSync(path)) setSysctl(path, '0');
}

/** Writes only where the value differs: /proc/sys is read-only in many containers. */
function setSysctl(path: string, value: string): void {
  if (readFileSync(path, 'utf8').trim() !== value) writeFileSync(path, value);
}

/** The main routing table. */
export const MAIN = 254;

function containerWires(device: string, { address, reaches }: LaidAddress): CableCommands {
  const family = familyOf(address);
  const end = { netns: SIDES.container, device } as const;
  const gateway = GATEWAYS[family];
  const hop = { kind: 'via', device, gateway, onlink: true } as const;
  const route = { kind: 'add-route', netns: SIDES.container, table: MAIN } as const;
  const direct = { kind: 'link', device } as const;
  return [
    { kind: 'add-address', ...end, address, prefix: family === 4 ? 32 : 128 },
    // Plugins behind this one (sbr) lay routes through the gateway; fe80::1 is on every link anyway.
    ...(family === 4 ? [{ ...route, to: hostCidr(gateway), hop: direct }] : []),
    ...(reaches === undefined ? [] : [{ ...route, to: reaches, hop }]),
  ];
}

/** Every interface of a container leads to a gateway of the same address: its route is beside the others'. */
function wireMessage(command: DeviceCommand): Message {
  const message = messageOf(command, ifNameToIndex);
  const isContainers = command.kind === 'add-route' && command.netns === SIDES.container;
  const isBeside = isContainers && command.hop.kind === 'link';
  return isBeside ? { ...message, flags: NLM_F.CREATE | NLM_F.APPEND } : message;
}

/** With scope `host` the host answers for the gateway and never calls a container from it. */
const gatewayOn = (device: string, family: 4 | 6): DeviceCommand => ({
  kind: 'add-address',
  netns: SIDES.host,
  device,
  address: GATEWAYS[family],
  prefix: family === 4 ? 32 : 64,
  ...(family === 4 ? { scope: 'host' } : {}),
});

const hostRoute = (device: string, address: Ip): DeviceCommand => ({
  kind: 'add-route',
  netns: SIDES.host,
  table: MAIN,
  to: { address, prefix: familyOf(address) === 4 ? 32 : 128 },
  hop: { kind: 'link', device },
});

/** Sends messages in the namespace the thread stands in. */
function send(messages: readonly Message[]): void {
  const socket = openNetlink(NETLINK.ROUTE);
  try {
    transact(socket, messages);
  } finally {
    closeNetlink(socket);
  }
}
