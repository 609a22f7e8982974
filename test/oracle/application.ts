import type { Protocol } from '../../lib/model/flow';
import type { Application } from './applications';

/** A pod with its address. */
export interface Placed {
  readonly workload: string;
  readonly manifest: {
    readonly metadata: { readonly namespace: string; readonly name: string };
    readonly spec: { readonly hostNetwork: boolean };
  };
  readonly address: string;
  /** What Calico calls it: the name that replicas share. */
  readonly sharedName: string;
}

export interface Port {
  readonly protocol: Protocol;
  readonly port: number;
}

/** A call between two workloads or addresses. */
export interface Call extends Port {
  readonly from: string;
  readonly to: string;
}

/** An application as objects and calls. */
export interface Built {
  readonly namespaces: readonly object[];
  readonly pods: readonly Placed[];
  readonly calls: readonly Call[];
  readonly ports: readonly Port[];
  /** The node that host-network pods have their address from; the other pods run on another. */
  readonly nodes: readonly object[];
}

const NODES = { host: '10.0.0.1', others: '10.0.0.2' } as const;

/** The namespace of an application. */
export const homeOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Reads the lines of an application. */
export function build({ name, text, isIpv6 = false, more = [] }: Application): Built {
  const home = homeOf(name);
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const pods = lines
    .filter((line) => !line.includes(' > '))
    .flatMap((line, i) => podsIn(line, { home, i, isIpv6 }));
  const calls = lines.filter((line) => line.includes(' > ')).map((line) => callIn(line, home));
  const places = new Set(pods.map(({ manifest }) => manifest.metadata.namespace));
  const declared = lines
    .filter((line) => !line.includes(' > '))
    .flatMap((line) => line.split(' ').filter(isPort).map(portIn));
  return {
    namespaces: [...places].map((one) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: one, labels: { 'kubernetes.io/metadata.name': one } },
    })),
    pods,
    calls,
    ports: unique([...declared, ...calls, ...more.map((line) => callIn(line, home)), ...UNSEEN]),
    nodes: Object.entries(NODES).map(([node, address]) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: node },
      status: { addresses: [{ type: 'InternalIP', address }] },
    })),
  };
}

/** Ports that no application has. */
const UNSEEN: readonly Port[] = [
  { protocol: 'TCP', port: 4444 },
  { protocol: 'UDP', port: 4445 },
];

const unique = (ports: readonly Port[]): readonly Port[] => [
  ...new Map(
    ports.map(({ protocol, port }) => [`${protocol} ${port}`, { protocol, port }]),
  ).values(),
];

const isPort = (word: string): boolean => /^~?\d+(\/\w+)?$/.test(word);

function portIn(word: string): Port {
  const [port = '', protocol = 'TCP'] = word.replace('~', '').split('/');
  return { port: Number(port), protocol: protocol as Protocol };
}

export function callIn(line: string, home: string): Call {
  const [from = '', , to = '', port = ''] = line.trim().split(' ');
  return { from: endIn(from, home), to: endIn(to, home), ...portIn(port) };
}

const endIn = (word: string, home: string): string =>
  word.includes('/') || /^[\d.]+$/.test(word) || word.includes(':') ? word : `${home}/${word}`;

const KINDS = ['StatefulSet', 'DaemonSet', 'Job', 'ReplicaSet'];
/** Labels that the next deploy changes. */
const passing = (kind: string, name: string, i: number): object => {
  if (kind === 'Deployment') return { 'pod-template-hash': '6c7d9f8b5d' };
  if (kind === 'Job') return { 'job-name': `${name}-28912345` };
  return {
    'controller-revision-hash': `${name}-68f7${i}`,
    'topology.kubernetes.io/zone': `eu-west-1${'abc'[i % 3]}`,
  };
};
const LETTERS = 'bcdfghjklm';

interface Numbered {
  readonly home: string;
  readonly i: number;
  readonly isIpv6: boolean;
}

function podsIn(line: string, { home, i, isIpv6 }: Numbered): readonly Placed[] {
  const [title = '', ...words] = line.split(' ');
  const workload = endIn(title, home);
  const [namespace = '', name = ''] = workload.split('/');
  const replicas = Number(words.find((word) => /^x\d+$/.test(word))?.slice(1) ?? 1);
  const kind = words.find((word) => KINDS.includes(word)) ?? 'Deployment';
  const hostNetwork = words.includes('host');
  const labels = Object.fromEntries(
    words.filter((word) => word.includes('=')).map((word) => word.split('=')),
  );
  const ports = words
    .filter((word) => isPort(word) && !word.startsWith('~'))
    .map(portIn)
    .map(({ port, protocol }) => ({ containerPort: port, protocol }));
  const owner = ownerOf(kind, name);
  return Array.from({ length: replicas }, (_, r) => {
    const inner = isIpv6 ? `fd00:1::${i + 1}:${r + 1}` : `10.1.${i}.${r + 10}`;
    const address = hostNetwork ? NODES.host : inner;
    const suffix = kind === 'StatefulSet' ? String(r) : `${LETTERS[r]}2222`;
    return {
      workload,
      address,
      sharedName: `${owner.name}-*`,
      manifest: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          namespace,
          name: `${owner.name}-${suffix}`,
          labels: { ...labels, ...passing(kind, name, r) },
          ownerReferences: [{ ...owner, controller: true, uid: 'u' }],
        },
        spec: {
          hostNetwork,
          nodeName: hostNetwork ? 'host' : 'others',
          restartPolicy: kind === 'Job' ? 'Never' : 'Always',
          containers: [{ name: 'main', image: 'main', ports }],
        },
        status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }] },
      },
    };
  });
}

function ownerOf(
  kind: string,
  name: string,
): { readonly apiVersion: string; readonly kind: string; readonly name: string } {
  if (kind === 'Deployment')
    return { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-6c7d9f8b5d` };
  if (kind === 'Job') return { apiVersion: 'batch/v1', kind, name: `${name}-28912345` };
  return { apiVersion: 'apps/v1', kind, name };
}
