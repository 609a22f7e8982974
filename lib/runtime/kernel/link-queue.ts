import type { Netns } from '../../dataplane/commands/command';
import type { Namespaces } from './namespaces';
import { type Message, transact } from './netlink';

/**
 * Gathers netlink messages per namespace, so a thousand pods cost a few thousand system calls and
 * not fifty thousand. Order within a namespace is kept; between namespaces only cables matter, and
 * before other messages to a namespace, the cables that end there are sent.
 */
export interface LinkQueue {
  /** Queues a message; `creates` names another namespace in which it makes a device. */
  push(netns: Netns, message: Message, creates?: Netns): void;
  flush(netns: Netns): void;
  flushAll(): void;
  /** Forgets what is queued: the plan it belongs to has failed. */
  discard(): void;
}

// Bounds memory, and how long the event loop is kept waiting.
const MOST = 512;

/** An empty queue over the namespaces' own netlink sockets. */
export function createLinkQueue(namespaces: Namespaces): LinkQueue {
  const pending = new Map<Netns, Message[]>();
  const makers = new Map<Netns, Set<Netns>>();

  const flush = (netns: Netns): void => {
    const messages = pending.get(netns);
    if (messages === undefined) return;
    pending.delete(netns);
    transact(namespaces.rtnetlink(netns), messages);
  };
  const settle = (netns: Netns): void => {
    const waiting = makers.get(netns);
    if (waiting === undefined) return;
    makers.delete(netns);
    for (const maker of waiting) if (maker !== netns) flush(maker);
  };

  return {
    push(netns, message, creates) {
      settle(netns);
      const messages = pending.get(netns) ?? [];
      messages.push(message);
      pending.set(netns, messages);
      if (creates !== undefined && creates !== netns) {
        makers.set(creates, (makers.get(creates) ?? new Set()).add(netns));
      }
      if (messages.length >= MOST) flush(netns);
    },
    flush(netns) {
      settle(netns);
      flush(netns);
    },
    flushAll() {
      makers.clear();
      for (const netns of [...pending.keys()]) flush(netns);
    },
    discard() {
      makers.clear();
      pending.clear();
    },
  };
}
