import type { Netns } from '../dataplane/command';
import { openEpoll } from './epoll';
import { close, EPOLL, onReadable } from './libc';

/** Sockets that others speak to first, all waited for together by this one thread. */
export interface Serving {
  /** Calls `handle` with the descriptor whenever something came; the descriptor is ours from now on. */
  watch(netns: Netns, fd: number, handle: (fd: number) => void): void;
  closeAll(netns: Netns): void;
}

/** Starts waiting; what is watched later is served from then on. */
export function createServing(): Serving {
  const epoll = openEpoll();
  const handlers = new Map<number, (fd: number) => void>();
  const byNetns = new Map<Netns, number[]>();
  onReadable(epoll.fd, () => epoll.drain((fd) => handlers.get(fd)?.(fd)));
  return {
    watch(netns, fd, handle) {
      handlers.set(fd, handle);
      byNetns.set(netns, [...(byNetns.get(netns) ?? []), fd]);
      epoll.add(fd, EPOLL.IN, fd);
    },
    closeAll(netns) {
      for (const fd of byNetns.get(netns) ?? []) {
        handlers.delete(fd);
        close(fd);
      }
      byNetns.delete(netns);
    },
  };
}
