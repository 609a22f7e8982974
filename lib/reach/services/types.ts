import type { Ip } from '../../model/address';
import type { Evidence, Verdict } from '../../model/explanation';
import type { Flow, Protocol } from '../../model/flow';
import type { LoadBalancer, NodeEndpoint, Service, ServicePort } from '../../model/world';
import type { Packet, Party, PartyDirectory } from '../ends/types';

/** A flow before Services are resolved: the caller, the protocol and the port. */
export interface ServiceCall {
  readonly directory: PartyDirectory;
  /** The caller's parties, one per address. */
  readonly from: readonly Party[];
  readonly protocol: Protocol;
  readonly port: Flow['port'];
  readonly icmp?: Flow['icmp'];
}

/** A port of a Service at a node's own address. */
export interface NodePort {
  readonly service: Service;
  readonly port: ServicePort;
  readonly node: NodeEndpoint;
  /** An external address that was called instead of the node's own, at the Service's port. */
  readonly external?: Ip;
}

/** A port of a load balancer at one of its addresses. */
export interface LoadBalancerListener {
  readonly service: Service;
  readonly balancer: LoadBalancer;
  readonly port: ServicePort;
  readonly address: Ip;
}

/**
 * One path a flow can take after a backend is chosen. Both packets are the same flow: they differ
 * where an address is translated between the source's policies and the destination's.
 */
export interface Delivery {
  /** The packet that the caller addressed, where its own node translates that to `sent`. */
  readonly called?: Packet;
  /** As the source's filters see it. */
  readonly sent: Packet;
  /** As the destination's filters see it. */
  readonly received: Packet;
  /** The device that translates on the path, where it is not the source's own node. */
  readonly via?: Translator;
  /** The source that the destination sees: kube-proxy translates it behind the policies. */
  readonly masquerade?: Ip;
  /** What was translated, for the trace. */
  readonly note?: string;
  /** Why replies are lost, even where the path forward is open. */
  readonly lost?: Evidence;
  /** Why it is not known whether anything answers at the destination. */
  readonly doubt?: Evidence;
}

/** A device between source and destination that sends the flow on under other addresses. */
export interface Translator {
  /** The node whose port was called, if one was. */
  readonly node?: string;
  /** As the trace names it: `node b`, `load balancer 10.0.0.9`. */
  readonly device: string;
  /** The packets that cross the network, one on each side of the device. */
  readonly crossings: readonly Packet[];
}

/** Where a flow goes: one or several paths (a Service's backends), or nowhere and why. */
export type Routing =
  | { readonly kind: 'delivered'; readonly deliveries: readonly Delivery[] }
  | StoppedRouting;

/** The flow ends before policies of its destination are evaluated. */
export interface StoppedRouting {
  readonly kind: 'stopped';
  readonly verdict: Verdict;
  readonly evidence: Evidence;
  /** The packet up to the device that stops it; filters in front of that device are evaluated first. */
  readonly toward?: StoppedPacket;
}

/** A packet that is stopped: on its own node, or at its target. */
export interface StoppedPacket {
  readonly packet: Packet;
  readonly stoppedAt: 'own-node' | 'target';
}
