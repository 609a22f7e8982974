import { buildKyverno } from './install';

/** Before any test: Kyverno's engine, or the reason why there is none. CI never goes without. */
export default function setup(): void {
  const problem = buildKyverno();
  if (problem === undefined) return;
  if (process.env.CI === 'true') throw new Error(problem);
  process.env.NO_KYVERNO = problem.split('\n')[0];
}
