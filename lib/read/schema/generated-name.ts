import type { At } from './at';

/** Letters of which the API server makes names (k8s: apimachinery/pkg/util/rand). */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
/** The longest prefix that is kept (k8s: apiserver/pkg/storage/names, 63 less five). */
const MAX_PREFIX = 58;

/**
 * A name for an object that has only `generateName`: the same one for the same place in the input,
 * and another one elsewhere. Which name the cluster will give cannot be known.
 */
export function generatedName(prefix: string, { file, document, path }: At): string {
  let rest = hashOf(`${file}\n${document}\n${path}`);
  const suffix = Array.from({ length: 5 }, () => {
    const letter = LETTERS[rest % LETTERS.length] ?? 'x';
    rest = Math.floor(rest / LETTERS.length);
    return letter;
  });
  return prefix.slice(0, MAX_PREFIX) + suffix.join('');
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash;
}
