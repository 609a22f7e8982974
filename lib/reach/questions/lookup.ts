import type { Explanation } from '../../model/explanation';
import type { Flow } from '../../model/flow';
import type { World } from '../../model/world';
import type { Engine } from '../engine';

/**
 * The question that comes before a call by name: may the caller ask the cluster's DNS? A flow to a
 * Service is judged by its address; a client that only knows the name stops here. `undefined` where
 * the call uses no name, the caller is no pod, or the files hold no DNS Service (`kube-dns` in
 * `kube-system`, the name every cluster keeps for CoreDNS).
 */
export function lookup(world: World, engine: Engine, flow: Flow): Explanation | undefined {
  const dns = world.services.find((s) => s.namespace === 'kube-system' && s.name === 'kube-dns');
  if (flow.to.kind !== 'service' || flow.from.kind !== 'pod' || dns === undefined) return undefined;
  const { namespace, name } = dns;
  return engine.explain({
    from: flow.from,
    to: { kind: 'service', namespace, name },
    protocol: 'UDP',
    port: 53,
  });
}
