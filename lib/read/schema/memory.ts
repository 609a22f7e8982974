import { getHeapStatistics } from 'node:v8';

/** Bytes of memory that a character of input needs at most while it is read, measured on dumps of kubectl. */
const BYTES_PER_CHARACTER = { json: 10, yaml: 20 } as const;

const MEBIBYTE = 1024 * 1024;

/**
 * Why a text of so many characters does not fit in the memory of this process, and what to do; `undefined` where
 * it fits. Without this the process would end in the middle (V8: heap out of memory).
 */
export function memoryProblem(
  characters: number,
  format: keyof typeof BYTES_PER_CHARACTER,
): { readonly problem: string; readonly fix: string } | undefined {
  const limit = getHeapStatistics().heap_size_limit;
  const needed = characters * BYTES_PER_CHARACTER[format];
  if (needed <= limit) return undefined;
  const size = (bytes: number): string => `${Math.ceil(bytes / MEBIBYTE)} MiB`;
  const megabytes = Math.ceil((needed * 1.25) / MEBIBYTE);
  return {
    problem: `reading ${size(characters)} of ${format.toUpperCase()} needs about ${size(needed)} of memory, and Node.js may use ${size(limit)}`,
    fix: `set NODE_OPTIONS=--max-old-space-size=${megabytes}${format === 'yaml' ? ', or give JSON (kubectl get -o json)' : ', or split the input'}`,
  };
}
