import type { Netns } from '../../dataplane/commands/command';
import type { PacketFilter } from './packet-filter';

/** What to show of a namespace's packets. */
export interface CaptureWish {
  readonly netns: Netns;
  /** Absent: all of its devices. */
  readonly device?: string;
  /** Ends after so many packets, or so many seconds: whichever comes first. */
  readonly count: number;
  readonly seconds: number;
  readonly filter: PacketFilter;
}

/** A packet that passed. */
export interface Captured {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly device: string;
  readonly way: 'in' | 'out';
  /** The Ethernet frame, in base64. */
  readonly frame: string;
}
