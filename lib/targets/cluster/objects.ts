import type { KubernetesObject } from '@kubernetes/client-node';
import { type AdmissionResult, answered, missing, type TargetAnswer } from '../../checks/target';
import type { ObjectCheck } from '../../lab/check';
import { type Cluster, nameOf, objectsOf, statusOf, wordsOf } from './cluster';

/** Reads an object as the cluster has it now. */
export async function readObject(
  { apiVersion, object: kind, name, namespace }: ObjectCheck,
  { api }: Cluster,
): Promise<TargetAnswer<unknown>> {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  try {
    return answered<unknown>(await api.read({ apiVersion, kind, metadata }));
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    const at = namespace === undefined ? '' : ` -n ${namespace}`;
    return missing(`${kind} ${name} does not exist`, `kubectl get ${kind.toLowerCase()}${at}`);
  }
}

/** What the API server says to a manifest, without keeping it (`--dry-run=server`). */
export async function tryManifest(
  manifest: string,
  { api }: Cluster,
): Promise<TargetAnswer<AdmissionResult>> {
  const refusals: string[] = [];
  const objects = objectsOf(manifest);
  for (const object of objects) refusals.push(...(await tryOut(object, api)));
  return answered({ objects: objects.map(nameOf), refusals });
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
