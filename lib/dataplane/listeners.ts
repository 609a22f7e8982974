import type { ContainerPort, OutsideEndpoint, World } from '../model/world';
import type { Command, Listener, Netns } from './command';
import { dnsPods } from './dns';
import { doorsOf } from './doors';
import { askedOverHttp } from './http-backends';
import { netnsOf } from './names';
import { listenersFor } from './nginx';

/** Who listens in a namespace, and on what. */
export interface Speaker {
  readonly netns: Netns;
  readonly banner: string;
  readonly ports: readonly ContainerPort[];
  /** Its ports that doors ask over HTTP; absent: none. */
  readonly http?: ReadonlySet<number>;
}

/** An outside host, as who listens. */
export const speakerOf = (host: OutsideEndpoint): Speaker => ({
  netns: netnsOf(host),
  banner: host.name,
  ports: host.ports,
});

/**
 * A listener behind every port that a container or an outside host declares; it answers with the
 * name of whom it stands for. A pod on the host network listens in its node's namespace. Where an
 * HTTP server or a DNS server stands, its ports are its own.
 */
export function listenersOf(world: World, others: readonly Speaker[]): readonly Command[] {
  const servers = new Set(dnsPods(world));
  const doors = doorsOf(world);
  const taken = new Set(
    doors.flatMap(({ netns, routes }) =>
      routes.flatMap(listenersFor).map(({ port }) => `${netns} TCP/${port}`),
    ),
  );
  const asked = askedOverHttp(
    world,
    doors.flatMap(({ routes }) => routes),
  );
  const pods = world.pods.map(
    (pod): Speaker => ({
      netns: netnsOf(pod),
      banner: `${pod.namespace}/${pod.name}`,
      ports: servers.has(pod) ? pod.ports.filter(({ port }) => port !== 53) : pod.ports,
      http: new Set(
        pod.ports
          .map(({ port }) => port)
          .filter((port) => pod.addresses.some((address) => asked.has(`${address} ${port}`))),
      ),
    }),
  );
  const byNetns = new Map<Netns, Map<string, Listener>>();
  for (const speaker of [...pods, ...others]) {
    const known = byNetns.get(speaker.netns) ?? new Map<string, Listener>();
    for (const port of speaker.ports) {
      const isTaken = taken.has(`${speaker.netns} ${port.protocol}/${port.port}`);
      if (!isTaken) addOnce(known, port, speaker);
    }
    byNetns.set(speaker.netns, known);
  }
  return [...byNetns]
    .map(
      ([netns, listeners]): Command => ({
        kind: 'listen',
        netns,
        listeners: [...listeners.values()],
      }),
    )
    .filter((command) => command.kind === 'listen' && command.listeners.length > 0);
}

/** Of two containers that declare one port of one namespace, the first has it. */
function addOnce(
  known: Map<string, Listener>,
  { protocol, port }: ContainerPort,
  { banner, http }: Speaker,
): void {
  const key = `${protocol}/${port}`;
  if (known.has(key)) return;
  const listener: Listener = { protocol, port, banner };
  const speaksHttp = protocol === 'TCP' && http?.has(port) === true;
  known.set(key, speaksHttp ? { ...listener, speaks: 'http' } : listener);
}
