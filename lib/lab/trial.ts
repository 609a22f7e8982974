import type { ShellLine } from './shell-line';

/** Kinds of wrong solution: a step is tried with several of them. */
export type WrongKind =
  | 'too-open'
  | 'too-closed'
  | 'one-direction'
  | 'half'
  | 'nothing'
  | 'earlier-stage'
  | 'wrong-means'
  | 'wrong-end'
  | 'wrong-value';

/** One act of a learner. */
export type Act =
  /** `lab stage`: what was applied stays on top. */
  | { readonly kind: 'stage'; readonly stage: string }
  /** `lab apply` of these manifests (YAML). */
  | { readonly kind: 'apply'; readonly manifests: string }
  /** `lab apply` of a template (JSON) that changes the VPC. */
  | { readonly kind: 'patch'; readonly template: string }
  /** Lines typed in machines; they may fail. */
  | { readonly kind: 'type'; readonly lines: readonly ShellLine[] };

/** What a learner may do in place of the reference solution, from the state that the step begins in. */
export interface SolutionTrial {
  /** In this order; empty: nothing but right answers to the step's questions. */
  readonly acts: readonly Act[];
  /** Why it is wrong, or why it is right as well. */
  readonly because: string;
  /** Seed of the fault that the lab draws. @default 0 */
  readonly seed?: number;
}

/** A solution that the checks of a step must reject. */
export interface WrongSolution extends SolutionTrial {
  readonly kind: WrongKind;
}

/** What the acceptance run tries at a step beside its reference solution. */
export interface StepTrials {
  /** Solutions that must be rejected. */
  readonly wrong: readonly WrongSolution[];
  /** Right solutions that differ from the reference and must be accepted. @default none */
  readonly alternatives?: readonly SolutionTrial[];
}
