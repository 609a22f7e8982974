import type { Explanation } from '../model/explanation';
import type { Flip } from '../model/flip';
import type { Flow } from '../model/flow';
import type { World } from '../model/world';
import { createEngine, type Engine } from '../reach/engine';
import { flip } from '../reach/questions/flip';

/** The prediction of a flow, and what would reverse it. */
export interface ExplainedFlow {
  /** The engine that was asked, for more questions. */
  readonly engine: Engine;
  readonly explanation: Explanation;
  /** Absent where no single change would. */
  readonly flip?: Flip;
}

/**
 * Predicts a flow and looks for single changes that would reverse the verdict.
 * @param staged whether staged policies are judged as if they were enforced
 */
export function predictFlow(
  world: World,
  flow: Flow,
  staged: 'as-written' | 'as-enforced',
): ExplainedFlow {
  const engine = createEngine(world, { staged });
  const explanation = engine.explain(flow);
  const turned = flip(world, explanation, { staged });
  return { engine, explanation, ...(turned !== undefined && { flip: turned }) };
}
