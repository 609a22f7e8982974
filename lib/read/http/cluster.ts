import type { HttpCondition, HttpTarget } from '../../model/http';
import type { Labels } from '../../model/selector';
import type { Namespace, OutsideEndpoint, PodEndpoint, Service } from '../../model/world';
import { type At, warn } from '../schema/at';

/** What HTTP objects refer to. */
export interface HttpCluster {
  readonly services: readonly Service[];
  /** Annotations of Services by `namespace/name`. */
  readonly annotations: ReadonlyMap<string, Labels>;
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly PodEndpoint[];
  readonly outside: readonly OutsideEndpoint[];
}

/** Conditions as they are found; those that are not met become warnings too. */
export interface Conditions {
  readonly all: readonly HttpCondition[];
  add(condition: HttpCondition, at: At, fix?: string): void;
}

/** No condition yet. */
export function newConditions(): Conditions {
  const all: HttpCondition[] = [];
  return {
    all,
    add(condition, at, fix) {
      all.push(condition);
      const isBad = (condition.status === 'False') === (condition.type !== 'Conflicted');
      if (!isBad) return;
      const { part, type, reason, message } = condition;
      const what = part === undefined ? '' : `${part}: `;
      warn(at, `${what}${message} (${type} ${condition.status}, ${reason})`, fix ?? 'change it');
    },
  };
}

/** The port of a Service that a backend names, or why there is none. */
export function serviceTarget(
  { services }: HttpCluster,
  {
    namespace,
    name,
    port,
  }: {
    readonly namespace: string;
    readonly name: string;
    readonly port: number | string;
  },
): HttpTarget | { readonly missing: string } {
  const found = services.find((one) => one.namespace === namespace && one.name === name);
  if (found === undefined) return { missing: `Service ${namespace}/${name} is not here` };
  if (found.type === 'ExternalName') {
    return { missing: `Service ${namespace}/${name} is of type ExternalName` };
  }
  const known = found.ports.some((one) => one.port === port || one.name === port);
  return known
    ? { kind: 'service', namespace, name, port }
    : { missing: `Service ${namespace}/${name} has no port ${port}` };
}
