/** A number from 0 to 1, from a seed: the same sequence every time (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** An object as `kubectl get -o json` prints it, without what nobody reads. */
export type DumpedObject = Readonly<Record<string, unknown>>;

const NAMESPACES = ['alpha', 'beta'];
const NODES = ['n1', 'n2', 'n3'];
const POD_BLOCKS = ['10.244.0.0/16', '10.244.1.0/24', '10.0.0.0/8', '100.64.0.0/10'];
const NODE_BLOCKS = ['192.168.10.0/24', '192.168.10.1/32', '192.168.0.0/16'];
const SERVICE_BLOCKS = ['10.96.0.0/16', '10.96.0.11/32'];

/** A cluster's dump in which everything is said: pods, nodes, Services, slices and policies of all kinds. */
export function dumpFrom(seed: number): readonly DumpedObject[] {
  const next = numbersFrom(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T;
  const blocks = [...POD_BLOCKS, ...NODE_BLOCKS, ...SERVICE_BLOCKS, '0.0.0.0/0', '8.8.8.0/24'];
  const rule = (field: 'from' | 'to'): DumpedObject => {
    const peers = [
      { ipBlock: { cidr: pick(blocks) } },
      { ipBlock: { cidr: '0.0.0.0/0', except: [pick(blocks.slice(0, 9))] } },
      { podSelector: { matchLabels: { app: pick(['a', 'b', 'c']) } } },
      { namespaceSelector: { matchLabels: { team: pick(NAMESPACES) } }, podSelector: {} },
    ];
    const ports = next() < 0.4 ? { ports: [{ port: pick([80, 8080]) }] } : {};
    return { [field]: [pick(peers), ...(next() < 0.3 ? [pick(peers)] : [])], ...ports };
  };
  const policies = Array.from({ length: 3 }, (_, i): DumpedObject => {
    const direction = pick(['Ingress', 'Egress']);
    const rules = direction === 'Ingress' ? { ingress: [rule('from')] } : { egress: [rule('to')] };
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `np${i}`, namespace: pick(NAMESPACES) },
      spec: {
        podSelector: next() < 0.5 ? {} : { matchLabels: { app: pick(['a', 'b']) } },
        policyTypes: [direction],
        ...rules,
      },
    };
  });
  const admin: DumpedObject = {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'cnp' },
    spec: {
      tier: 'Admin',
      priority: 10,
      subject: { namespaces: {} },
      egress: [
        {
          action: pick(['Accept', 'Deny', 'Pass']),
          to: [
            pick<DumpedObject>([
              { nodes: { matchLabels: { zone: pick(['x', 'y']) } } },
              { nodes: { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] } },
              { networks: [pick(blocks)] },
            ]),
          ],
        },
      ],
    },
  };
  const calico: DumpedObject = {
    apiVersion: 'projectcalico.org/v3',
    kind: 'GlobalNetworkPolicy',
    metadata: { name: 'gnp' },
    spec: {
      order: pick([10, 2000]),
      selector: pick(['app == "b"', 'all()', 'has(app)']),
      types: ['Ingress'],
      ingress: [
        { action: pick(['Deny', 'Allow']), source: { nets: [pick(blocks)] } },
        { action: pick(['Allow', 'Pass']), source: { notNets: [pick(blocks.slice(0, 8))] } },
      ],
    },
  };
  return [
    ...NAMESPACES.map((name) => namespaceOf(name)),
    ...NODES.map((name, i) => nodeOf(name, i)),
    ...NAMESPACES.flatMap((namespace, n) =>
      ['a', 'b'].map((app, i) => podOf({ namespace, app, number: n * 2 + i, node: pick(NODES) })),
    ),
    ...servicesOf(pick(['Cluster', 'Local']), pick(NODES)),
    ...policies,
    ...(next() < 0.6 ? [admin] : []),
    ...(next() < 0.6 ? [calico] : []),
  ];
}

const namespaceOf = (name: string): DumpedObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name, team: name } },
});

