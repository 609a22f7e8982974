import type { LeftOut } from './left-out';

/** A file that was met and holds nothing that the command judges. */
export interface SkippedFile {
  readonly file: string;
  /** What it is, such as `no Kubernetes object` or `a Terraform plan`. */
  readonly because: string;
  /** What to do where it may matter to the verdicts. */
  readonly fix?: string;
}

/** What a command read and what it left out: the field `read` of `--json`. */
export interface InputSummary {
  /** Files that were read. */
  readonly files: number;
  readonly objects: number;
  readonly templates: number;
  readonly skipped: readonly SkippedFile[];
  /** Objects that were left out because they have problems (`--keep-going`); absent: none. */
  readonly leftOut?: readonly Pick<LeftOut, 'object' | 'file' | 'problem'>[];
  /** Kinds and resource types that a verdict may depend on and that are not modelled, with how many. */
  readonly notModelled: Readonly<Record<string, number>>;
  /** Kinds and resource types that are not about the network, with how many. */
  readonly notNetwork: Readonly<Record<string, number>>;
}
