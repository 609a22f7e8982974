import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, openCluster } from '../../../../lib/targets/cluster/cluster';
import { type RunResult, runProgram } from '../../../../lib/targets/cluster/run';
import { type Component, freePort, startComponent, waitFor } from './component';
import { PROGRAM } from './install';

/** What the API server said to a request. */
export interface Said {
  readonly status: number;
  readonly body: unknown;
}

/** A Kubernetes control plane of our own on the loopback address. */
export interface ControlPlane {
  /** As the project reaches a cluster on EKS: address, authority and token. */
  readonly cluster: Cluster;
  /** Asks the API server as it is, past every client library; a body is server-side applied. */
  ask(method: 'GET' | 'PATCH', path: string, body?: object): Promise<Said>;
  kubectl(args: readonly string[], stdin?: string): Promise<RunResult>;
  /** Its files; they go with it. */
  readonly folder: string;
  /** How components beside it reach it: a file in its folder. */
  readonly kubeconfig: string;
  /** Starts one more component where it runs itself, until the end. */
  run(name: string, flags: Readonly<Record<string, string>>): Component;
  /** How a shell calls kubectl with this cluster. */
  readonly kubectlCommand: string;
  stop(): Promise<void>;
}

/** Where a control plane runs. */
export interface Place {
  /** What a command begins with to run there. */
  readonly inside: readonly string[];
  /** Flags of the API server that say where it is known there. */
  readonly known: Readonly<Record<string, string>>;
  /** The host that components beside it call. */
  readonly host: string;
  /** The host that its certificate names for those out here. */
  readonly hostOutside: string;
  /** The port out here, of the loopback address, that leads to one there. */
  reach(port: number): Promise<number>;
}

/** This machine, where nothing but the loopback address is used. */
const HERE: Place = {
  inside: [],
  known: { 'bind-address': '127.0.0.1' },
  host: '127.0.0.1',
  hostOutside: '127.0.0.1',
  reach: async (port) => port,
};

/** What ends namespaces, gives them an account, and deletes what is owned; these make no pods. */
const CONTROLLERS = [
  'namespace-controller',
  'serviceaccount-controller',
  'garbage-collector-controller',
];

/** Starts etcd, the API server and controllers; whatever goes wrong, nothing is left. */
export async function startControlPlane(
  controllers: readonly string[] = CONTROLLERS,
  place: Place = HERE,
): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-kubernetes-'));
  const started: Component[] = [];
  const stop = async (): Promise<void> => {
    for (const component of started.toReversed()) await component.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const run: ControlPlane['run'] = (name, flags) => {
    const component = startComponent(name, flags, { folder, inside: place.inside });
    started.push(component);
    return component;
  };
  try {
    return { ...(await start({ folder, run, controllers, place })), folder, run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Start {
  readonly folder: string;
  readonly run: ControlPlane['run'];
  readonly controllers: readonly string[];
  readonly place: Place;
}

async function start({ folder, run, controllers, place }: Start) {
  const etcd = `http://127.0.0.1:${await freePort()}`;
  run('etcd', etcdFlags(folder, etcd));
  const token = writeSecrets(folder);
  const inner = await freePort();
  const flags = apiServerFlags(folder, { etcd, port: inner });
  const apiServer = run('kube-apiserver', { ...flags, ...place.known });
  const port = await place.reach(inner);
  const host = place.hostOutside;
  const ask = asker(folder, { host, port, token });
  const isReady = () =>
    ask('GET', '/readyz').then(
      ({ status }) => status === 200,
      () => false,
    );
  await waitFor(isReady, apiServer);
  const certificateAuthority = readFileSync(join(folder, 'apiserver.crt')).toString('base64');
  const access = { server: `https://${host}:${port}`, token, certificateAuthority };
  const outside = join(folder, 'kubeconfig-outside');
  writeFileSync(outside, kubeconfigOf(access));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf({ ...access, server: `https://${place.host}:${inner}` }));
  const manager = run('kube-controller-manager', controllerFlags(folder, controllers));
  const hasAccount = async () =>
    (await ask('GET', '/api/v1/namespaces/default/serviceaccounts/default')).status === 200;
  await waitFor(hasAccount, manager);
  const kubectl: ControlPlane['kubectl'] = (args, stdin) =>
    runProgram(PROGRAM, ['kubectl', `--kubeconfig=${outside}`, ...args], stdin);
  const kubectlCommand = `${PROGRAM} kubectl --kubeconfig=${outside}`;
  const cluster = openCluster({ kind: 'endpoint', ...access });
  return { cluster, ask, kubectl, kubectlCommand, kubeconfig };
}

const etcdFlags = (folder: string, url: string): Readonly<Record<string, string>> => ({
  'data-dir': join(folder, 'etcd'),
  'listen-client-urls': url,
  'advertise-client-urls': url,
  // It has no peers; so nobody needs to know the port.
  'listen-peer-urls': 'http://127.0.0.1:0',
  'unsafe-no-fsync': 'true',
  'log-level': 'warn',
});

/** Keys that service accounts' tokens are signed with, and the token of an administrator. */
function writeSecrets(folder: string): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(join(folder, 'accounts.key'), privateKey, { mode: 0o600 });
  const token = randomBytes(16).toString('hex');
  const line = `${token},admin,admin,"system:masters"\n`;
  writeFileSync(join(folder, 'tokens.csv'), line, { mode: 0o600 });
  return token;
}

const apiServerFlags = (
  folder: string,
  { etcd, port }: { readonly etcd: string; readonly port: number },
): Readonly<Record<string, string>> => ({
  'etcd-servers': etcd,
  // It has no name server to ask for the names of nodes.
  'kubelet-preferred-address-types': 'InternalIP',
  'secure-port': String(port),
  'cert-dir': folder,
  'token-auth-file': join(folder, 'tokens.csv'),
  'authorization-mode': 'RBAC',
  'service-cluster-ip-range': '10.96.0.0/12',
  'service-account-issuer': 'https://kubernetes.default.svc',
  'service-account-key-file': join(folder, 'accounts.key'),
  'service-account-signing-key-file': join(folder, 'accounts.key'),
});

const controllerFlags = (
  folder: string,
  controllers: readonly string[],
): Readonly<Record<string, string>> => ({
  kubeconfig: join(folder, 'kubeconfig'),
  'leader-elect': 'false',
  'secure-port': '0',
  'kube-api-qps': '1000',
  'kube-api-burst': '2000',
  'service-account-private-key-file': join(folder, 'accounts.key'),
  // What pods are told to trust.
  'root-ca-file': join(folder, 'apiserver.crt'),
  controllers: controllers.join(','),
});

function asker(
  folder: string,
  to: { readonly host: string; readonly port: number; readonly token: string },
): ControlPlane['ask'] {
  return (method, path, body) =>
    new Promise((done, fail) => {
      const { host, port } = to;
      const ca = readFileSync(join(folder, 'apiserver.crt'));
      const headers = {
        authorization: `Bearer ${to.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/apply-patch+yaml' }),
      };
      const asked = request({ host, port, path, method, headers, ca }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.once('end', () => {
          const text = Buffer.concat(parts).toString();
          const isJson = answer.headers['content-type']?.includes('json') ?? false;
          done({ status: answer.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
        });
      });
      asked.once('error', fail);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

const kubeconfigOf = (access: {
  readonly server: string;
  readonly token: string;
  readonly certificateAuthority: string;
}): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'test',
        cluster: {
          server: access.server,
          'certificate-authority-data': access.certificateAuthority,
        },
      },
    ],
    users: [{ name: 'test', user: { token: access.token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
