import type { Check } from '../lab/check';
import type { CheckResult } from '../lab/check-result';
import type { Lab, Solution } from '../lab/format';
import type { LabProgress } from '../lab/progress';

/** A lab that is up, wherever it runs, as the learner's commands see it. */
export interface UpLab {
  readonly lab: Lab<string>;
  /** Observes from outside, in the order asked. */
  readonly check: (
    checks: readonly Check[],
    progress: LabProgress | undefined,
  ) => Promise<readonly CheckResult[]>;
  /** Applies a solution; answers with what was done, a line each. */
  readonly solve: (solution: Solution) => Promise<readonly string[]>;
}

/** What there is to say of a step that only answers solve. */
export const ANSWERS =
  'This step is solved by the answers its checks ask for: lab check shows them.';
