import { fetchDefinitions } from './definitions';
import { installKubernetes } from './install';

/** Before any test: the components, or the reason why there are none. CI never goes without. */
export default function setup(): void {
  const problem = installKubernetes() ?? fetchDefinitions();
  if (problem === undefined) return;
  if (process.env.CI === 'true') throw new Error(problem);
  process.env.NO_KUBERNETES = problem;
}
