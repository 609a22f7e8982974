import { type Dice, diceOf } from '../build/random-http';

/** Stored objects, as an API server returns them, and questions about names. */
export interface StoredServices {
  readonly services: readonly object[];
  readonly pods: readonly object[];
  readonly nodes: readonly object[];
  readonly slices: readonly object[];
  readonly names: readonly { readonly name: string; readonly type: string }[];
}

const NAMESPACES = ['n1', 'n2'] as const;
const NODES = ['a', 'b', 'c'] as const;
const NAMES = ['s0', 's1', 's2', 's3', 's4', 's5'] as const;
const LABELS = ['red', 'blue'] as const;
const HOSTS = ['one', 'two'] as const;

/** A cluster of six Services over some twenty pods; the same seed gives the same one. */
export function randomServices(seed: number): StoredServices {
  const dice = diceOf(seed);
  const pods = Array.from({ length: 8 + dice.upTo(16) }, (_, i) => pod(dice, i));
  const made = NAMES.map((name, i) => service(dice, name, i));
  const own = made.filter(
    ({ spec }) =>
      spec.type !== 'ExternalName' && (spec.selector === undefined || dice.chance(0.15)),
  );
  return {
    pods,
    services: made,
    nodes: NODES.map((name, i) => node(name, dice.chance(0.8) ? ['x', 'y', 'x'][i] : undefined)),
    slices: own.flatMap((one, i) => slices(dice, one, i)),
    names: questions(dice, made),
  };
}

const node = (name: string, zone: string | undefined) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: { ...(zone && { 'topology.kubernetes.io/zone': `zone-${zone}` }) },
  },
  status: { addresses: [{ type: 'InternalIP', address: `192.168.0.${name.charCodeAt(0)}` }] },
});

function pod(dice: Dice, i: number) {
  const six = dice.chance(0.3);
  const ips = [`10.0.1.${i + 1}`, ...(six ? [`fd00::1:${(i + 1).toString(16)}`] : [])];
  const isDone = dice.chance(0.1);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `p${i}`,
      namespace: dice.pick(NAMESPACES),
      labels: { app: dice.pick(LABELS) },
      ...(dice.chance(0.25) && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    },
    spec: {
      nodeName: dice.pick(NODES),
      ...(dice.chance(0.3) && { hostname: dice.pick(HOSTS) }),
      ...(dice.chance(0.4) && { subdomain: dice.pick(NAMES) }),
      containers: [
        {
          name: 'c',
          image: 'i',
          ports: [
            ...(dice.chance(0.7) ? [{ name: 'web', containerPort: 8080, protocol: 'TCP' }] : []),
            ...(dice.chance(0.4) ? [{ name: 'dns', containerPort: 5353, protocol: 'UDP' }] : []),
          ],
        },
      ],
    },
    status: {
      phase: isDone ? dice.pick(['Succeeded', 'Failed']) : dice.pick(['Running', 'Pending']),
      conditions: [{ type: 'Ready', status: dice.pick(['True', 'True', 'False']) }],
      podIP: ips[0],
      podIPs: ips.map((ip) => ({ ip })),
    },
  };
}

interface StoredService {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly type: string;
    readonly selector?: object;
    readonly ports?: readonly { readonly name?: string; readonly protocol: string }[];
    readonly [field: string]: unknown;
  };
  readonly status?: object;
}

