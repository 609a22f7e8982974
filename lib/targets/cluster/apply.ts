import type { KubernetesObject } from '@kubernetes/client-node';
import type { Clock } from '../../model/clock';
import { Failure } from '../../model/problem';
import { type Cluster, nameOf, refusal, statusOf, wordsOf } from './cluster';
import { type Poll, poll } from './poll';

export interface ApplyOptions {
  readonly clock: Clock;
  /** How long kinds may take to become known after their definition; two minutes by default. */
  readonly deadlineMs?: number;
  readonly onEvent?: (event: ApplyEvent) => void;
}

export type ApplyEvent =
  | { readonly kind: 'applied' | 'deleted'; readonly object: string }
  | { readonly kind: 'waiting'; readonly for: string };

/**
 * Brings a cluster to a stage: applies its objects by server-side apply, then deletes those that
 * the stage before had and this one has not. Throws a failure with the server's words.
 */
export async function applyStage(
  cluster: Cluster,
  stage: {
    readonly objects: readonly KubernetesObject[];
    readonly before: readonly KubernetesObject[];
  },
  options: ApplyOptions,
): Promise<void> {
  for (const object of inOrder(stage.objects)) await applyObject(cluster, object, options);
  const kept = new Set(stage.objects.map(identity));
  const dropped = stage.before.filter((object) => !kept.has(identity(object)));
  for (const object of inOrder(dropped).toReversed()) {
    await deleteObject(cluster, object);
    options.onEvent?.({ kind: 'deleted', object: nameOf(object) });
  }
}

/**
 * Applies one object; waits where its kind, namespace or webhook is not there yet, and where one of
 * its name still ends: that one takes what is written, and is gone with it a moment later.
 */
export async function applyObject(
  { api }: Cluster,
  object: KubernetesObject,
  { clock, deadlineMs = 120_000, onEvent }: ApplyOptions,
): Promise<void> {
  const ask = async (): Promise<Poll<void>> => {
    try {
      const { metadata } = await api.apply(object, 'keep');
      return metadata?.deletionTimestamp === undefined
        ? { kind: 'done', value: undefined }
        : { kind: 'waiting', for: `${nameOf(object)}: the one before it still ends` };
    } catch (error) {
      if (!mayPass(error)) throw refusal(object, error);
      return { kind: 'waiting', for: `${nameOf(object)}: ${wordsOf(error)}` };
    }
  };
  const onWait = (reason: string) => onEvent?.({ kind: 'waiting', for: reason });
  const answer = await poll(ask, { clock, deadlineMs, onWait });
  if (answer.kind === 'waiting') {
    const problem = `not applied within ${deadlineMs / 1000} s: ${answer.for}`;
    throw new Failure('apply-timeout', problem, 'run the same command again');
  }
  onEvent?.({ kind: 'applied', object: nameOf(object) });
}

/** Deletes an object with all that it owns; an object that is gone already is not an error. */
export async function deleteObject({ api }: Cluster, object: KubernetesObject): Promise<void> {
  try {
    await api.delete(object, undefined, undefined, undefined, undefined, 'Foreground');
  } catch (error) {
    if (statusOf(error) !== 404 && !isUnknownKind(error)) throw refusal(object, error);
  }
}

/**
 * What must be there first: namespaces, then definitions of kinds, then accounts and rights, then
 * configuration and Calico's tiers (a policy in a tier that is not there is refused).
 */
const FIRST: readonly (readonly string[])[] = [
  ['Namespace'],
  ['CustomResourceDefinition'],
  ['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  // A pod gets the interface of a SecurityGroupPolicy when it is made, so the policy comes first.
  ['ConfigMap', 'Secret', 'Tier', 'NetworkSet', 'GlobalNetworkSet', 'SecurityGroupPolicy'],
];

function inOrder(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const rank = ({ kind = '' }: KubernetesObject) => {
    const place = FIRST.findIndex((kinds) => kinds.includes(kind));
    return place === -1 ? FIRST.length : place;
  };
  return objects.toSorted((a, b) => rank(a) - rank(b));
}

const identity = ({ apiVersion, kind, metadata }: KubernetesObject): string =>
  [apiVersion?.replace(/\/v[^/]+$/, ''), kind, metadata?.namespace, metadata?.name].join(' ');

/** Not there yet (404), another client wrote first (409), too many (429), or the server is down. */
function mayPass(error: unknown): boolean {
  if (isMistyped(error)) return false;
  const status = statusOf(error);
  return isUnknownKind(error) || status === 404 || status === 409 || status === 429
    ? true
    : status >= 500 || (status === 0 && isNetwork(error));
}

/**
 * A field that is not in the schema: the API server calls that an internal error (500, apiserver:
 * managedfields/internal/structuredmerge), and no time will cure it.
 */
const isMistyped = (error: unknown): boolean =>
  wordsOf(error).startsWith('failed to create typed patch object');

/** The client itself refuses a kind that discovery does not list yet. */
const isUnknownKind = (error: unknown): boolean =>
  statusOf(error) === 0 && /Unrecognized API version and kind/.test(wordsOf(error));

const isNetwork = (error: unknown): boolean =>
  /ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|socket hang up|fetch failed/.test(codeOf(error));

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? `${error.code} ${error.message}` : error.message;
};
