import type { Flow, FlowEnd } from './flow';
import type { World } from './world';

/** Which flows make the whole matrix of a world. */
export interface MatrixScope {
  /** `ports`: every declared port of every pod; `services` adds every Service port. */
  readonly destinations: 'pods' | 'pods-and-services';
}

/**
 * Every flow of the matrix: each pod and everybody outside as source, each port that a pod declares
 * (and each Service port) as destination. A pod to itself is left out: it never leaves the pod.
 */
export function allFlows(world: World, scope: MatrixScope): readonly Flow[] {
  const sources: readonly FlowEnd[] = [
    ...world.pods.map(({ namespace, name }) => ({ kind: 'pod', namespace, name }) as const),
    ...world.outside.flatMap(({ addresses: [address] }) =>
      address === undefined ? [] : [{ kind: 'ip', address } as const],
    ),
  ];
  const targets = [
    ...podPorts(world),
    ...(scope.destinations === 'pods' ? [] : servicePorts(world)),
  ];
  return sources.flatMap((from) =>
    targets.filter(({ to }) => !isSame(from, to)).map((target) => ({ from, ...target })),
  );
}

type Target = Pick<Flow, 'to' | 'protocol' | 'port'>;

const podPorts = (world: World): readonly Target[] =>
  world.pods.flatMap(({ namespace, name, ports }) =>
    ports.map(({ protocol, port }) => ({ to: { kind: 'pod', namespace, name }, protocol, port })),
  );

const servicePorts = (world: World): readonly Target[] =>
  world.services
    .filter(({ type }) => type !== 'ExternalName')
    .flatMap(({ namespace, name, ports }) =>
      ports.map(({ protocol, port }) => ({
        to: { kind: 'service', namespace, name },
        protocol,
        port,
      })),
    );

const isSame = (a: FlowEnd, b: FlowEnd): boolean =>
  a.kind === 'pod' && b.kind === 'pod' && a.namespace === b.namespace && a.name === b.name;
