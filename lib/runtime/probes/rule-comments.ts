/** What a ruleset calls its rules: `family table` and handle, to the rule's comment. */
export type RuleComments = ReadonlyMap<string, string>;

/** The key of a rule in `RuleComments`. */
export const ruleKey = (table: string, handle: number): string => `${table} ${handle}`;

/** Reads the comments out of what `nft --json list ruleset` prints. */
export function readComments(json: string): RuleComments {
  const { nftables } = JSON.parse(json) as { readonly nftables: readonly Listed[] };
  return new Map(
    nftables.flatMap(({ rule }) =>
      rule?.comment === undefined
        ? []
        : [[ruleKey(`${rule.family} ${rule.table}`, rule.handle), rule.comment] as const],
    ),
  );
}

interface Listed {
  readonly rule?: {
    readonly family: string;
    readonly table: string;
    readonly handle: number;
    readonly comment?: string;
  };
}
