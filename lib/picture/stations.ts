import type { Hop, Trace } from '../model/explanation';
import type { World } from '../model/world';
import { outsideId } from './ends';
import type { PictureBox } from './types';

/** A hop of a way at its box. */
export interface Station {
  readonly hop: Hop;
  readonly box: PictureBox;
  /** From 1, there and back numbered through. */
  readonly step: number;
  readonly way: 'there' | 'back';
  readonly isReached: boolean;
  /** How often the way was at this box before, in this direction. */
  readonly visit: number;
  /** The line passes here, but the trace has no hop of it: it has no number. */
  readonly isBetween?: true;
}

/** The id of the box that a hop is at: hosts and load balancers are known by their addresses. */
export function createBoxId({ outside, vpcs }: World): (hop: Hop) => string {
  const byAddress = new Map<string, string>([
    ...outside.flatMap((host) =>
      host.addresses.map((address) => [address as string, outsideId(host)] as const),
    ),
    ...vpcs
      .flatMap(({ interfaces }) => interfaces)
      .flatMap(({ id, addresses, publicIp }) =>
        [...addresses, ...(publicIp === undefined ? [] : [publicIp])].map(
          (address) => [`load-balancer:${address}`, `interface:${id}`] as const,
        ),
      ),
  ]);
  return ({ id }) => byAddress.get(id) ?? id;
}

/** The hops of a trace at their boxes, in the order the packet and its reply meet them. */
export function stationsOf(
  trace: Trace,
  boxes: ReadonlyMap<string, PictureBox>,
  boxId: (hop: Hop) => string,
): readonly Station[] {
  const isLostThere = trace.return.length === 0;
  const unreached = trace.unreached ?? [];
  const there = [
    ...trace.forward.map((hop) => ({ hop, isReached: true })),
    ...(isLostThere ? unreached.map((hop) => ({ hop, isReached: false })) : []),
  ].map((one) => ({ ...one, way: 'there' as const }));
  const back = [
    ...trace.return.map((hop) => ({ hop, isReached: true })),
    ...(isLostThere ? [] : unreached.map((hop) => ({ hop, isReached: false }))),
  ].map((one) => ({ ...one, way: 'back' as const }));
  const visits = new Map<string, number>();
  const stations = [...there, ...back].flatMap(({ hop, isReached, way }, i): readonly Station[] => {
    const box = boxes.get(boxId(hop));
    if (box === undefined) return [];
    const key = `${way} ${box.id}`;
    const visit = visits.get(key) ?? 0;
    visits.set(key, visit + 1);
    return [{ hop, box, isReached, way, visit, step: i + 1 }];
  });
  return stations.flatMap((station, i) => [...subnetsBefore(stations, i), station]);
}

/** Subnets that the way there passed between two boxes, where the way back has no hop of them. */
function subnetsBefore(stations: readonly Station[], i: number): readonly Station[] {
  const [from, to] = [stations[i - 1], stations[i]];
  if (from?.way !== 'back' || to === undefined || to.isReached) return [];
  const there = stations.filter(({ way }) => way === 'there').toReversed();
  const begin = there.findIndex(({ box }) => box.id === from.box.id);
  const end = there.findIndex(({ box }, place) => place > begin && box.id === to.box.id);
  if (begin === -1 || end === -1) return [];
  return there
    .slice(begin + 1, end)
    .filter(({ box }) => box.kind === 'subnet' && box.id !== from.box.id)
    .map((one) => {
      return { ...one, way: 'back', step: from.step, isReached: false, visit: 0, isBetween: true };
    });
}