const nodeOf = (name: string, i: number): DumpedObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: { 'kubernetes.io/hostname': name, ...(i < 2 && { zone: ['x', 'y'][i] }) },
  },
  status: { addresses: [{ type: 'InternalIP', address: `192.168.10.${i + 1}` }] },
});

interface PodFacts {
  readonly namespace: string;
  readonly app: string;
  readonly number: number;
  readonly node: string;
}

const podOf = ({ namespace, app, number, node }: PodFacts): DumpedObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: app, namespace, labels: { app } },
  spec: {
    nodeName: node,
    containers: [{ name: 'm', image: 'n', ports: [{ name: 'web', containerPort: 8080 }] }],
  },
  status: {
    phase: 'Running',
    podIP: `10.244.${number % 2}.${number + 10}`,
    podIPs: [{ ip: `10.244.${number % 2}.${number + 10}` }],
    hostIP: `192.168.10.${NODES.indexOf(node) + 1}`,
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});

function servicesOf(policy: string, node: string): readonly DumpedObject[] {
  const port = { name: 'web', port: 80, protocol: 'TCP', targetPort: 8080 };
  const service = (name: string, spec: object, status: object = {}): DumpedObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'alpha' },
    spec: { ports: [port], ...spec },
    status,
  });
  const addressed = (address: string) => ({ clusterIP: address, clusterIPs: [address] });
  return [
    service('plain', { type: 'ClusterIP', ...addressed('10.96.0.11'), selector: { app: 'b' } }),
    service('node', {
      type: 'NodePort',
      ...addressed('10.96.0.12'),
      selector: { app: 'b' },
      externalTrafficPolicy: policy,
      ports: [{ ...port, nodePort: 30080 }],
    }),
    service(
      'balanced',
      {
        type: 'LoadBalancer',
        ...addressed('10.96.0.13'),
        selector: { app: 'a' },
        loadBalancerClass: 'example.com/metal',
        ports: [{ ...port, nodePort: 30081 }],
      },
      { loadBalancer: { ingress: [{ ip: '198.51.100.7' }] } },
    ),
    service('listed', { type: 'ClusterIP', ...addressed('10.96.0.14') }),
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'listed-1',
        namespace: 'alpha',
        labels: { 'kubernetes.io/service-name': 'listed' },
      },
      addressType: 'IPv4',
      endpoints: [
        { addresses: ['10.244.0.12'], conditions: { ready: true }, nodeName: node },
        { addresses: ['8.8.8.8'], conditions: { ready: true } },
      ],
      ports: [{ name: 'web', port: 8080, protocol: 'TCP' }],
    },
  ];
}

/** Flows between all kinds of ends of the dump. */
export const DUMP_FLOWS: readonly object[] = [
  ...['alpha/a', 'beta/b'].flatMap((from) =>
    [
      ...['alpha/b', 'beta/a', 'node:n1', 'node:n3', 'ip:8.8.8.8', 'ip:10.244.1.99', 'internet'],
      ...['svc:alpha/plain', 'svc:alpha/node', 'svc:alpha/balanced', 'svc:alpha/listed'],
    ].map((to) => ({ from, to, protocol: 'TCP', port: 80 })),
  ),
  ...['ip:8.8.8.8', 'ip:10.50.0.1', 'internet', 'node:n2', 'node:n3'].map((from) => ({
    from,
    to: 'alpha/b',
    protocol: 'TCP',
    port: 8080,
  })),
  { from: 'ip:10.50.0.1', to: 'node:n1', protocol: 'TCP', port: 30080 },
  { from: 'beta/a', to: 'node:n2', protocol: 'TCP', port: 30080 },
  { from: 'beta/a', to: 'ip:198.51.100.7', protocol: 'TCP', port: 80 },
  { from: 'ip:10.50.0.1', to: 'ip:198.51.100.7', protocol: 'TCP', port: 80 },
  { from: 'beta/a', to: 'ip:10.96.0.11', protocol: 'TCP', port: 80 },
];
