import type { Check } from '../lab/check';
import type { CheckResult } from '../lab/check-result';
import type { Lab, LabTarget, Solution } from '../lab/format';
import type { LabProgress } from '../lab/progress';
import type { SourceFile } from '../model/problem';
import type { Description } from '../runtime/sandbox/protocol';
import type { Local } from '../targets/local/local';

/** A lab that is up on this machine. */
export interface RunningLab {
  readonly lab: string;
  readonly target: 'local';
  /** The policy stage it shows; empty for a Linux lab. */
  readonly stage: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; the lab ends by itself then. */
  readonly expiresAt: string;
  /** What the learner applied on top of the stage. */
  readonly applied: readonly SourceFile[];
  /** Pods that are containers of a container runtime, which called the CNI plugin for them. */
  readonly containers: Description['containers'];
}

/** A lab that runs in a cluster, as this machine remembers it. */
export interface RemoteLab {
  readonly lab: string;
  /** The name that `--as` gave it in the account; absent where it has none. */
  readonly as?: string;
  readonly target: Exclude<LabTarget, 'local'>;
  readonly stage: string;
  /** AWS region; empty for kind. */
  readonly region: string;
}

/** A cluster lab that is up on this machine, with its network attached. */
export interface LocalSession {
  readonly lab: Lab<string>;
  readonly running: RunningLab;
  readonly local: Local;
}

/** A lab that is up, wherever it runs. */
export interface UpLab {
  readonly lab: Lab<string>;
  /** Observes from outside; one result a check, in the order asked. */
  readonly check: (
    checks: readonly Check[],
    progress: LabProgress | undefined,
  ) => Promise<readonly CheckResult[]>;
  /** Applies the solution of a step. What the learner applied stays on top, unless said otherwise. */
  readonly solve: (solution: Solution, options?: SolveOptions) => Promise<AppliedSolution>;
}

/** How a solution is applied. */
export interface SolveOptions {
  /** Removes what the learner applied. @default it stays on top */
  readonly clear?: boolean;
}

/** What was done to solve a step. */
export type AppliedSolution =
  /** The lab moved to the stage; `local` is its network, where it runs on this machine. */
  | { readonly kind: 'stage'; readonly stage: string; readonly local: Local | undefined }
  /** The commands were run in the lab's machines, in order. */
  | { readonly kind: 'commands'; readonly lines: readonly string[] }
  /** The step is solved by answers, or its solution does not apply to this target. */
  | { readonly kind: 'answers' };
