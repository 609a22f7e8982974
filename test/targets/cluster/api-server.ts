import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Cluster, openCluster } from '../../../lib/targets/cluster/cluster';

/** One stored object. */
export type Stored = Record<string, unknown> & {
  kind: string;
  metadata: Record<string, unknown> & { name: string; namespace?: string };
  status?: Record<string, unknown>;
};

/** What a command in a pod does here. */
export type Answer = { readonly code: number; readonly stdout?: string; readonly stderr?: string };

export interface FakeOptions {
  /** Reads of a workload until it has rolled out; 0 by default. */
  readonly readsUntilReady?: number;
  /** Answers a command run in a pod. */
  readonly exec?: (pod: string, command: readonly string[], api: FakeApi) => Answer | 'cut';
  /** Refuses a request with this status, or lets it pass. */
  readonly refuse?: (method: string, path: string) => number | undefined;
}

/** A Kubernetes API server over real HTTP, with as much of it as this room asks for. */
export interface FakeApi {
  readonly cluster: Cluster;
  /** How `kubectl` would reach it. */
  readonly kubeconfig: string;
  /** By path, such as `/api/v1/namespaces/shop/pods/web-1`. */
  readonly objects: Map<string, Stored>;
  /** `PATCH /api/...`, in order. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** Kinds it knows, by group and version. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, readonly [string, boolean]>>>> = {
  '/api/v1': {
    Namespace: ['namespaces', false],
    Node: ['nodes', false],
    Pod: ['pods', true],
    Service: ['services', true],
    PersistentVolumeClaim: ['persistentvolumeclaims', true],
  },
  '/apis/apps/v1': { Deployment: ['deployments', true], DaemonSet: ['daemonsets', true] },
  '/apis/operator.tigera.io/v1': {
    Installation: ['installations', false],
    APIServer: ['apiservers', false],
    TigeraStatus: ['tigerastatuses', false],
  },
  '/apis/networking.k8s.io/v1': {
    NetworkPolicy: ['networkpolicies', true],
    Ingress: ['ingresses', true],
  },
};

export async function startApi(options: FakeOptions = {}): Promise<FakeApi> {
  const objects = new Map<string, Stored>();
  const reads = new Map<string, number>();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    requests.push(`${request.method} ${url.pathname}`);
    const status = options.refuse?.(request.method ?? '', url.pathname);
    if (status !== undefined)
      return void send(response, status, failure(status, 'refused by the "test"'));
    const body = await textOf(request);
    if (url.searchParams.get('dryRun') === 'All') return void send(response, 200, JSON.parse(body));
    handle({ request, response, path: url.pathname, body });
  });
  const handle = (at: Request): void => {
    const group = GROUPS[at.path];
    if (group !== undefined) return void send(at.response, 200, discovery(at.path, group));
    const { method } = at.request;
    if (method === 'PATCH') apply(at, objects);
    else if (method === 'DELETE') remove(at, objects);
    else read(at, { objects, reads, readsUntilReady: options.readsUntilReady ?? 0 });
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const text = kubeconfigOf(`http://127.0.0.1:${port}`);
  const cluster = openCluster({ kind: 'kubeconfig', text });
  const api: FakeApi = {
    cluster,
    kubeconfig: text,
    objects,
    requests,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  serveExec(server, options, api);
  return api;
}

/** The client speaks plain HTTP only where the kubeconfig waives TLS. */
const kubeconfigOf = (server: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'fake', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user: { token: 'test' } }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'me' } }],
    'current-context': 'fake',
  });

interface Request {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly body: string;
}

function apply({ path, body, response }: Request, objects: Map<string, Stored>): void {
  const namespace = /\/namespaces\/([^/]+)\/[^/]+\//.exec(path)?.[1];
  if (namespace !== undefined && !objects.has(`/api/v1/namespaces/${namespace}`)) {
    return void send(response, 404, failure(404, `namespaces "${namespace}" not found`));
  }
  const object = JSON.parse(body) as Stored;
  const before = objects.get(path);
  const generation = Number(before?.metadata.generation ?? 0) + 1;
  const uid = before?.metadata.uid ?? `uid-${objects.size}`;
  // What is ending may still be written, and ends all the same.
  const ending = before?.metadata.deletionTimestamp;
  const more = ending === undefined ? {} : { deletionTimestamp: ending };
  const stored = { ...object, metadata: { ...object.metadata, ...more, generation, uid } };
  objects.set(path, stored);
  if (object.kind === 'Deployment') makePods(path, stored, objects);
  send(response, 200, stored);
}

