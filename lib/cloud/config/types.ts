import type { CONTEXT_KEYS, ContextKey, Parsed } from './keys';

/** The values that could be read; a key with a problem is absent. */
export type ConfigValues = { readonly [K in ContextKey]?: ValueOf<K> };

type ValueOf<K extends ContextKey> = (typeof CONTEXT_KEYS)[K] extends {
  readonly parse: (text: string) => Parsed<infer T>;
}
  ? T
  : never;

/** Values that are fine alone and wrong together, or wrong for AWS. */
export interface Conflict {
  readonly key: ContextKey;
  readonly problem: string;
  readonly fix: string;
}
