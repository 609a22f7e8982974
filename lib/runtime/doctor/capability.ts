/** Something the local target uses, and whether this machine has it. */
export type Capability = {
  /** Stable name, such as `nftables`. */
  readonly id: string;
  /** What it is for, for a person. */
  readonly title: string;
  /** `always`: no local lab without it. `some-labs`: the labs that use it say so. */
  readonly needed: 'always' | 'some-labs';
} & (
  | { readonly kind: 'ok'; readonly detail: string }
  | { readonly kind: 'missing'; readonly why: string; readonly fix: string }
);

/**
 * How labs run here. `rootless`: in a user namespace, also when root starts them; `root`: root
 * without one; `none`: not at all, only predictions.
 */
export type Mode = 'rootless' | 'root' | 'none';

/** What the capabilities together allow. */
export function modeOf(capabilities: readonly Capability[]): Mode {
  const lacks = capabilities.some(({ kind, needed }) => kind === 'missing' && needed === 'always');
  if (lacks) return 'none';
  const own = capabilities.find(({ id }) => id === 'user-namespaces');
  return own?.kind === 'ok' ? 'rootless' : 'root';
}
