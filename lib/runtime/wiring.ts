import type { Command, LinkEnd, Netns } from '../dataplane/command';
import type { LinkQueue } from './link-queue';
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
  /** Deletes every device of a namespace now; left to itself the kernel does it some time later. */
  clear(netns: Netns): void;
}

/** Cables are remembered by both ends, since deleting one end deletes the other. */
export function createWiring(namespaces: Namespaces, queue: LinkQueue): Wiring {
  const peers = new Map<string, Pick<LinkEnd, 'netns' | 'device'>>();
  const forwarding = new Set<Netns>();
  const keyOf = (netns: Netns, device: string) => `${netns} ${device}`;

  const addVeth = (command: Extract<Command, { readonly kind: 'add-veth' }>): void => {
    const { a, b } = command;
    const index = namespaces.reserve(a.netns, a.device);
    const peer = { index: namespaces.reserve(b.netns, b.device), fd: namespaces.fd(b.netns) };
    peers.set(keyOf(a.netns, a.device), b);
    peers.set(keyOf(b.netns, b.device), a);
    // What the other end still has queued may be the removal of a device with this very name.
    queue.flush(b.netns);
    queue.push(a.netns, vethMessage(command, index, peer), b.netns);
    for (const end of [a, b]) made(end.netns, end.device);
  };
  /** A device of a namespace that forwards must be told so, once it is there. */
  const made = (netns: Netns, device: string): void => {
    if (!forwarding.has(netns)) return;
    queue.push(netns, forwardingMessage(namespaces.index(netns, device)));
  };
  const remove = (netns: Netns, device: string): void => {
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
  };

  return {
    carryOut(command) {
      if (command.kind === 'add-veth') return addVeth(command);
      const { netns } = command;
      const known = (device: string): number => {
        const ours = namespaces.reserved(netns, device);
        if (ours === undefined) queue.flush(netns);
        return ours ?? namespaces.index(netns, device);
      };
      const label = `${command.kind} ${netns}`;
      switch (command.kind) {
        case 'add-bridge':
          queue.push(netns, bridgeMessage(command, namespaces.reserve(netns, command.device)));
          return made(netns, command.device);
        case 'add-vxlan':
          queue.push(netns, vxlanMessage(command, namespaces.reserve(netns, command.device)));
          return made(netns, command.device);
        case 'add-fdb':
          return queue.push(netns, fdbMessage(command, known(command.device)));
        case 'set-master':
          return queue.push(
            netns,
            masterMessage(
              `${label} ${command.device}`,
              known(command.device),
              known(command.bridge),
            ),
          );
        case 'set-link':
          return queue.push(
            netns,
            stateMessage(`${label} ${command.device}`, known(command.device), command.state),
          );
        case 'remove-link':
          return remove(netns, command.device);
        case 'add-address':
          return queue.push(netns, addressMessage(command, known(command.device)));
        case 'add-route':
        case 'remove-route':
          return queue.push(
            netns,
            routeMessage(command, 'device' in command.hop ? known(command.hop.device) : undefined),
          );
        case 'add-rule':
        case 'remove-rule':
          for (const message of ruleMessages(command)) queue.push(netns, message);
          return;
        case 'add-neighbour':
          return queue.push(netns, neighbourMessage(command, known(command.device)));
      }
    },
    forward(netns) {
      forwarding.add(netns);
      for (const device of namespaces.devices(netns)) made(netns, device);
    },
    clear(netns) {
      forwarding.delete(netns);
      for (const device of namespaces.devices(netns)) {
        if (device !== 'lo') remove(netns, device);
      }
      queue.flush(netns);
    },
  };
}
