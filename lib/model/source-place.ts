/** Where something stands in a file. */
export interface SourcePlace {
  readonly file: string;
  /** Which document of the file, from 0. */
  readonly document: number;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What stands there: the rule that was asked for, or only its object. */
  readonly of: 'rule' | 'object';
}

/** What is looked for in files: an object, and a rule of it. */
export interface SoughtObject {
  /** Its kind as the API or the template calls it, one of several; absent: any. */
  readonly kinds?: readonly string[];
  /** API groups, such as `networking.k8s.io`; absent: any. */
  readonly groups?: readonly string[];
  readonly namespace?: string;
  readonly name: string;
  /** Place of a rule in the lists of its spec. */
  readonly rule?: { readonly direction: 'ingress' | 'egress'; readonly index: number };
}
