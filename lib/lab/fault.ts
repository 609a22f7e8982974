import type { Fault, Lab } from './format';
import { asks } from './words';

/** Name of the step in which a drawn fault is found. */
export const FIND_STEP = 'find';

/**
 * The lab as this seed draws it: it starts at the fault's stage, and the step `find` asks for the
 * fault. The same seed draws the same fault; consecutive seeds go through all of them. A lab that
 * draws nothing comes back as it is.
 */
export function drawFault<S extends string>(lab: Lab<S>, seed: number): Lab<S> {
  const fault = faultOf(lab, seed);
  if (fault === undefined) return lab;
  return {
    ...lab,
    start: fault.stage,
    steps: lab.steps.map((step) =>
      step.id === FIND_STEP ? { ...step, checks: [asks(fault.question)] } : step,
    ),
  };
}

/** How a stage is called before a learner: a drawn fault's own name would give it away. */
export const shownStage = (lab: Lab<string>, stage: string): string =>
  lab.faults?.some((fault) => fault.stage === stage) ? 'as it was found' : stage;

const faultOf = <S extends string>(lab: Lab<S>, seed: number): Fault<S> | undefined => {
  const faults = lab.faults ?? [];
  return faults[((Math.trunc(seed) % faults.length) + faults.length) % faults.length];
};
