/** One thing wrong in an input: where, what, and what to do. Readers report all of them together. */
export interface Problem {
  readonly file: string;
  /** Which document of the file, from 0. */
  readonly document: number;
  /** Path inside the document, such as `spec.ingress[0].ports[1].port`. */
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
}

/** A text to read, and the name it is reported under. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A failure the person at the keyboard can act on. Anything else is a bug, and stays an `Error`. */
export class Failure extends Error {
  constructor(
    readonly code: string,
    readonly problem: string,
    readonly fix: string,
    options?: ErrorOptions,
  ) {
    super(`${problem}\n  fix: ${fix}`, options);
    this.name = 'Failure';
  }
}

/** What a reader answers: the value and what is worth a remark, or every problem and no value. */
export type Reading<T> =
  | {
      readonly kind: 'read';
      readonly value: T;
      readonly warnings: readonly Problem[];
      /** Kinds that were there and are not ours, with how many. */
      readonly skipped: Readonly<Record<string, number>>;
      /** Kubernetes objects that were there, skipped ones too; absent: not counted. */
      readonly objects?: number;
    }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** An input that is wrong, with every problem of it. Nothing was judged and nothing was started. */
export class InputProblems extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(`${problems.length} problem${problems.length === 1 ? '' : 's'} in the input`);
    this.name = 'InputProblems';
  }
}
