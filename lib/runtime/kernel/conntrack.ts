import { closeNetlink, type Message, NETLINK, openNetlink, transact } from './netlink';

/** Forgets every connection of the namespace the thread stands in (IPCTNL_MSG_CT_DELETE, no tuple). */
export function flushConntrack(): void {
  const fd = openNetlink(NETLINK.NETFILTER);
  try {
    transact(fd, [FLUSH]);
  } finally {
    closeNetlink(fd);
  }
}

const SUBSYSTEM_CTNETLINK = 1;
const CT_DELETE = 2;

const FLUSH: Message = {
  type: (SUBSYSTEM_CTNETLINK << 8) | CT_DELETE,
  flags: 0,
  label: 'flush-conntrack',
  write: (w) => {
    w.u8(0, 0);
    w.u16(0);
  },
};
