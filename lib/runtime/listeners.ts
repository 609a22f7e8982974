import type { Listener, Netns } from '../dataplane/command';
import { accept4, close, E, KernelError, MSG_NOSIGNAL, SOCK, send } from './libc';
import { openListening } from './listening-socket';
import type { Namespaces } from './namespaces';
import type { Serving } from './serving';
import { answerDatagrams } from './udp-answer';

/** Opens listeners in a namespace: one descriptor each, no process. */
export type OpenListeners = (netns: Netns, listeners: readonly Listener[]) => void;

/** Listeners that greet (TCP, SCTP) or echo (UDP). Where the kernel lacks SCTP nobody can ask for it. */
export function createListeners(namespaces: Namespaces, serving: Serving): OpenListeners {
  const echo = answerDatagrams((message) => message);
  return (netns, listeners) => {
    for (const { protocol, port, banner } of listeners) {
      try {
        const fd = openListening({ netns, protocol, port }, namespaces);
        serving.watch(netns, fd, protocol === 'UDP' ? echo : greeter(`${banner}\n`));
      } catch (error) {
        if (!(protocol === 'SCTP' && isLacking(error))) throw error;
      }
    }
  };
}

const isLacking = (error: unknown): boolean =>
  error instanceof KernelError && error.errno === E.EPROTONOSUPPORT;

/** Accepts whoever waits, says the banner, hangs up. */
function greeter(banner: string): (fd: number) => void {
  const bytes = Buffer.from(banner);
  return (fd) => {
    for (;;) {
      const peer = accept4(fd, null, null, SOCK.NONBLOCK | SOCK.CLOEXEC);
      if (peer < 0) return;
      send(peer, bytes, bytes.length, MSG_NOSIGNAL);
      close(peer);
    }
  };
}
