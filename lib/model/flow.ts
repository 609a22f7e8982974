import type { Ip } from './address';
import type { IcmpMessage } from './icmp';

/** Protocols a flow can ask about. */
export type Protocol = 'TCP' | 'UDP' | 'SCTP' | 'ICMP';

export type Direction = 'egress' | 'ingress';

/** One end of a flow; written `ns/pod`, `svc:ns/name`, `node:name`, `ip:address`, `eni:name` or `internet`. */
export type FlowEnd =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'ip'; readonly address: Ip }
  /** A network interface of a template: an instance's, a database's, a load balancer's. */
  | { readonly kind: 'eni'; readonly name: string }
  | { readonly kind: 'internet' };

/**
 * The question: may `from` open a connection to `to`? A connection needs its replies, so the
 * answer covers the way back too.
 */
export interface Flow {
  readonly id?: string;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly protocol: Protocol;
  /** A port number (1 to 65535), the name of a port of the destination, or none for ICMP. */
  readonly port: number | string | undefined;
  /** The message of an ICMP flow; absent: an echo request. */
  readonly icmp?: IcmpMessage;
}

/** A flow's end in the words a person typed: the inverse of reading it. */
export function formatEnd(end: FlowEnd): string {
  switch (end.kind) {
    case 'pod':
      return `${end.namespace}/${end.name}`;
    case 'service':
      return `svc:${end.namespace}/${end.name}`;
    case 'node':
      return `node:${end.name}`;
    case 'ip':
      return `ip:${end.address}`;
    case 'eni':
      return `eni:${end.name}`;
    case 'internet':
      return 'internet';
  }
}
