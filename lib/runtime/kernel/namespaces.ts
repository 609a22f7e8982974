import { closeSync, existsSync, openSync } from 'node:fs';
import type { Netns } from '../../dataplane/commands/command';
import { CLONE, checked, ifNameToIndex, setns, unshare } from './libc';
import { closeNetlink, NETLINK, openNetlink } from './netlink';

/** The network namespaces of the lab: descriptors and nothing else, so they die with this process. */
export interface Namespaces {
  add(netns: Netns): void;
  remove(netns: Netns): void;
  /**
   * From now on the name means a namespace that another process made, also when it is removed and
   * added again, until `abandon`; the descriptor stays the caller's.
   */
  adopt(netns: Netns, fd: number): void;
  abandon(netns: Netns): void;
  isAdopted(netns: Netns): boolean;
  has(netns: Netns): boolean;
  names(): readonly Netns[];
  /** Descriptor of the namespace; throws where there must be one of that name. */
  fd(netns: Netns): number;
  /** Where another process finds it, below this one's folder in /proc. */
  path(netns: Netns): string;
  /** A routing netlink socket that lives in the namespace. */
  rtnetlink(netns: Netns): number;
  /** Does the work inside the namespace. The work must be synchronous: the thread moves back after it. */
  enter<T>(netns: Netns, work: () => T): T;
  /** Reserves the interface number of a device that is about to be made. */
  reserve(netns: Netns, device: string): number;
  /** The number that `reserve` gave a device, if it did. */
  reserved(netns: Netns, device: string): number | undefined;
  /** The number of a device, ours or one that another process made; throws where there is none. */
  index(netns: Netns, device: string): number;
  forget(netns: Netns, device: string): void;
  /** Devices that were reserved and not forgotten. */
  devices(netns: Netns): readonly string[];
}

interface Entry {
  readonly fd: number;
  readonly devices: Map<string, number>;
  rtnetlink: number | undefined;
  nextIndex: number;
}

/**
 * Where `ip netns add` keeps names (ip-netns(8)). What a learner makes there is entered by its name
 * and never held open: held, it would outlive its `ip netns del`.
 */
const NAMED = '/run/netns';

const isNamed = (netns: Netns): boolean =>
  /^[\w-]+$/.test(netns) && existsSync(`${NAMED}/${netns}`);

// The kernel hands out 2, 3, ... to devices whose maker chose no number.
const FIRST_INDEX = 1000;

/** What the parts of `createNamespaces` share. */
interface NamespaceState {
  /** The namespace this process stands in. */
  readonly home: number;
  readonly entries: Map<Netns, Entry>;
  readonly adopted: Map<Netns, number>;
}

/** Starts with no namespace but the one this process stands in, which is `home`. */
export function createNamespaces(): Namespaces {
  const state: NamespaceState = {
    home: openSync('/proc/thread-self/ns/net', 'r'),
    entries: new Map(),
    adopted: new Map(),
  };
  return { ...lifeIn(state), ...waysIn(state), ...devicesIn(state) };
}

type Life = Pick<Namespaces, 'add' | 'remove' | 'adopt' | 'abandon' | 'isAdopted'>;

/** How namespaces come and go. */
const lifeIn = ({ home, entries, adopted }: NamespaceState): Life => ({
  add(netns) {
    if (entries.has(netns)) throw new Error(`namespace '${netns}' exists already`);
    const foreign = adopted.get(netns);
    const fd =
      foreign === undefined ? newNamespace(home) : openSync(`/proc/self/fd/${foreign}`, 'r');
    const devices = new Map([['lo', 1]]);
    entries.set(netns, { fd, devices, rtnetlink: undefined, nextIndex: FIRST_INDEX });
  },
  remove(netns) {
    const gone = entries.get(netns);
    if (gone === undefined) return;
    if (gone.rtnetlink !== undefined) closeNetlink(gone.rtnetlink);
    closeSync(gone.fd);
    entries.delete(netns);
  },
  adopt(netns, fd) {
    if (entries.has(netns)) throw new Error(`namespace '${netns}' exists already`);
    adopted.set(netns, openSync(`/proc/self/fd/${fd}`, 'r'));
  },
  abandon(netns) {
    const fd = adopted.get(netns);
    if (fd === undefined) return;
    closeSync(fd);
    adopted.delete(netns);
  },
  isAdopted: (netns) => adopted.has(netns),
});

type Ways = Pick<Namespaces, 'has' | 'names' | 'fd' | 'path' | 'rtnetlink' | 'enter'>;

/** How namespaces are found and entered. */
const waysIn = (state: NamespaceState): Ways => {
  const { entries } = state;
  return {
    has: (netns) => entries.has(netns) || isNamed(netns),
    names: () => [...entries.keys()],
    fd: (netns) => entryOf(state, netns).fd,
    path: (netns) =>
      entries.has(netns) || !isNamed(netns)
        ? `fd/${entryOf(state, netns).fd}`
        : `root${NAMED}/${netns}`,
    rtnetlink(netns) {
      const found = entryOf(state, netns);
      found.rtnetlink ??= within(state, found.fd, () => openNetlink(NETLINK.ROUTE));
      return found.rtnetlink;
    },
    enter: (netns, work) => enter(state, netns, work),
  };
};

type Devices = Pick<Namespaces, 'reserve' | 'reserved' | 'index' | 'forget' | 'devices'>;

/** Devices by the numbers that were chosen for them. */
const devicesIn = (state: NamespaceState): Devices => {
  const { entries } = state;
  return {
    reserve(netns, device) {
      const found = entryOf(state, netns);
      if (found.devices.has(device)) throw new Error(`'${netns}' has a device '${device}' already`);
      const index = found.nextIndex;
      found.nextIndex += 1;
      found.devices.set(device, index);
      return index;
    },
    reserved: (netns, device) => entries.get(netns)?.devices.get(device),
    index(netns, device) {
      const reserved = entries.get(netns)?.devices.get(device);
      const index = reserved ?? enter(state, netns, () => ifNameToIndex(device));
      if (index === 0) throw new Error(`'${netns}' has no device '${device}'`);
      return index;
    },
    forget: (netns, device) => entries.get(netns)?.devices.delete(device),
    devices: (netns) => [...(entries.get(netns)?.devices.keys() ?? [])],
  };
};

function entryOf({ entries }: NamespaceState, netns: Netns): Entry {
  const found = entries.get(netns);
  if (found === undefined) throw new Error(`namespace '${netns}' does not exist`);
  return found;
}

function within<T>({ home }: NamespaceState, fd: number, work: () => T): T {
  checked('setns', setns(fd, CLONE.NEWNET));
  try {
    return work();
  } finally {
    checked('setns', setns(home, CLONE.NEWNET));
  }
}

function enter<T>(state: NamespaceState, netns: Netns, work: () => T): T {
  if (state.entries.has(netns) || !isNamed(netns)) {
    return within(state, entryOf(state, netns).fd, work);
  }
  const fd = openSync(`${NAMED}/${netns}`, 'r');
  try {
    return within(state, fd, work);
  } finally {
    closeSync(fd);
  }
}

/** Makes a namespace and comes back home. */
function newNamespace(home: number): number {
  checked('unshare(net)', unshare(CLONE.NEWNET));
  const fd = openSync('/proc/thread-self/ns/net', 'r');
  checked('setns', setns(home, CLONE.NEWNET));
  return fd;
}
