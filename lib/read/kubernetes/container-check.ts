import { type At, complain, inside } from '../schema/at';
import type { Container } from './container';

interface ContainersOfPod {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly hostNetwork?: boolean;
}

/**
 * Names and ports of a pod's containers (k8s pkg/apis/core/validation: validateContainerPorts,
 * AccumulateUniqueHostPorts).
 */
export function checkContainers(spec: ContainersOfPod, at: At): void {
  const { containers = [], initContainers = [], hostNetwork = false } = spec;
  const names = new Set<string>();
  const hostPorts = new Set<string>();
  const lists = [
    ['containers', containers],
    ['initContainers', initContainers],
  ] as const;
  for (const [field, list] of lists) {
    const seen = field === 'containers' ? hostPorts : new Set<string>();
    for (const [i, one] of list.entries()) {
      const place = inside(inside(at, field), i);
      const { name } = one;
      if (name !== undefined && names.has(name)) {
        complain(inside(place, 'name'), `two containers are named '${name}'`, 'rename one');
      }
      names.add(name ?? '');
      checkPorts(one, { hostNetwork, hostPorts: seen }, inside(place, 'ports'));
    }
  }
}

interface HostSide {
  readonly hostNetwork: boolean;
  readonly hostPorts: Set<string>;
}

function checkPorts({ ports = [] }: Container, { hostNetwork, hostPorts }: HostSide, at: At): void {
  const names = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const place = inside(at, i);
    const { name, protocol = 'TCP', containerPort } = port;
    if (name !== undefined && names.has(name)) {
      const problem = `two ports of this container are named '${name}'`;
      complain(
        inside(place, 'name'),
        problem,
        'rename one: a targetPort of that name means one port',
      );
    }
    names.add(name ?? '');
    // On the host's network the server sets hostPort itself.
    const hostPort = port.hostPort ?? (hostNetwork ? containerPort : undefined);
    if (hostPort === undefined) continue;
    const where = inside(place, 'hostPort');
    if (hostNetwork && hostPort !== containerPort) {
      const problem = `with hostNetwork the port on the host is containerPort (${containerPort})`;
      complain(where, problem, `write ${containerPort}, or remove it`);
    }
    const key = `${protocol}/${port.hostIP ?? ''}/${hostPort}`;
    if (hostPorts.has(key)) {
      complain(where, `${protocol} ${hostPort} of the host is written twice`, 'change one');
    }
    hostPorts.add(key);
  }
}
