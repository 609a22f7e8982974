import type { Direction, Protocol } from '../model/flow';
import { DEFAULT } from '../model/rule-name';
import type { HostEndpoint } from '../model/world';
import type { Judgement, Packet } from './judge';
import { trafficName } from './words';

type Ports = Readonly<Partial<Record<Protocol, readonly number[]>>>;

const INBOUND: Ports = { TCP: [22, 179, 2379, 2380, 5473, 6443, 6666, 6667], UDP: [68] };

/**
 * Ports that stay open on host endpoints whatever policies say, so that a mistake cuts nobody off
 * (Felix: FailsafeInboundHostPorts, FailsafeOutboundHostPorts).
 */
const FAILSAFE: Readonly<Record<Direction, Ports>> = {
  ingress: INBOUND,
  egress: { ...INBOUND, UDP: [53, 67, 68] },
};

/** The allowance of a failsafe port, or `undefined` where the packet goes to no such port. */
export function failsafe(
  { host, direction }: { readonly host: HostEndpoint; readonly direction: Direction },
  { target }: Packet,
): Judgement | undefined {
  const { protocol, port } = target;
  const isSafe = port !== undefined && (FAILSAFE[direction][protocol]?.includes(port) ?? false);
  if (!isSafe) return undefined;
  const because = `${trafficName(target)} is a failsafe port of Calico: host endpoint ${host.name} never closes it`;
  const object = DEFAULT.failsafe;
  const evidence = { filter: 'calico-policy', direction, object, rule: null, because } as const;
  return { verdict: 'allowed', decisions: [{ kind: 'allowed', evidence }], by: [evidence] };
}