function service(dice: Dice, name: string, i: number): StoredService {
  const namespace = dice.pick(NAMESPACES);
  const head = { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace } };
  if (dice.chance(0.12)) {
    const target = dice.pick([
      'ext.example.com',
      's0.n1.svc.cluster.local',
      's1.n2.svc.cluster.local',
    ]);
    return { ...head, spec: { type: 'ExternalName', externalName: target } };
  }
  const families = dice.pick<readonly string[]>([['IPv4'], ['IPv4'], ['IPv4', 'IPv6'], ['IPv6']]);
  const isHeadless = dice.chance(0.3);
  const type = isHeadless ? 'ClusterIP' : dice.pick(['ClusterIP', 'NodePort', 'LoadBalancer']);
  const ips = families.map((f) => (f === 'IPv4' ? `172.30.0.${i + 1}` : `fd00:20::${i + 1}`));
  const isOutside = type !== 'ClusterIP' || dice.chance(0.2);
  return {
    ...head,
    spec: {
      type,
      ...(dice.chance(0.8) && { selector: { app: dice.pick(LABELS) } }),
      clusterIP: isHeadless ? 'None' : ips[0],
      clusterIPs: isHeadless ? ['None'] : ips,
      ipFamilies: families,
      ipFamilyPolicy: families.length > 1 ? 'RequireDualStack' : 'SingleStack',
      ...(isHeadless && dice.chance(0.3) ? {} : { ports: ports(dice, type, i) }),
      internalTrafficPolicy: dice.pick(['Cluster', 'Cluster', 'Local']),
      ...(isOutside && !isHeadless && type === 'ClusterIP' && { externalIPs: [`198.51.100.${i}`] }),
      ...(type !== 'ClusterIP' && { externalTrafficPolicy: dice.pick(['Cluster', 'Local']) }),
      ...(dice.chance(0.15) && { publishNotReadyAddresses: true }),
      ...(dice.chance(0.4) && {
        trafficDistribution: dice.pick(['PreferClose', 'PreferSameZone', 'PreferSameNode']),
      }),
    },
  };
}

function ports(dice: Dice, type: string, i: number) {
  const opens = type !== 'ClusterIP';
  const web = {
    name: 'http',
    protocol: 'TCP',
    port: 80,
    targetPort: dice.pick([8080, 'web', 'absent']),
    ...(opens && { nodePort: 30_000 + i }),
  };
  const dns = {
    name: 'dns',
    protocol: 'UDP',
    port: 53,
    targetPort: dice.pick([53, 'dns']),
    ...(opens && { nodePort: 31_000 + i }),
  };
  return dice.pick([[web], [web, dns], [dns]]);
}

/** Slices that somebody wrote, of every condition and hint. */
function slices(dice: Dice, { metadata: { name, namespace }, spec }: StoredService, i: number) {
  const maybe = (share: number): object => (dice.chance(share) ? { ready: dice.chance(0.5) } : {});
  return ['IPv4', 'IPv6'].map((addressType, k) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-own-${k}`,
      namespace,
      labels: { 'kubernetes.io/service-name': name },
    },
    addressType,
    ports: (spec.ports ?? []).map((port) => ({
      name: port.name,
      protocol: port.protocol,
      ...(dice.chance(0.9) && { port: 7000 + i }),
    })),
    endpoints: Array.from({ length: dice.upTo(4) }, (_, j) => ({
      addresses: [addressType === 'IPv4' ? `10.9.${i}.${j + 1}` : `fd00:9::${i + 1}:${j + 1}`],
      conditions: {
        ...maybe(0.7),
        ...(dice.chance(0.5) && { serving: dice.chance(0.7) }),
        ...(dice.chance(0.5) && { terminating: dice.chance(0.5) }),
      },
      ...(dice.chance(0.8) && { nodeName: dice.pick(NODES) }),
      ...(dice.chance(0.3) && { hostname: dice.pick(HOSTS) }),
      ...(dice.chance(0.6) && { hints: { forZones: [{ name: dice.pick(['zone-x', 'zone-y']) }] } }),
    })),
  }));
}

function questions(dice: Dice, made: readonly StoredService[]): StoredServices['names'] {
  const one = (): { name: string; type: string } => {
    const { name, namespace } = dice.pick(made).metadata;
    const own = `${name}.${namespace}.svc.cluster.local`;
    const asked = dice.pick([
      own,
      own,
      `_http._tcp.${own}`,
      `_dns._udp.${own}`,
      `_http._udp.${own}`,
      `${dice.pick(HOSTS)}.${own}`,
      `10-0-1-${1 + dice.upTo(12)}.${own}`,
      `absent.${own}`,
      `${namespace}.svc.cluster.local`,
      'absent.svc.cluster.local',
      'svc.cluster.local',
      'cluster.local',
      'dns-version.cluster.local',
      `${1 + dice.upTo(12)}.1.0.10.in-addr.arpa`,
      `${1 + dice.upTo(6)}.0.30.172.in-addr.arpa`,
    ]);
    const type = asked.endsWith('arpa')
      ? dice.pick(['PTR', 'PTR', 'PTR', 'A', 'TXT'])
      : dice.pick(['A', 'A', 'AAAA', 'SRV', 'CNAME', 'TXT', 'MX']);
    return { name: asked, type };
  };
  return Array.from({ length: 12 }, one);
}
