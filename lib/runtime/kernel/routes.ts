import type { Command, RouteHop } from '../../dataplane/commands/command';
import { familyOf, type Ip } from '../../model/address';
import { AF, E } from './libc';
import { cstring, type Message, type MessageWriter, NLM_F } from './netlink';
import { addressBytes, kernelFamily, macBytes } from './sockaddr';

type Of<K extends Command['kind']> = Extract<Command, { readonly kind: K }>;

/** RTM_NEWADDR; duplicate address detection is off, since it would cost IPv6 a second. */
export function addressMessage(command: Of<'add-address'>, index: number): Message {
  const { address, prefix, netns, device, scope } = command;
  const isHost = scope === 'host' || address.startsWith('127.');
  const bytes = addressBytes(address);
  return {
    type: RTM_NEWADDR,
    flags: NLM_F.CREATE | NLM_F.EXCL,
    label: `add-address ${netns} ${device} ${address}/${prefix}`,
    write: (w) => {
      w.u8(kernelFamily(address), prefix, 0, isHost ? SCOPE_HOST : 0);
      w.u32(index);
      w.attribute(IFA.LOCAL, bytes);
      w.attribute(IFA.ADDRESS, bytes);
      if (familyOf(address) === 6) w.attribute(IFA.FLAGS, IFA_F_NODAD);
    },
  };
}

/** RTM_NEWROUTE or RTM_DELROUTE; removing a route that is gone is no error. */
export function routeMessage(
  command: Of<'add-route' | 'remove-route'>,
  index: number | undefined,
): Message {
  const { kind, to, hop, table, source, netns } = command;
  const adding = kind === 'add-route';
  return {
    type: adding ? RTM_NEWROUTE : RTM_DELROUTE,
    flags: adding ? NLM_F.CREATE | NLM_F.EXCL : 0,
    label: `${kind} ${netns} ${to.address}/${to.prefix} ${hop.kind} table ${table}`,
    ...(adding ? {} : { ignore: [E.ESRCH, E.ENOENT, E.ENODEV] }),
    write: (w) => {
      w.u8(kernelFamily(to.address), to.prefix, 0, 0, table < 256 ? table : 0, PROTO_BOOT);
      w.u8(adding ? scopeOf(hop) : SCOPE_NOWHERE, TYPE[hop.kind]);
      w.u32(hop.kind === 'via' && hop.onlink ? RTNH_F_ONLINK : 0);
      if (to.prefix > 0) w.attribute(RTA.DST, addressBytes(to.address));
      w.attribute(RTA.TABLE, table);
      if (source !== undefined) w.attribute(RTA.PREFSRC, addressBytes(source));
      writeHop(w, { hop, family: familyOf(to.address), index });
    },
  };
}

/** RTM_NEWRULE, RTM_DELRULE. A rule that names no block holds for both families. */
export function ruleMessages(command: Of<'add-rule' | 'remove-rule'>): readonly Message[] {
  const { kind, netns, priority, table, iif, from, mark } = command;
  const adding = kind === 'add-rule';
  const families = from === undefined ? [AF.INET, AF.INET6] : [kernelFamily(from.address)];
  return families.map((family) => ({
    type: adding ? RTM_NEWRULE : RTM_DELRULE,
    flags: adding ? NLM_F.CREATE | NLM_F.EXCL : 0,
    label: `${kind} ${netns} ${priority}`,
    ...(family === AF.INET6 && from === undefined ? { ignore: [E.EAFNOSUPPORT] } : {}),
    write: (w) => {
      w.u8(family, 0, from?.prefix ?? 0, 0, table < 256 ? table : 0, 0, 0, FR_ACT_TO_TBL);
      w.u32(0);
      w.attribute(FRA.PRIORITY, priority);
      w.attribute(FRA.TABLE, table);
      if (mark !== undefined) w.attribute(FRA.FWMARK, mark);
      if (iif !== undefined) w.attribute(FRA.IIFNAME, cstring(iif));
      if (from !== undefined && from.prefix > 0) w.attribute(FRA.SRC, addressBytes(from.address));
    },
  }));
}

