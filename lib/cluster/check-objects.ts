import type { KubernetesObject } from '@kubernetes/client-node';
import type { AdmissionCheck, ObjectCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { type Cluster, nameOf, objectsOf, statusOf, wordsOf } from './cluster';

/** A value at a path of an object as the cluster has it now; an empty path: that it is there. */
export async function checkObject(check: ObjectCheck, { api }: Cluster): Promise<CheckResult> {
  const { apiVersion, object: kind, name, namespace, path, equals } = check;
  const metadata = namespace === undefined ? { name } : { name, namespace };
  const at = namespace === undefined ? '' : ` -n ${namespace}`;
  const look = `kubectl get ${kind.toLowerCase()} ${name}${at} -o yaml`;
  try {
    const found: unknown = await api.read({ apiVersion, kind, metadata });
    const value = path === '' ? found : valueAt(found, path.split('.'));
    if (path === '' || same(value, equals))
      return right(check, path === '' ? 'it is there' : show(value));
    const means = `${path} should be ${show(equals)}`;
    return wrong(check, { saw: `${path} is ${show(value)}`, means, look });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    const means = `${kind} ${name} does not exist`;
    return wrong(check, { saw: 'nothing of that name', means, look });
  }
}

/** What the API server says to an object, without keeping it (`--dry-run=server`). */
export async function checkAdmission(
  check: AdmissionCheck,
  { api }: Cluster,
): Promise<CheckResult> {
  const refusals: string[] = [];
  const objects = objectsOf(check.manifest);
  for (const object of objects) refusals.push(...(await tryOut(object, api)));
  const look = 'kubectl apply --dry-run=server -f <the manifest>';
  const saw = refusals[0] ?? `${objects.map(nameOf).join(', ')} would be accepted`;
  if (check.expect.kind === 'accepted') {
    const means = 'it should be accepted';
    return refusals.length === 0 ? right(check, saw) : wrong(check, { saw, means, look });
  }
  const { message } = check.expect;
  return refusals.some((refusal) => refusal.includes(message))
    ? right(check, saw)
    : wrong(check, { saw, means: `it should be refused with '${message}'`, look });
}

async function tryOut(object: KubernetesObject, api: Cluster['api']): Promise<readonly string[]> {
  try {
    await api.apply(object, 'dry-run');
    return [];
  } catch (error) {
    // Refusals of admission are 4xx; anything else says nothing about the object.
    if (statusOf(error) < 400 || statusOf(error) >= 500) throw error;
    return [wordsOf(error)];
  }
}

const valueAt = (node: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined,
    node,
  );

const same = (value: unknown, expected: ObjectCheck['equals']): boolean =>
  JSON.stringify(value) === JSON.stringify(expected);

const show = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
