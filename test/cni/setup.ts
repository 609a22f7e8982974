import { compile } from '../../bin/start';
import { installReference } from './install';

/** Before any test: the reference plugins, or the reason why there are none. CI never goes without. */
export default async function setup(): Promise<void> {
  await compile();
  const problem = installReference();
  if (problem === undefined) return;
  if (process.env.CI === 'true') throw new Error(problem);
  process.env.NO_REFERENCE_CNI = problem;
}
