import type { ContainerPort, OutsideEndpoint, World } from '../model/world';
import type { Command, Listener, Netns } from './command';
import { dnsPods } from './dns';
import { netnsOf } from './names';

/** Who listens in a namespace, and on what. */
export interface Speaker {
  readonly netns: Netns;
  readonly banner: string;
  readonly ports: readonly ContainerPort[];
}

/** An outside host, as who listens. */
export const speakerOf = (host: OutsideEndpoint): Speaker => ({
  netns: netnsOf(host),
  banner: host.name,
  ports: host.ports,
});

/**
 * A listener behind every port that a container or an outside host declares; it answers with the
 * name of whom it stands for. A pod on the host network listens in its node's namespace.
 */
export function listenersOf(world: World, others: readonly Speaker[]): readonly Command[] {
  const servers = new Set(dnsPods(world));
  const pods = world.pods.map(
    (pod): Speaker => ({
      netns: netnsOf(pod),
      banner: `${pod.namespace}/${pod.name}`,
      ports: servers.has(pod) ? pod.ports.filter(({ port }) => port !== 53) : pod.ports,
    }),
  );
  const byNetns = new Map<Netns, Map<string, Listener>>();
  for (const { netns, banner, ports } of [...pods, ...others]) {
    const known = byNetns.get(netns) ?? new Map<string, Listener>();
    for (const port of ports) addOnce(known, port, banner);
    byNetns.set(netns, known);
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
function addOnce(known: Map<string, Listener>, declared: ContainerPort, banner: string): void {
  const { protocol, port } = declared;
  const key = `${protocol}/${port}`;
  if (!known.has(key)) known.set(key, { protocol, port, banner });
}
