import type { Direction, Protocol } from '../../model/flow';
import { DEFAULT } from '../../model/rule-name';
import { trafficName } from '../ends/names';
import type { Packet } from '../ends/types';
import { answerOf } from '../hops/hop';
import type { FilterAnswer } from '../hops/types';
import type { HostSide } from './types';

type Ports = Readonly<Partial<Record<Protocol, readonly number[]>>>;

const CONTROL_PLANE = [179, 2379, 2380, 5473, 6443, 6666, 6667];

/**
 * Ports that stay open on host endpoints whatever policies say, so that a mistake cuts no administrator off
 * (Felix: config_params.go, FailsafeInboundHostPorts and FailsafeOutboundHostPorts).
 */
const FAILSAFE: Readonly<Record<Direction, Ports>> = {
  ingress: { TCP: [22, ...CONTROL_PLANE], UDP: [68] },
  egress: { TCP: CONTROL_PLANE, UDP: [53, 67] },
};

/** The allowance of a failsafe port, or `undefined` where the packet goes to no such port. */
export function failsafe(
  { host, direction }: Pick<HostSide, 'host' | 'direction'>,
  packet: Packet,
): FilterAnswer | undefined {
  const { target } = packet;
  if (!isFailsafe(packet, direction)) return undefined;
  const because = `${trafficName(target)} is a failsafe port of Calico: host endpoint ${host.name} never closes it`;
  const object = DEFAULT.failsafe;
  const evidence = { filter: 'calico-policy', direction, object, rule: null, because } as const;
  return answerOf([{ kind: 'allowed', evidence }]);
}

/** Does the packet go to a failsafe port? */
export const isFailsafe = ({ target }: Packet, direction: Direction): boolean =>
  target.port !== undefined &&
  (FAILSAFE[direction][target.protocol]?.includes(target.port) ?? false);
