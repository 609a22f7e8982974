import { kind } from './kind';

// Kyverno's API, kyverno.io/v1 ClusterPolicy (kyverno/kyverno: api/kyverno/v1).

/** JSON as a policy's patterns write it. */
export type PatternJson =
  | string
  | number
  | boolean
  | readonly PatternJson[]
  | { readonly [key: string]: PatternJson };

interface Match {
  readonly any: readonly {
    readonly resources: {
      readonly kinds: readonly string[];
      readonly namespaces?: readonly string[];
      readonly names?: readonly string[];
    };
  }[];
}

/** One rule: it validates, generates, mutates or verifies, and only one of them. */
export type KyvernoRule = {
  readonly name: string;
  readonly match: Match;
  readonly exclude?: Match;
} & (
  | {
      readonly validate: {
        /** Refuse, or only report. */
        readonly failureAction: 'Enforce' | 'Audit';
        readonly message: string;
        readonly pattern: PatternJson;
      };
    }
  | {
      readonly generate: {
        readonly apiVersion: string;
        readonly kind: string;
        readonly name: string;
        readonly namespace: string;
        /** Keep what was generated equal to `data`. */
        readonly synchronize: boolean;
        readonly data: PatternJson;
      };
    }
  | { readonly mutate: { readonly patchStrategicMerge: PatternJson } }
  | {
      readonly verifyImages: readonly {
        readonly imageReferences: readonly string[];
        readonly failureAction: 'Enforce' | 'Audit';
        readonly attestors: readonly {
          readonly entries: readonly { readonly keys: { readonly publicKeys: string } }[];
        }[];
      }[];
    }
);

/** A policy for the whole cluster, asked by the API server before an object is stored. */
export const ClusterPolicy = kind<{
  /** Report objects that were there before too. */
  readonly background?: boolean;
  readonly rules: readonly KyvernoRule[];
}>('kyverno.io/v1', 'ClusterPolicy');
