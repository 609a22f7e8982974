import type { Evidence, Translation, Verdict } from '../model/explanation';
import type { Packet } from './judge';
import type { Told } from './station';

/**
 * One way a flow can take after kube-proxy chose a backend. Both packets are the same flow: they
 * differ where an address is translated between the source's policies and the destination's.
 */
export interface Delivery {
  /** What the caller addressed, where its own node translates that: `sent` is the translation. */
  readonly called?: Packet;
  /** As the source's side sees it. */
  readonly sent: Packet;
  /** As the destination's side sees it. */
  readonly received: Packet;
  /** Who translates on the way, where it is not the source's own node. */
  readonly via?: Via;
  /** What was translated, for the trace. */
  readonly note?: string;
  /** Why answers do not come back, however open the way there is. */
  readonly lost?: Evidence;
}

/** A device between source and destination that sends the flow on under other addresses. */
export interface Via {
  /** The node whose port was called, if one was. */
  readonly node?: string;
  /** How the trace names it: `node b`, `load balancer 10.0.0.9`. */
  readonly device: string;
  /** Who crosses the network on each side of it. */
  readonly crossings: readonly Packet[];
}

/** Where a flow goes: one or several ways (a Service's backends), or nowhere and why. */
export type Routing =
  | { readonly kind: 'delivered'; readonly deliveries: readonly Delivery[] }
  | {
      readonly kind: 'stopped';
      readonly verdict: Verdict;
      readonly evidence: Evidence;
      /**
       * The packet on its way to whoever stops it: who stands before that one sees it first.
       */
      readonly toward?: Toward;
    };

/** A packet that is stopped, and where: on its own node, or only where it was going. */
export interface Toward {
  readonly packet: Packet;
  readonly stoppedAt: 'own-node' | 'target';
}

/** The flow ends before it gets anywhere: `object` is what stops it. */
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

/** What a device tells that sends a packet on under other addresses. */
export function told(note: string | undefined, before: Packet, after: Packet): Told {
  const [from, to] = [before.source.address, after.source.address];
  const [asked, given] = [before.target.party.address, after.target.party.address];
  const { port } = after.target;
  const becomes: Translation = {
    ...(from === to ? {} : { source: to }),
    ...(asked === given ? {} : { destination: given }),
    ...(port === undefined || port === before.target.port ? {} : { port }),
  };
  const changed = Object.keys(becomes).length === 0 ? {} : { becomes };
  return { ...(note === undefined ? {} : { note }), ...changed };
}
