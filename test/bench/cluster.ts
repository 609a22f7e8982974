import { namespace, networkPolicy, pod } from '../build/manifests';

/** How big a made-up cluster is. */
export interface ClusterSize {
  readonly pods: number;
  readonly policies: number;
}

/** Objects of a made-up cluster, as the API server stores them: with addresses and every default. */
export interface ClusterObjects {
  readonly namespaces: readonly object[];
  readonly pods: readonly object[];
  readonly policies: readonly object[];
}

const REPLICAS = 3;
const APPS = 10;
/** Of so many policies of a namespace, one selects all of its pods; the others select one workload. */
const WIDE = 5;

const each = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/**
 * Workloads of three pods that call each other, ten a namespace. Policies are spread over the
 * namespaces: some isolate the whole namespace, most open one workload to a few others.
 */
export function clusterOf({ pods, policies }: ClusterSize): ClusterObjects {
  const count = Math.ceil(pods / (REPLICAS * APPS));
  return {
    namespaces: each(count, (i) =>
      namespace(`ns-${i}`, { team: `team-${i % 5}`, 'kubernetes.io/metadata.name': `ns-${i}` }),
    ),
    pods: each(pods, podAt),
    policies: each(policies, (i) => policyAt(i, count)),
  };
}

const labelsOf = (app: number) => ({ app: `app-${app}`, part: `part-${app % 3}` });

/** The address of a pod, by its place. */
export const addressOf = (i: number): string =>
  `10.${(i >>> 16) & 255}.${(i >>> 8) & 255}.${i & 255}`;

function podAt(i: number): object {
  const app = Math.floor(i / REPLICAS) % APPS;
  const name = `ns-${Math.floor(i / (REPLICAS * APPS))}/app-${app}-${i % REPLICAS}`;
  const ports = [{ containerPort: 80, name: 'web', protocol: 'TCP' }];
  const ip = addressOf(i);
  const made = pod(name, {
    labels: { ...labelsOf(app), pod: `p${i}` },
    ports,
    node: `node-${i % 50}`,
  });
  return { ...made, status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] } };
}

function policyAt(i: number, namespaces: number): object {
  const place = Math.floor(i / namespaces);
  const app = (n: number) => ({ matchLabels: { app: `app-${n % APPS}` } });
  const tcp = (port: number) => [{ protocol: 'TCP', port }];
  return networkPolicy(`ns-${i % namespaces}/policy-${i}`, {
    podSelector: place % WIDE === 0 ? {} : app(place),
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [{ podSelector: app(place + 1) }], ports: tcp(80) },
      {
        from: [{ namespaceSelector: { matchLabels: { team: `team-${i % 5}` } } }],
        ports: tcp(8080),
      },
      { from: [{ ipBlock: { cidr: `10.0.${i % 4}.${(place % 16) * 16}/28` } }] },
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
        ports: tcp(80),
      },
      { to: [{ namespaceSelector: {}, podSelector: app(place + 2) }], ports: tcp(80) },
    ],
  });
}

/** The cluster as `kubectl get -o json` prints it: one List. */
export const listOf = ({ namespaces, pods, policies }: ClusterObjects): object => ({
  apiVersion: 'v1',
  kind: 'List',
  items: [...namespaces, ...pods, ...policies],
});
