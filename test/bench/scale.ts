import type { FlowEnd } from '../../lib/model/flow';
import type { World } from '../../lib/model/world';
import type { MatrixQuery } from '../../lib/reach/matrix/types';
import { namespace, networkPolicy, node, pod } from '../build/manifests';
import { worldOf } from '../build/world-of';

/** How big a made-up cluster is. */
export interface Scale {
  readonly namespaces: number;
  readonly workloads: number;
  readonly replicas: number;
  readonly policies: number;
  /** Does each policy select one workload of a namespace, or every pod of it? */
  readonly selects: 'workload' | 'namespace';
}

/** A cluster of workloads that call each other in rings, within and across namespaces. */
export function scaleWorld({ namespaces, workloads, replicas, policies, selects }: Scale): World {
  const each = <T>(count: number, make: (i: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, i) => make(i));
  const pods = each(namespaces, (n) =>
    each(workloads, (w) =>
      each(replicas, (r) =>
        pod(`ns-${n}/app-${w}-${r}`, {
          labels: { app: `app-${w}`, part: `part-${w % 3}`, pod: `${n}-${w}-${r}` },
          node: `node-${(w + r) % 4}`,
          ip: address(n, w * replicas + r),
        }),
      ),
    ),
  ).flat(2);
  return worldOf([
    ...each(4, (i) => node(`node-${i}`, `192.168.0.${i + 1}`)),
    ...each(namespaces, (i) => namespace(`ns-${i}`, { team: `team-${i % 5}` })),
    ...pods,
    ...each(policies, (i) => policy(i, { namespaces, workloads, selects })),
  ]);
}

const address = (namespace: number, place: number): string =>
  `10.${namespace}.${Math.floor(place / 250)}.${(place % 250) + 1}`;

function policy(i: number, scale: Pick<Scale, 'namespaces' | 'workloads' | 'selects'>) {
  const { namespaces, workloads, selects } = scale;
  const own = Math.floor(i / namespaces) % workloads;
  const app = (n: number) => ({ matchLabels: { app: `app-${n % workloads}` } });
  return networkPolicy(`ns-${i % namespaces}/policy-${i}`, {
    podSelector: selects === 'workload' ? app(own) : {},
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [{ podSelector: app(own + 1) }], ports: [{ port: 80 }] },
      {
        from: [{ namespaceSelector: { matchLabels: { team: `team-${i % 5}` } } }],
        ports: [{ port: 8080 }],
      },
      { from: [{ ipBlock: { cidr: `10.${i % namespaces}.0.${(own % 16) * 16}/28` } }] },
    ],
    egress: [
      {
        to: [
          {
            podSelector: {
              matchExpressions: [{ key: 'part', operator: 'In', values: ['part-0', 'part-1'] }],
            },
          },
        ],
        ports: [{ port: 80 }],
      },
      { to: [{ namespaceSelector: {}, podSelector: app(own + 2) }], ports: [{ port: 'web' }] },
    ],
  });
}

/** Every pod against every pod, on one port. */
export function allPairs(world: World): MatrixQuery {
  const ends = world.pods.map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name }));
  return {
    sources: ends,
    targets: ends.map((to) => ({ to, protocol: 'TCP', port: 80 }) as const),
  };
}
