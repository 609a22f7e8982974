import { installMoto } from '../account/aws/moto';
import { installKubernetes } from '../targets/cluster/real/install';
import { installAuthenticator } from './install';

/** Before the rehearsal: its parts, or the reason why it is skipped. CI never goes without. */
export default function setup(): void {
  const problem = installMoto() ?? installAuthenticator() ?? installKubernetes();
  if (problem === undefined) return;
  if (process.env.CI === 'true') throw new Error(problem);
  process.env.NO_KUBERNETES = problem;
}
