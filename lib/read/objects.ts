import { editDistance } from '../model/nearest';
import { refuseUnsupported } from './http/unsupported';
import { calicoVersionOf } from './kubernetes/calico-version';
import { enforcerOf } from './kubernetes/enforcers';
import { KINDS, type Kind, type Objects } from './kubernetes/kinds';
import { nodeDnsOf } from './kubernetes/node-dns';
import { complain, inside, warn } from './schema/at';
import type { ManifestObject } from './schema/documents';

/** Reads an object of a known kind onto its shelf; counts the others. */
export function readObject(object: ManifestObject, into: Objects): void {
  const { at, apiVersion, kind: name } = object;
  const enforcer = enforcerOf(object);
  if (enforcer !== undefined) into.enforcers.add(enforcer);
  const version = calicoVersionOf(object);
  if (version !== undefined) into.calico.push(version);
  const cache = nodeDnsOf(object);
  if (cache !== undefined) into.nodeDns.push(cache);
  const kinds = Object.hasOwn(KINDS, name) ? (KINDS[name] ?? []) : [];
  const known = kinds.find(({ versions }) => versions.includes(apiVersion));
  if (known !== undefined) {
    checkTwin(object, known, into);
    known.read(object, into);
    return;
  }
  if (refuseUnsupported(object)) return;
  const group = groupOf(apiVersion);
  const spoken = kinds.flatMap(({ versions }) => versions);
  const sameGroup = spoken.some((version) => groupOf(version) === group);
  if (spoken.length > 0 && (sameGroup || isBuiltIn(group))) {
    complain(
      inside(at, 'apiVersion'),
      `${name} of version '${apiVersion}' is not known`,
      `write apiVersion: ${spoken.join(' or ')}`,
    );
    return;
  }
  const meant = slip(name, apiVersion);
  if (meant !== undefined) {
    complain(inside(at, 'kind'), `there is no kind '${name}' in ${apiVersion}`, `write ${meant}`);
    return;
  }
  if (name.endsWith('NetworkPolicy')) warnForeign(object);
  if (group === 'kustomize.config.k8s.io') warnUnbuilt(object);
  const { skipped } = at.report;
  skipped[name] = (Object.hasOwn(skipped, name) ? (skipped[name] ?? 0) : 0) + 1;
}

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

/** Groups that Kubernetes itself had or has: there a name near one of ours is a slip. */
const isBuiltIn = (group: string): boolean =>
  !group.includes('.') || /^(networking|discovery|batch|apps)\.k8s\.io$/.test(group);

/** A policy of another vendor's may change the answer, and is not asked. */
const warnForeign = ({ at, apiVersion, kind }: ManifestObject): void =>
  warn(
    inside(at, 'kind'),
    `${kind} of ${apiVersion} is not judged here: what it allows or denies is left out`,
    'write it as a NetworkPolicy, a ClusterNetworkPolicy or a policy of Calico',
  );

/** What kustomize would change (a namespace, labels, patches) is not in the files it starts from. */
function warnUnbuilt({ at, kind }: ManifestObject): void {
  if (Object.hasOwn(at.report.skipped, kind)) return;
  const folder = at.file.replace(/[^/]*$/, '') || '.';
  warn(
    inside(at, 'kind'),
    `a ${kind} is no object of a cluster: what kustomize would make of these files is not seen`,
    `judge what it builds: kubectl kustomize ${folder} | npx lab lint --manifests -`,
  );
}

/** One object written twice: which of the two is meant is not known. */
function checkTwin(
  { at, apiVersion, kind, value }: ManifestObject,
  { scope }: Kind,
  into: Objects,
) {
  const meta: unknown = Reflect.get(value, 'metadata');
  if (typeof meta !== 'object' || meta === null || !('name' in meta)) return;
  const namespace = 'namespace' in meta ? meta.namespace : 'default';
  // What is no text is told where its field is read.
  if (typeof meta.name !== 'string' || typeof namespace !== 'string') return;
  const name = scope === 'cluster' ? meta.name : `${namespace}/${meta.name}`;
  const key = `${groupOf(apiVersion)} ${kind} ${name}`;
  const first = into.seen.get(key);
  if (first !== undefined) {
    const place = inside(inside(at, 'metadata'), 'name');
    complain(
      place,
      `${kind} ${name} is written twice (first in ${first})`,
      'remove one of the two',
    );
  }
  into.seen.set(key, at.file);
}

/** The kind of the same version that a misspelt one means. */
function slip(name: string, apiVersion: string): string | undefined {
  const names = Object.entries(KINDS).flatMap(([known, kinds]) =>
    kinds.some(({ versions }) => versions.includes(apiVersion)) ? [known] : [],
  );
  return REAL_KINDS.has(name) ? undefined : names.find((known) => isSlip(name, known));
}

/**
 * Is one name the other with a typing error? Word by word: `NetworkPolcy` is `NetworkPolicy`, but
 * `TCPRoute` is no misspelt `HTTPRoute`. A kind that a newer release adds is then skipped and counted.
 */
function isSlip(name: string, known: string): boolean {
  if (name.toLowerCase() === known.toLowerCase()) return true;
  const [words, others] = [wordsOf(name), wordsOf(known)];
  return (
    words.length === others.length &&
    words.every((word, i) => editDistance(word, others[i] ?? '') <= Math.ceil(word.length / 5))
  );
}

const wordsOf = (name: string): readonly string[] =>
  name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? [name];

/** Real kinds whose names are near one of ours. */
const REAL_KINDS = new Set(['Secret', 'Event', 'Binding', 'PodTemplate']);
