import type { Command, LinkEnd, Netns } from '../dataplane/command';
import type { LinkQueue } from './link-queue';
import {
  bridgeMessage,
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
  /** Deletes every device of a namespace now; left to itself the kernel does it some time later. */
  clear(netns: Netns): void;
}

/** Cables are remembered by both ends, since deleting one end deletes the other. */
export function createWiring(namespaces: Namespaces, queue: LinkQueue): Wiring {
  const peers = new Map<string, Pick<LinkEnd, 'netns' | 'device'>>();
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
  };
  const remove = (netns: Netns, device: string): void => {
    if (!namespaces.has(netns) || !namespaces.devices(netns).includes(device)) return;
    const index = namespaces.index(netns, device);
    queue.push(netns, removeLinkMessage(`remove-link ${netns} ${device}`, index));
    const peer = peers.get(keyOf(netns, device));
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
      const indexOf = (device: string): number => {
        queue.flush(netns);
        return namespaces.index(netns, device);
      };
      const known = (device: string): number =>
        namespaces.devices(netns).includes(device)
          ? namespaces.index(netns, device)
          : indexOf(device);
      const label = `${command.kind} ${netns}`;
      switch (command.kind) {
        case 'add-bridge':
          return queue.push(
            netns,
            bridgeMessage(command, namespaces.reserve(netns, command.device)),
          );
        case 'add-vxlan':
          return queue.push(
            netns,
            vxlanMessage(command, namespaces.reserve(netns, command.device)),
          );
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
    clear(netns) {
      for (const device of namespaces.devices(netns)) {
        if (device !== 'lo') remove(netns, device);
      }
      queue.flush(netns);
    },
  };
}
