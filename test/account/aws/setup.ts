import { installMoto } from './moto';

/** Before any test: the emulator, or the reason why there is none. CI never goes without. */
export default function setup(): void {
  const problem = installMoto();
  if (problem === undefined) return;
  if (process.env.CI === 'true') throw new Error(problem);
  process.env.NO_MOTO = problem;
}
