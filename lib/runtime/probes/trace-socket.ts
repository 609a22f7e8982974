import { AF, bind, checked, close, E, errno, KernelError, recv, setOption } from '../kernel/libc';
import { NETLINK, openNetlink } from '../kernel/netlink';
import { decodeTrace, type TraceEvent } from './trace-event';

/** Receives the packet trace of the namespace in which it was opened. */
export interface TraceSocket {
  /** What came since the last time; `lost` where the kernel had to throw events away. */
  drain(): { readonly events: readonly TraceEvent[]; readonly lost: boolean };
  close(): void;
}

/** Opens a trace socket in the namespace the thread stands in. */
export function openTraceSocket(): TraceSocket {
  const fd = openNetlink(NETLINK.NETFILTER);
  // Without privilege on the host this is bounded by net.core.rmem_max.
  setOption(fd, SOL_SOCKET, SO_RCVBUF, 8 << 20);
  const address = Buffer.alloc(12);
  address.writeUInt16LE(AF.NETLINK, 0);
  address.writeUInt32LE(1 << (NFNLGRP_NFTRACE - 1), 8);
  checked('bind(trace)', bind(fd, address, address.length));
  return {
    drain() {
      const events: TraceEvent[] = [];
      for (let lost = false; ; ) {
        const size = recv(fd, input, input.length, MSG_DONTWAIT);
        if (size >= 0) events.push(...decodeTrace(input.subarray(0, size)));
        else if (errno() === E.ENOBUFS) lost = true;
        else if (errno() === E.EAGAIN) return { events, lost };
        else throw new KernelError('recv(trace)', errno());
      }
    },
    close: () => {
      close(fd);
    },
  };
}

const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const NFNLGRP_NFTRACE = 9;
const MSG_DONTWAIT = 0x40;
const input = Buffer.allocUnsafeSlow(65536);
