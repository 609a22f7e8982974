import type { Command } from '../../dataplane/commands/command';
import { AF, E } from './libc';
import { cstring, type Message, type MessageWriter, NLM_F } from './netlink';
import { addressBytes, macBytes } from './sockaddr';

/** Interface numbers are chosen here and never queried back. */
export interface LinkTarget {
  readonly index: number;
}

type Of<K extends Command['kind']> = Extract<Command, { readonly kind: K }>;

/** RTM_NEWLINK for a cable whose other end is born in the namespace `peer.fd`. */
export function vethMessage(
  { a, b, mtu }: Of<'add-veth'>,
  index: number,
  peer: { readonly index: number; readonly fd: number },
): Message {
  return create(`add-veth ${a.netns} ${a.device}`, (w) => {
    linkHeader(w, { index });
    identity(w, { ...a, mtu });
    w.attribute(IFLA.LINKINFO, () => {
      w.attribute(INFO.KIND, cstring('veth'));
      w.attribute(INFO.DATA, () => {
        w.attribute(VETH_INFO_PEER, () => {
          linkHeader(w, { index: peer.index });
          identity(w, { ...b, mtu });
          w.attribute(IFLA.NET_NS_FD, peer.fd);
        });
      });
    });
  });
}

/** RTM_NEWLINK for a bridge. */
export function bridgeMessage(command: Of<'add-bridge'>, index: number): Message {
  return create(`add-bridge ${command.netns} ${command.device}`, (w) => {
    linkHeader(w, { index });
    identity(w, command);
    w.attribute(IFLA.LINKINFO, () => w.attribute(INFO.KIND, cstring('bridge')));
  });
}

/** RTM_NEWLINK for a VXLAN device that learns nothing: its forwarding table is ours (`add-fdb`). */
export function vxlanMessage(command: Of<'add-vxlan'>, index: number): Message {
  const { vni, local, port } = command;
  const bigEndianPort = Buffer.alloc(2);
  bigEndianPort.writeUInt16BE(port);
  const localBytes = addressBytes(local);
  return create(`add-vxlan ${command.netns} ${command.device}`, (w) => {
    linkHeader(w, { index });
    identity(w, command);
    w.attribute(IFLA.LINKINFO, () => {
      w.attribute(INFO.KIND, cstring('vxlan'));
      w.attribute(INFO.DATA, () => {
        w.attribute(VXLAN.ID, vni);
        w.attribute(localBytes.length === 4 ? VXLAN.LOCAL : VXLAN.LOCAL6, localBytes);
        w.attribute(VXLAN.LEARNING, Uint8Array.of(0));
        w.attribute(VXLAN.PORT, bigEndianPort);
      });
    });
  });
}

/** RTM_NEWLINK for a device of any kind, with that kind's defaults. */
export const deviceMessage = (kind: string, device: string, index: number): Message =>
  create(`add-${kind} ${device}`, (w) => {
    linkHeader(w, { index });
    w.attribute(IFLA.IFNAME, cstring(device));
    w.attribute(IFLA.LINKINFO, () => w.attribute(INFO.KIND, cstring(kind)));
  });

/** Puts a device under a bridge. */
export const masterMessage = (label: string, index: number, bridge: number): Message => ({
  type: RTM_NEWLINK,
  flags: 0,
  label,
  write: (w) => {
    linkHeader(w, { index });
    w.attribute(IFLA.MASTER, bridge);
  },
});

/** Sets a device up or down. */
export const stateMessage = (label: string, index: number, state: 'up' | 'down'): Message => ({
  type: RTM_NEWLINK,
  flags: 0,
  label,
  write: (w) => linkHeader(w, { index, flags: state === 'up' ? IFF_UP : 0, change: IFF_UP }),
});

/** Lets a device forward IPv4, without /proc/sys (it is read-only in many containers). */
export const forwardingMessage = (index: number): Message => ({
  type: RTM_SETLINK,
  flags: 0,
  label: 'set forwarding',
  write: (w) => {
    linkHeader(w, { index });
    w.attribute(IFLA.AF_SPEC, () => {
      w.attribute(AF.INET, () => w.attribute(IFLA_INET_CONF, () => w.attribute(1, 1)));
    });
  },
});

/** Deletes a device; one that is gone already is no error. */
export const removeLinkMessage = (label: string, index: number): Message => ({
  type: RTM_DELLINK,
  flags: 0,
  label,
  ignore: [E.ENODEV],
  write: (w) => linkHeader(w, { index }),
});

/** RTM_GETLINK for one device, its counters left out. */
export const askLinkMessage = (index: number): Message => ({
  type: RTM_GETLINK,
  flags: 0,
  label: 'ask for a link',
  ignore: [E.ENODEV],
  write: (w) => {
    linkHeader(w, { index });
    w.attribute(IFLA.EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  },
});

/** What RTM_GETLINK answers of a device: its number, and whether it may carry packets yet. */
export function readLink(body: Buffer): { readonly index: number; readonly state: LinkState } {
  const flags = body.readUInt32LE(8);
  return { index: body.readInt32LE(4), state: stateIn(flags) };
}

function stateIn(flags: number): LinkState {
  if ((flags & IFF_LOWER_UP) === 0) return 'no-carrier';
  return (flags & IFF_RUNNING) === 0 ? 'waking' : 'running';
}

/** `waking`: there is a carrier, but the kernel still drops what is sent (see link-settle.ts). */
export type LinkState = 'running' | 'waking' | 'no-carrier';

const RTM_GETLINK = 18;
const IFF_RUNNING = 0x40;
const IFF_LOWER_UP = 0x10000;
const RTEXT_FILTER_SKIP_STATS = 8;
const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_SETLINK = 19;
const IFF_UP = 1;
const VETH_INFO_PEER = 1;
const IFLA_INET_CONF = 1;
const IFLA = {
  ADDRESS: 1,
  IFNAME: 3,
  MTU: 4,
  MASTER: 10,
  LINKINFO: 18,
  AF_SPEC: 26,
  NET_NS_FD: 28,
  EXT_MASK: 29,
} as const;
const INFO = { KIND: 1, DATA: 2 } as const;
const VXLAN = { ID: 1, LOCAL: 4, LEARNING: 7, PORT: 15, LOCAL6: 17 } as const;

const create = (label: string, write: Message['write']): Message => ({
  type: RTM_NEWLINK,
  flags: NLM_F.CREATE | NLM_F.EXCL,
  label,
  write,
});

/** `struct ifinfomsg`. */
function linkHeader(
  w: MessageWriter,
  link: { readonly index: number; readonly flags?: number; readonly change?: number },
): void {
  w.u8(0, 0);
  w.u16(0);
  w.u32(link.index);
  w.u32(link.flags ?? 0);
  w.u32(link.change ?? 0);
}

function identity(
  w: MessageWriter,
  link: { readonly device: string; readonly mac: string; readonly mtu?: number },
): void {
  w.attribute(IFLA.IFNAME, cstring(link.device));
  w.attribute(IFLA.ADDRESS, macBytes(link.mac));
  if (link.mtu !== undefined) w.attribute(IFLA.MTU, link.mtu);
}
