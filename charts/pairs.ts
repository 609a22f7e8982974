import { chart } from './chart';
import { namespaces, PerNode } from './workload';

/** A client and a server on every node: pairs that share a node, and pairs that do not. */
export const Pairs = chart((scope) => {
  namespaces(scope, 'demo');
  new PerNode(scope, { name: 'client', namespace: 'demo', port: 8080 });
  new PerNode(scope, { name: 'server', namespace: 'demo', port: 8080 });
});
