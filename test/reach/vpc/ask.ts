import { type Ip, ip } from '../../../lib/model/address';
import type { Evidence, Verdict } from '../../../lib/model/explanation';
import type { Protocol } from '../../../lib/model/flow';
import type { World } from '../../../lib/model/world';
import { evidenceFor, verdictOf } from '../../../lib/reach/hops/hop';
import type { JudgedHop } from '../../../lib/reach/hops/types';
import { createFabric } from '../../../lib/reach/vpc/fabric';
import type { VpcSending } from '../../../lib/reach/vpc/types';
import type { Gate, VpcFlow } from '../../build/production-vpc-flows';

/** What the VPC alone answers to a flow, there and back put together. */
export interface Answer {
  readonly verdict: Verdict;
  readonly there: readonly Evidence[];
  readonly back: readonly Evidence[];
  readonly hops: readonly JudgedHop[];
}

/** Asks a world's VPC; the way back only where the way there is open. */
export function asker(world: World): (sending: VpcSending) => Answer {
  const fabric = createFabric(world);
  if (fabric === undefined) throw new Error('the world has no VPC');
  return (sending) => {
    const { forward, back: replies } = fabric.cross(sending).segment;
    const there = verdictOf(forward);
    if (there !== 'allowed')
      return { verdict: there, there: evidenceFor(there, forward), back: [], hops: forward };
    const back = replies();
    const verdict = verdictOf(back);
    return {
      verdict,
      there: verdict === 'allowed' ? evidenceFor('allowed', forward) : [],
      back: evidenceFor(verdict, back),
      hops: [...forward, ...back],
    };
  };
}

/** The packet of a flow of the table. */
export const sendingOf = (world: World, flow: VpcFlow): VpcSending => ({
  source: addressOf(world, flow.from),
  destination: addressOf(world, flow.to),
  protocol: flow.protocol,
  port: flow.port,
});

/** The address of an end; throws where the world has nobody of that name. */
export function addressOf(world: World, end: string): Ip {
  if (end.startsWith('ip:')) return ip(end.slice(3));
  const holders = [
    ...world.outside.map(({ name, addresses }) => ({ name, addresses })),
    ...world.nodes.map(({ name, addresses }) => ({ name: `node:${name}`, addresses })),
    ...world.pods.map(({ namespace, name, addresses }) => ({
      name: `${namespace}/${name}`,
      addresses,
    })),
  ];
  const [address] = holders.find(({ name }) => name === end)?.addresses ?? [];
  if (address === undefined) throw new Error(`nobody is called ${end}`);
  return address;
}

/** An answer's gates as the table writes them: of an allowance without the routes. */
export function gatesOf({ verdict, there, back }: Answer): readonly Gate[] {
  const gate =
    (way: Gate['way']) =>
    ({ object, direction }: Evidence): Gate => ({ object, direction, way });
  const counts = ({ filter }: Evidence): boolean => verdict !== 'allowed' || filter !== 'route';
  return [...there.filter(counts).map(gate('there')), ...back.filter(counts).map(gate('back'))];
}

export const sending = (
  ...[source, destination, protocol, port]: [string, string, Protocol, number?]
): VpcSending => ({ source: ip(source), destination: ip(destination), protocol, port });
