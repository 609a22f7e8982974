import type { OutsideEndpoint, World } from '../../lib/model/world';
import { readWorld } from '../../lib/read/world';

/** The world that these manifests describe; throws with every problem where they are not right. */
export function worldOf(
  manifests: readonly unknown[],
  outside: readonly OutsideEndpoint[] = [],
): World {
  const text = manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
  const reading = readWorld({ manifests: [{ path: 'test.yaml', text }], outside });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}
