import type { ContainerPort, OutsideEndpoint, World } from '../../model/world';
import type { Command, Listener, Netns } from '../commands/command';
import { netnsOf } from '../commands/names';
import { dnsPods } from './dns';
import { actionsOf, askedOverHttp } from './http-backends';
import { httpFrontends } from './http-frontends';

/** A namespace that listens, and its ports. */
export interface ListeningNamespace {
  readonly netns: Netns;
  readonly banner: string;
  readonly ports: readonly ContainerPort[];
  /** Ports that HTTP frontends send requests to. Absent: none. */
  readonly http?: ReadonlySet<number>;
}

/** An outside host, as who listens. */
export const speakerOf = (host: OutsideEndpoint): ListeningNamespace => ({
  netns: netnsOf(host),
  banner: host.name,
  ports: host.ports,
});

/**
 * A listener behind every port that a container or an outside host declares; it answers with the
 * name of whom it stands for. A pod on the host network listens in its node's namespace. Where an
 * HTTP server or a DNS server stands, its ports are its own.
 */
export function listenersOf(
  world: World,
  others: readonly ListeningNamespace[],
): readonly Command[] {
  const servers = new Set(dnsPods(world));
  const frontends = httpFrontends(world);
  const taken = new Set(
    frontends.flatMap(({ netns, proxy }) =>
      proxy.listeners.map(({ port }) => `${netns} TCP/${port}`),
    ),
  );
  const asked = askedOverHttp(
    world,
    frontends.flatMap(({ proxy }) => proxy.listeners.flatMap(actionsOf)),
  );
  const pods = world.pods.map(
    (pod): ListeningNamespace => ({
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
  return [...listenersByNetns([...pods, ...others], taken)]
    .map(
      ([netns, listeners]): Command => ({
        kind: 'listen',
        netns,
        listeners: [...listeners.values()],
      }),
    )
    .filter((command) => command.kind === 'listen' && command.listeners.length > 0);
}

function listenersByNetns(
  speakers: readonly ListeningNamespace[],
  taken: ReadonlySet<string>,
): ReadonlyMap<Netns, ReadonlyMap<string, Listener>> {
  const byNetns = new Map<Netns, Map<string, Listener>>();
  for (const speaker of speakers) {
    const known = byNetns.get(speaker.netns) ?? new Map<string, Listener>();
    for (const port of speaker.ports) {
      const isTaken = taken.has(`${speaker.netns} ${port.protocol}/${port.port}`);
      if (!isTaken) addOnce(known, port, speaker);
    }
    byNetns.set(speaker.netns, known);
  }
  return byNetns;
}

/** Of two containers that declare one port of one namespace, the first has it. */
function addOnce(
  known: Map<string, Listener>,
  { protocol, port }: ContainerPort,
  { banner, http }: ListeningNamespace,
): void {
  const key = `${protocol}/${port}`;
  if (known.has(key)) return;
  const listener: Listener = { protocol, port, banner };
  const speaksHttp = protocol === 'TCP' && http?.has(port) === true;
  known.set(key, speaksHttp ? { ...listener, speaks: 'http' } : listener);
}