/** RTM_NEWNEIGH: a permanent neighbour is never asked for, and never counted against the limit. */
export function neighbourMessage(command: Of<'add-neighbour'>, index: number): Message {
  const { netns, address, mac } = command;
  return {
    type: RTM_NEWNEIGH,
    flags: NLM_F.CREATE | NLM_F.REPLACE,
    label: `add-neighbour ${netns} ${address}`,
    write: (w) => {
      neighbourHeader(w, { family: kernelFamily(address), index, flags: 0 });
      w.attribute(NDA.DST, addressBytes(address));
      w.attribute(NDA.LLADDR, macBytes(mac));
    },
  };
}

/** A VXLAN forwarding entry; several remotes for the all-zeros MAC flood to all of them. */
export function fdbMessage(command: Of<'add-fdb'>, index: number): Message {
  const { netns, remote, mac } = command;
  return {
    type: RTM_NEWNEIGH,
    flags: NLM_F.CREATE | NLM_F.APPEND,
    label: `add-fdb ${netns} ${mac} ${remote}`,
    write: (w) => {
      neighbourHeader(w, { family: AF.BRIDGE, index, flags: NTF_SELF });
      w.attribute(NDA.LLADDR, macBytes(mac));
      w.attribute(NDA.DST, addressBytes(remote));
    },
  };
}

const RTM_NEWADDR = 20;
const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTM_NEWNEIGH = 28;
const RTM_NEWRULE = 32;
const RTM_DELRULE = 33;
const IFA = { ADDRESS: 1, LOCAL: 2, FLAGS: 8 } as const;
const IFA_F_NODAD = 2;
const RTA = { DST: 1, OIF: 4, GATEWAY: 5, PREFSRC: 7, TABLE: 15, VIA: 18 } as const;
const FRA = { SRC: 2, IIFNAME: 3, PRIORITY: 6, FWMARK: 10, TABLE: 15 } as const;
const FR_ACT_TO_TBL = 1;
const NDA = { DST: 1, LLADDR: 2 } as const;
const NTF_SELF = 2;
const NUD_PERMANENT = 0x80;
const RTNH_F_ONLINK = 4;
const PROTO_BOOT = 3;
const SCOPE_LINK = 253;
const SCOPE_HOST = 254;
const SCOPE_NOWHERE = 255;
const TYPE = { link: 1, via: 1, blackhole: 6, unreachable: 7 } as const;

const scopeOf = (hop: RouteHop): number => (hop.kind === 'link' ? SCOPE_LINK : 0);

function writeHop(
  w: MessageWriter,
  route: {
    readonly hop: RouteHop;
    readonly family: 4 | 6;
    readonly index: number | undefined;
  },
): void {
  const { hop, family, index } = route;
  if (hop.kind === 'blackhole' || hop.kind === 'unreachable') return;
  if (index !== undefined) w.attribute(RTA.OIF, index);
  if (hop.kind === 'link') return;
  if (familyOf(hop.gateway) === family) w.attribute(RTA.GATEWAY, addressBytes(hop.gateway));
  else w.attribute(RTA.VIA, viaBytes(hop.gateway));
}

/** `struct rtvia`: a gateway of the other family (RFC 5549 routes). */
function viaBytes(gateway: Ip): Buffer {
  const family = Buffer.alloc(2);
  family.writeUInt16LE(kernelFamily(gateway));
  return Buffer.concat([family, addressBytes(gateway)]);
}

/** `struct ndmsg`. */
function neighbourHeader(
  w: MessageWriter,
  entry: { readonly family: number; readonly index: number; readonly flags: number },
): void {
  w.u8(entry.family, 0);
  w.u16(0);
  w.u32(entry.index);
  w.u16(NUD_PERMANENT);
  w.u8(entry.flags, 0);
}
