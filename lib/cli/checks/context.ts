import type { Lab } from '../../lab/format';
import type { LabProgress } from '../../lab/progress';
import { resolveEnd, type Scope } from '../../lab/resolve';
import type { FlowEnd } from '../../model/flow';
import type { Endpoint, PodEndpoint } from '../../model/world';
import { createEngine, type Engine } from '../../reach/engine';
import { clusterOf } from '../lab-world';
import type { Local } from '../local';

/** Everything that a check of a cluster lab may look at. */
export interface CheckContext {
  readonly local: Local;
  readonly scope: Scope;
  readonly engine: Engine;
  readonly progress: LabProgress | undefined;
}

/** What checks of a running lab look at, as it stands now. */
export function contextOf(
  lab: Lab<string>,
  local: Local,
  progress: LabProgress | undefined,
): CheckContext {
  const world = local.world();
  const scope = { world, home: clusterOf(lab).home };
  return { local, scope, progress, engine: createEngine(world, { staged: 'as-written' }) };
}

/** The endpoints that a name of the lab stands for; a Service is none. */
export function endpointsOf(name: string, scope: Scope): readonly Endpoint[] {
  const { pods, nodes, outside } = scope.world;
  const all: readonly Endpoint[] = [...pods, ...nodes, ...outside];
  return resolveEnd(name, scope).flatMap((end) => all.filter((one) => isAt(one, end)));
}

/** The addresses that a name stands for: a Service's own, or those of its endpoints. */
export function addressesOf(name: string, scope: Scope): readonly string[] {
  const services = resolveEnd(name, scope).flatMap((end) =>
    end.kind === 'service'
      ? scope.world.services.filter((s) => s.namespace === end.namespace && s.name === end.name)
      : [],
  );
  return [
    ...services.flatMap(({ clusterIps }) => clusterIps),
    ...endpointsOf(name, scope).flatMap(({ addresses }) => addresses),
  ];
}

/** Is this endpoint the one that the end of a flow names? */
export function isAt(endpoint: Endpoint, end: FlowEnd): boolean {
  switch (end.kind) {
    case 'pod':
      return endpoint.kind === 'pod' && samePod(endpoint, end);
    case 'node':
      return endpoint.kind === 'node' && endpoint.name === end.name;
    case 'ip':
      return endpoint.addresses.includes(end.address);
    case 'internet':
      return endpoint.kind === 'outside' && endpoint.name === 'internet';
    case 'service':
    case 'eni':
      return false;
  }
}

const samePod = (
  pod: PodEndpoint,
  end: { readonly namespace: string; readonly name: string },
): boolean => pod.namespace === end.namespace && pod.name === end.name;
