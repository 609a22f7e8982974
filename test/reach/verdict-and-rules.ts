import type { Flow } from '../../lib/model/flow';
import type { StagedMode } from '../../lib/model/policy-order';
import { ruleName } from '../../lib/model/rule-name';
import { createEngine } from '../../lib/reach/engine';
import { worldOf } from '../build/world-of';

/** The whole answer in short: the verdict, then the name of everything that decided. */
export function judged(
  manifests: readonly unknown[],
  flow: Flow,
  staged: StagedMode = 'as-written',
): readonly string[] {
  const { verdict, by } = createEngine(worldOf(manifests), { staged }).explain(flow);
  return [verdict, ...by.map(ruleName)];
}
