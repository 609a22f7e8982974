import { checked, EPOLL, epollCreate, epollCtl, epollWait, SOCK } from './libc';

/** A set of descriptors to wait for, each with a number of ours that comes back with its event. */
export interface Epoll {
  readonly fd: number;
  add(fd: number, events: number, key: number): void;
  /**
   * Hands over what is ready now; never waits. Answers how many events there were. Not to be called
   * from within `take`.
   */
  drain(take: (key: number, events: number) => void): number;
}

// epoll_event is packed on x86-64 alone (sys/epoll.h).
const SIZE = process.arch === 'x64' ? 12 : 16;
const DATA = SIZE - 8;
const MOST = 1024;

/** Opens an epoll set; it lives as long as the process. */
export function openEpoll(): Epoll {
  const fd = checked('epoll_create1', epollCreate(SOCK.CLOEXEC));
  const one = Buffer.alloc(SIZE);
  const events = Buffer.alloc(SIZE * MOST);
  return {
    fd,
    add(target, events, key) {
      one.writeInt32LE(events | 0, 0);
      one.writeUInt32LE(key, DATA);
      checked('epoll_ctl', epollCtl(fd, EPOLL.ADD, target, one));
    },
    drain(take) {
      const count = checked('epoll_wait', epollWait(fd, events, MOST, 0));
      for (let i = 0; i < count; i += 1) {
        take(events.readUInt32LE(SIZE * i + DATA), events.readUInt32LE(SIZE * i));
      }
      return count;
    },
  };
}
