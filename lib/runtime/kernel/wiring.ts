import type { Command, LinkEnd, Netns } from '../../dataplane/commands/command';
import type { LinkQueue } from './link-queue';
import type { Woken } from './link-settle';
import {
  bridgeMessage,
  forwardingMessage,
  masterMessage,
  removeLinkMessage,
  stateMessage,
  vethMessage,
  vxlanMessage,
} from './links';
import type { Namespaces } from './namespaces';
import type { Message } from './netlink';
import { addressMessage, fdbMessage, neighbourMessage, routeMessage, ruleMessages } from './routes';

/** Commands that are nothing but netlink messages. */
export type LinkCommand = Extract<
  Command,
  {
    readonly kind:
      | 'add-veth'
      | 'add-bridge'
      | 'add-vxlan'
      | 'add-fdb'
      | 'set-master'
      | 'set-link'
      | 'remove-link'
      | 'add-address'
      | 'add-route'
      | 'remove-route'
      | 'add-rule'
      | 'remove-rule'
      | 'add-neighbour';
  }
>;

/** Makes and removes cables, devices, addresses and routes. */
export interface Wiring {
  carryOut(command: LinkCommand): void;
  /** Lets every device of a namespace forward, those to come included, without /proc/sys. */
  forward(netns: Netns): void;
  /** Devices that were set up since the last time this was asked. */
  woken(): Woken;
  /** Deletes every device of a namespace now; left to itself the kernel does it some time later. */
  clear(netns: Netns): void;
}

/** Cables are remembered by both ends, since deleting one end deletes the other. */
export function createWiring(namespaces: Namespaces, queue: LinkQueue): Wiring {
  const wires: Wires = {
    namespaces,
    queue,
    peers: new Map(),
    forwarding: new Set(),
    woken: new Map(),
  };
  return {
    woken() {
      const woken = new Map(wires.woken);
      wires.woken.clear();
      return woken;
    },
    carryOut: (command) => carryOut(wires, command),
    forward(netns) {
      wires.forwarding.add(netns);
      for (const device of namespaces.devices(netns)) made(wires, netns, device);
    },
    clear(netns) {
      wires.forwarding.delete(netns);
      for (const device of namespaces.devices(netns)) {
        if (device !== 'lo') remove(wires, netns, device);
      }
      queue.flush(netns);
    },
  };
}

interface Wires {
  readonly namespaces: Namespaces;
  readonly queue: LinkQueue;
  /** Where the other end of a cable is, by `keyOf`. */
  readonly peers: Map<string, Pick<LinkEnd, 'netns' | 'device'>>;
  readonly forwarding: Set<Netns>;
  readonly woken: Map<Netns, Set<string>>;
}

const keyOf = (netns: Netns, device: string) => `${netns} ${device}`;

function carryOut(wires: Wires, command: LinkCommand): void {
  const { namespaces, queue } = wires;
  switch (command.kind) {
    case 'add-veth':
      addVeth(wires, command);
      return;
    case 'add-bridge':
    case 'add-vxlan':
      addDevice(wires, command);
      return;
    case 'remove-link':
      remove(wires, command.netns, command.device);
      return;
    case 'add-rule':
    case 'remove-rule':
      for (const message of ruleMessages(command)) queue.push(command.netns, message);
      return;
    default: {
      const { netns } = command;
      if (command.kind === 'set-link' && command.state === 'up') {
        const devices = wires.woken.get(netns) ?? new Set();
        wires.woken.set(netns, devices.add(command.device));
      }
      const known = (device: string): number => {
        const ours = namespaces.reserved(netns, device);
        if (ours === undefined) queue.flush(netns);
        return ours ?? namespaces.index(netns, device);
      };
      queue.push(netns, messageOf(command, known));
      return;
    }
  }
}

/** Commands that are one message about a device that is there. */
export type DeviceCommand = Exclude<
  LinkCommand,
  {
    readonly kind:
      | 'add-veth'
      | 'add-bridge'
      | 'add-vxlan'
      | 'remove-link'
      | 'add-rule'
      | 'remove-rule';
  }
>;

/** The netlink message that carries a command out, where devices have these numbers. */
export function messageOf(command: DeviceCommand, indexOf: (device: string) => number): Message {
  switch (command.kind) {
    case 'add-fdb':
      return fdbMessage(command, indexOf(command.device));
    case 'set-master':
      return masterMessage(
        `set-master ${command.netns} ${command.device}`,
        indexOf(command.device),
        indexOf(command.bridge),
      );
    case 'set-link':
      return stateMessage(
        `set-link ${command.netns} ${command.device}`,
        indexOf(command.device),
        command.state,
      );
    case 'add-address':
      return addressMessage(command, indexOf(command.device));
    case 'add-route':
    case 'remove-route':
      return routeMessage(
        command,
        'device' in command.hop ? indexOf(command.hop.device) : undefined,
      );
    case 'add-neighbour':
      return neighbourMessage(command, indexOf(command.device));
  }
}

function addVeth(wires: Wires, command: Extract<Command, { readonly kind: 'add-veth' }>): void {
  const { namespaces, queue, peers } = wires;
  const { a, b } = command;
  const index = namespaces.reserve(a.netns, a.device);
  const peer = { index: namespaces.reserve(b.netns, b.device), fd: namespaces.fd(b.netns) };
  peers.set(keyOf(a.netns, a.device), b);
  peers.set(keyOf(b.netns, b.device), a);
  // What the other end still has queued may be the removal of a device with this very name.
  queue.flush(b.netns);
  queue.push(a.netns, vethMessage(command, index, peer), b.netns);
  for (const end of [a, b]) made(wires, end.netns, end.device);
}

function addDevice(
  wires: Wires,
  command: Extract<Command, { readonly kind: 'add-bridge' | 'add-vxlan' }>,
): void {
  const { netns, device } = command;
  const index = wires.namespaces.reserve(netns, device);
  const message =
    command.kind === 'add-bridge' ? bridgeMessage(command, index) : vxlanMessage(command, index);
  wires.queue.push(netns, message);
  made(wires, netns, device);
}

/** A device of a namespace that forwards must be told so, once it is there. */
function made({ namespaces, queue, forwarding }: Wires, netns: Netns, device: string): void {
  if (!forwarding.has(netns)) return;
  queue.push(netns, forwardingMessage(namespaces.index(netns, device)));
}

function remove({ namespaces, queue, peers }: Wires, netns: Netns, device: string): void {
  const index = namespaces.reserved(netns, device);
  if (index === undefined) return;
  const peer = peers.get(keyOf(netns, device));
  // What was said about the other end goes first: it is gone with this one.
  if (peer !== undefined) queue.flush(peer.netns);
  queue.push(netns, removeLinkMessage(`remove-link ${netns} ${device}`, index));
  namespaces.forget(netns, device);
  if (peer === undefined) return;
  namespaces.forget(peer.netns, peer.device);
  peers.delete(keyOf(netns, device));
  peers.delete(keyOf(peer.netns, peer.device));
  // Nothing may speak of the other end before this end is gone.
  queue.flush(netns);
}
