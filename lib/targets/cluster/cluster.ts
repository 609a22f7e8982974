import {
  ApiException,
  KubeConfig,
  type KubernetesObject,
  loadAllYaml,
} from '@kubernetes/client-node';
import { Failure } from '../../model/problem';
import { ObjectApi } from './object-api';

/** How to reach a cluster. */
export type ClusterAccess =
  /** A kubeconfig as `kind get kubeconfig` prints it, and one of its contexts (default: current). */
  | { readonly kind: 'kubeconfig'; readonly text: string; readonly context?: string }
  /** Address, certificate authority (base64) and bearer token, as EKS gives them. */
  | {
      readonly kind: 'endpoint';
      readonly server: string;
      readonly certificateAuthority: string;
      readonly token: string;
    };

/** A running cluster's API, as this room uses it. */
export interface Cluster {
  readonly config: KubeConfig;
  readonly api: ObjectApi;
}

/** Opens a cluster; nothing is asked of it yet. */
export function openCluster(access: ClusterAccess): Cluster {
  const config = new KubeConfig();
  switch (access.kind) {
    case 'kubeconfig':
      config.loadFromString(access.text);
      if (access.context !== undefined) config.setCurrentContext(access.context);
      break;
    case 'endpoint': {
      const { server, certificateAuthority: caData, token } = access;
      const name = 'lab';
      config.loadFromOptions({
        clusters: [{ name, server, caData, skipTLSVerify: false }],
        users: [{ name, token }],
        contexts: [{ name, cluster: name, user: name }],
        currentContext: name,
      });
      break;
    }
  }
  return { config, api: ObjectApi.of(config) };
}

/** The objects of a manifest's documents, `List`s unpacked, empty documents left out. */
export function objectsOf(manifest: string): readonly KubernetesObject[] {
  return loadAllYaml(manifest).flatMap((document) => {
    if (document === null || typeof document !== 'object') return [];
    return 'items' in document ? (document.items as KubernetesObject[]) : [document];
  });
}

/** Object to person: `Deployment shop/web`. */
export const nameOf = ({ kind, metadata }: KubernetesObject): string =>
  [kind, [metadata?.namespace, metadata?.name].filter(Boolean).join('/')].join(' ');

/** The HTTP status of a refusal, or 0 where the server was not reached. */
export const statusOf = (error: unknown): number =>
  error instanceof ApiException ? error.code : 0;

/** A refusal of the API server that no waiting cures, with its own words. */
export function refusal(object: KubernetesObject, error: unknown): Failure {
  const said = wordsOf(error);
  const fix =
    'look at the manifest and the cluster: kubectl get events -A --sort-by=.lastTimestamp';
  const problem = `the cluster refused ${nameOf(object)}: ${said}`;
  return new Failure('refused-by-cluster', problem, fix, { cause: error });
}

/** What the API server said, or the error itself where it said nothing. */
export const wordsOf = (error: unknown): string =>
  error instanceof ApiException ? messageOf(error.body) : String(error);

/** The message of a Status (meta/v1), where the answer is one: a proxy in between may say anything. */
function messageOf(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  try {
    const said: { readonly message?: unknown } = JSON.parse(text);
    if (typeof said.message === 'string') return said.message;
  } catch {
    // Not of the API server's making: as it is.
  }
  return text.slice(0, 300);
}
