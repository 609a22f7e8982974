import type { Netns } from '../../dataplane/commands/command';
import { openEpoll } from '../kernel/epoll';
import { close, EPOLL, onReadable } from '../kernel/libc';

/** Sockets that others speak to first, all waited for together by this one thread. */
export interface Serving {
  /** Calls `handle` with the descriptor whenever something came; the descriptor is ours from now on. */
  watch(netns: Netns, fd: number, handle: (fd: number) => void): void;
  /** Closes one of them. */
  close(netns: Netns, fd: number): void;
  closeAll(netns: Netns): void;
}

/** Starts waiting; what is watched later is served from then on. */
export function createServing(): Serving {
  const epoll = openEpoll();
  const handlers = new Map<number, (fd: number) => void>();
  const byNetns = new Map<Netns, Set<number>>();
  onReadable(epoll.fd, () => epoll.drain((fd) => handlers.get(fd)?.(fd)));
  const end = (fd: number): void => {
    handlers.delete(fd);
    close(fd);
  };
  return {
    watch(netns, fd, handle) {
      handlers.set(fd, handle);
      byNetns.set(netns, (byNetns.get(netns) ?? new Set()).add(fd));
      epoll.add(fd, EPOLL.IN, fd);
    },
    close(netns, fd) {
      if (byNetns.get(netns)?.delete(fd)) end(fd);
    },
    closeAll(netns) {
      for (const fd of byNetns.get(netns) ?? []) end(fd);
      byNetns.delete(netns);
    },
  };
}