/** What the controllers of a Deployment would make: a ReplicaSet's pods, running, with addresses. */
function makePods(path: string, { metadata, spec }: Stored, objects: Map<string, Stored>): void {
  const { name, namespace = 'default' } = metadata;
  const { replicas = 1, template } = spec as { replicas?: number; template: { spec: object } };
  const root = `/api/v1/namespaces/${namespace}/pods`;
  for (let i = 0; i < replicas; i++) {
    const pod = `${name}-5d4f-${'xyzab'[i]}`;
    const owner = { kind: 'ReplicaSet', name: `${name}-5d4f` };
    objects.set(`${root}/${pod}`, {
      kind: 'Pod',
      metadata: { name: pod, namespace, ownerReferences: [owner], of: path },
      spec: template.spec,
      status: { phase: 'Running', podIP: `10.0.0.${objects.size}` },
    });
  }
}

function read(
  { path, response }: Request,
  at: {
    readonly objects: Map<string, Stored>;
    readonly reads: Map<string, number>;
    readonly readsUntilReady: number;
  },
): void {
  const object = at.objects.get(path);
  if (object !== undefined) {
    const count = (at.reads.get(path) ?? 0) + 1;
    at.reads.set(path, count);
    const unready = count === 1 ? 'unseen' : 'starting';
    const phase = count > at.readsUntilReady ? 'ready' : unready;
    return void send(response, 200, isWorkload(object) ? withStatus(object, phase) : object);
  }
  const collection = Object.entries(GROUPS).find(([root]) => path.startsWith(root));
  const plural = path.split('/').at(-1) ?? '';
  const kinds = Object.entries(collection?.[1] ?? {});
  const kind = kinds.find(([, [name]]) => name === plural)?.[0];
  if (kind === undefined) return void send(response, 404, failure(404, `${path} not found`));
  const namespace = /\/namespaces\/([^/]+)\//.exec(path)?.[1];
  const items = [...at.objects.values()].filter(
    (one) => one.kind === kind && (namespace === undefined || one.metadata.namespace === namespace),
  );
  send(response, 200, { kind: `${kind}List`, apiVersion: 'v1', metadata: {}, items });
}

const isWorkload = ({ kind }: Stored): boolean => kind === 'Deployment' || kind === 'DaemonSet';

/** Before its controller has seen a change, a workload shows the status of the time before. */
function withStatus(object: Stored, phase: 'unseen' | 'starting' | 'ready'): Stored {
  const { replicas = 1 } = (object.spec ?? {}) as { replicas?: number };
  const generation = Number(object.metadata.generation);
  const observedGeneration = phase === 'unseen' ? generation - 1 : generation;
  const availableReplicas = phase === 'starting' ? 0 : replicas;
  const status = { replicas, updatedReplicas: replicas, availableReplicas };
  return { ...object, status: { observedGeneration, ...status } };
}

function remove({ path, response }: Request, objects: Map<string, Stored>): void {
  const object = objects.get(path);
  if (object === undefined) return void send(response, 404, failure(404, `${path} not found`));
  objects.delete(path);
  for (const [key, one] of [...objects]) {
    const lived = object.kind === 'Namespace' && one.metadata.namespace === object.metadata.name;
    if (lived || one.metadata.of === path) objects.delete(key);
  }
  send(response, 200, { kind: 'Status', apiVersion: 'v1', status: 'Success' });
}

/** What `ws` gives; it has no types of its own. */
interface WebSocketServer {
  handleUpgrade(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    done: (peer: { send(data: Buffer): void; close(): void; terminate(): void }) => void,
  ): void;
}

/** `kubectl exec`'s protocol: channel 1 stdout, 2 stderr, 3 the status (v4.channel.k8s.io). */
function serveExec(
  server: ReturnType<typeof createServer>,
  { exec }: FakeOptions,
  api: FakeApi,
): void {
  const { WebSocketServer } = require('ws') as {
    WebSocketServer: new (options: object) => WebSocketServer;
  };
  const handleProtocols = () => 'v4.channel.k8s.io';
  const sockets = new WebSocketServer({ noServer: true, handleProtocols });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const [, namespace, pod] = /namespaces\/([^/]+)\/pods\/([^/]+)\/exec/.exec(url.pathname) ?? [];
    const answer = exec?.(`${namespace}/${pod}`, url.searchParams.getAll('command'), api);
    sockets.handleUpgrade(request, socket, head, (peer) => {
      if (answer === undefined || answer === 'cut') return peer.terminate();
      const tell = (channel: number, text: string) =>
        peer.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
      tell(1, answer.stdout ?? '');
      tell(2, answer.stderr ?? '');
      const causes = [{ reason: 'ExitCode', message: String(answer.code) }];
      const status = answer.code === 0 ? 'Success' : 'Failure';
      tell(3, JSON.stringify({ status, details: { causes } }));
      peer.close();
    });
  });
}

const discovery = (path: string, kinds: (typeof GROUPS)[string]): object => ({
  kind: 'APIResourceList',
  groupVersion: path.replace(/^\/apis?\//, ''),
  resources: Object.entries(kinds).map(([kind, [name, namespaced]]) => ({
    name,
    kind,
    namespaced,
    singularName: '',
    verbs: ['get', 'list', 'patch', 'delete'],
  })),
});

const failure = (code: number, message: string): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  message,
});

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function textOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
