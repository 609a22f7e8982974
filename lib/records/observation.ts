import type { Protocol } from '../model/flow';

/** One end of a record, as the record names it; a plain text is an address. */
export type RecordEnd =
  | string
  /** A pod, by its name or by what replicas share of it (`web-5d4f8-*`). */
  | {
      readonly kind: 'pod';
      readonly namespace: string;
      readonly name: string;
      /** `Kind/name` of what made it, where the record says so. */
      readonly workload?: string;
    }
  /** A network set, host endpoint, node or outside host, by name. */
  | { readonly kind: 'named'; readonly name: string; readonly namespace?: string }
  /** Calico's word for every address without an endpoint of its own: public or private ones. */
  | { readonly kind: 'network'; readonly network: 'public' | 'private' };

/** Protocols that policies can name ports of. */
export type PortProtocol = Exclude<Protocol, 'ICMP'>;

/** What one record says: packets of one direction, or a whole connection. */
export interface RecordedPackets {
  readonly source: RecordEnd;
  readonly destination: RecordEnd;
  readonly protocol: PortProtocol;
  /** 0: the record does not say. */
  readonly sourcePort: number;
  readonly port: number;
  /** Which end opened the connection; `unknown`: the whole file has to tell. */
  readonly caller: 'source' | 'destination' | 'unknown';
  readonly action: 'allow' | 'deny';
  /** A denial at one place outweighs every allow of the same call elsewhere (logs of policies). */
  readonly isPolicyVerdict: boolean;
  /** Seconds since 1970. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** Packets and the interface that saw them, which tell a late packet from a refused call. */
  readonly packets?: number;
  readonly interface?: string;
}

/** A record whose ends are known already. */
export type PlacedPackets = Omit<RecordedPackets, 'source' | 'destination'>;

/** Why a record gives no flow. Each kind is counted and said once, with its first place. */
export interface RecordRemark {
  readonly kind: RemarkKind;
  readonly problem: string;
  readonly fix: string;
}

export type RemarkKind =
  | 'no-ports'
  | 'no-data'
  | 'skipped-data'
  | 'lost-records'
  | 'private-network'
  | 'not-a-record'
  | 'unknown-verdict'
  | 'no-backends'
  | 'unanswered'
  | 'no-time'
  | 'too-old'
  | 'own-node'
  | 'other-drop'
  | 'same-node';
