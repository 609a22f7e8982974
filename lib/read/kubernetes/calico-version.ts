import { type CalicoMinor, calicoMinor } from '../../model/calico-release';
import type { ManifestObject } from '../schema/documents';

/**
 * The release of Calico that an object tells: `ClusterInformation` by `spec.calicoVersion`, the
 * DaemonSet `calico-node` by the tag of its image.
 */
export function calicoVersionOf({ kind, value }: ManifestObject): CalicoMinor | undefined {
  const pattern = Object.hasOwn(PATTERNS, kind) ? PATTERNS[kind] : undefined;
  const text = pattern?.exec(JSON.stringify(value))?.[1];
  return text === undefined ? undefined : calicoMinor(text);
}

const PATTERNS: Readonly<Record<string, RegExp>> = {
  ClusterInformation: /"calicoVersion":"([^"]+)"/,
  DaemonSet: /"image":"[^"]*calico\/node:([^"@]+)/,
};
