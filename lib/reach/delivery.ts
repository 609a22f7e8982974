import type { Evidence, Verdict } from '../model/explanation';
import type { Packet } from './judge';

/**
 * One way a flow can take after kube-proxy chose a backend. Both packets are the same flow: they
 * differ where an address is translated between the source's policies and the destination's.
 */
export interface Delivery {
  /** As the source's side sees it. */
  readonly sent: Packet;
  /** As the destination's side sees it. */
  readonly received: Packet;
  /** The node or load balancer that translates on the way, where it is not the source's own node. */
  readonly via?: string;
  /** What was translated, for the trace. */
  readonly note?: string;
}

/** Where a flow goes: one or several ways (a Service's backends), or nowhere and why. */
export type Routing =
  | { readonly kind: 'delivered'; readonly deliveries: readonly Delivery[] }
  | { readonly kind: 'stopped'; readonly verdict: Verdict; readonly evidence: Evidence };

/** The flow never gets to a filter: `object` is what stops it. */
export const stopped = (
  verdict: Verdict,
  object: string,
  { because }: { readonly because: string },
): Routing & { readonly kind: 'stopped' } => ({
  kind: 'stopped',
  verdict,
  evidence: { filter: 'route', direction: 'egress', object, rule: null, because },
});

/** Nothing is translated on the way. */
export const direct = (packet: Packet): Delivery => ({ sent: packet, received: packet });
