import { formatCidr, type Ip, ipFromBits, networkOf } from '../../model/address';
import { attributes } from './attributes';
import { AF } from './libc';
import { closeNetlink, type Message, NETLINK, NLM_F, openNetlink, query } from './netlink';

/** What a namespace holds of cables, as the kernel lists it (rtnetlink(7)). */
export interface Survey {
  readonly links: readonly {
    readonly index: number;
    readonly device: string;
    readonly mac: string;
    readonly state: 'up' | 'down';
  }[];
  readonly addresses: readonly {
    readonly index: number;
    readonly address: Ip;
    readonly prefix: number;
  }[];
  readonly routes: readonly {
    /** Number of the device; none where the route leads nowhere. */
    readonly index: number | undefined;
    /** A block, such as `0.0.0.0/0`. */
    readonly to: string;
    readonly gateway: Ip | undefined;
    readonly table: number;
  }[];
  readonly neighbours: readonly {
    readonly index: number;
    readonly address: Ip;
    readonly mac: string;
  }[];
}

/** Asks for everything in the namespace that the thread stands in. */
export function survey(): Survey {
  const socket = openNetlink(NETLINK.ROUTE);
  const dump = <T>(type: number, read: (body: Buffer) => T | undefined): readonly T[] => {
    const found: T[] = [];
    query(socket, [dumpMessage(type)], (_type, body) => {
      const one = read(body);
      if (one !== undefined) found.push(one);
    });
    return found;
  };
  try {
    return {
      links: dump(RTM_GETLINK, readLink),
      addresses: dump(RTM_GETADDR, readAddress),
      routes: dump(RTM_GETROUTE, readRoute),
      neighbours: dump(RTM_GETNEIGH, readNeighbour),
    };
  } finally {
    closeNetlink(socket);
  }
}

const RTM_GETLINK = 18;
const RTM_GETADDR = 22;
const RTM_GETROUTE = 26;
const RTM_GETNEIGH = 30;
const IFLA = { ADDRESS: 1, IFNAME: 3 } as const;
const IFA = { ADDRESS: 1, LOCAL: 2 } as const;
const RTA = { DST: 1, OIF: 4, GATEWAY: 5, TABLE: 15 } as const;
const NDA = { DST: 1, LLADDR: 2 } as const;
const IFF_UP = 1;

/** Every header that may stand here is at most 16 bytes, and zero means every family. */
const dumpMessage = (type: number): Message => ({
  type,
  flags: NLM_F.DUMP,
  label: 'list what is there',
  write: (w) => {
    for (let i = 0; i < 4; i += 1) w.u32(0);
  },
});

function readLink(body: Buffer): Survey['links'][number] {
  const found = attributes(body, 16);
  return {
    index: body.readInt32LE(4),
    device: found.get(IFLA.IFNAME)?.toString('latin1').replace(/\0$/, '') ?? '',
    mac: macIn(found.get(IFLA.ADDRESS)),
    state: (body.readUInt32LE(8) & IFF_UP) === 0 ? 'down' : 'up',
  };
}

function readAddress(body: Buffer): Survey['addresses'][number] | undefined {
  const found = attributes(body, 8);
  const address = ipIn(found.get(IFA.LOCAL) ?? found.get(IFA.ADDRESS));
  if (address === undefined) return undefined;
  return { index: body.readUInt32LE(4), address, prefix: body.readUInt8(1) };
}

function readRoute(body: Buffer): Survey['routes'][number] | undefined {
  const family = body.readUInt8(0);
  if (family !== AF.INET && family !== AF.INET6) return undefined;
  const found = attributes(body, 12);
  const to = ipIn(found.get(RTA.DST)) ?? ipFromBits(0n, family === AF.INET ? 4 : 6);
  const prefix = body.readUInt8(1);
  return {
    index: found.get(RTA.OIF)?.readUInt32LE(0),
    to: formatCidr({ address: networkOf(to, prefix), prefix }),
    gateway: ipIn(found.get(RTA.GATEWAY)),
    table: found.get(RTA.TABLE)?.readUInt32LE(0) ?? body.readUInt8(4),
  };
}

function readNeighbour(body: Buffer): Survey['neighbours'][number] | undefined {
  const found = attributes(body, 12);
  const address = ipIn(found.get(NDA.DST));
  if (address === undefined) return undefined;
  return { index: body.readInt32LE(4), address, mac: macIn(found.get(NDA.LLADDR)) };
}

const macIn = (bytes: Buffer | undefined): string =>
  bytes?.toString('hex').match(/../g)?.join(':') ?? '';

function ipIn(bytes: Buffer | undefined): Ip | undefined {
  if (bytes === undefined || (bytes.length !== 4 && bytes.length !== 16)) return undefined;
  return ipFromBits(BigInt(`0x${bytes.toString('hex')}`), bytes.length === 4 ? 4 : 6);
}
