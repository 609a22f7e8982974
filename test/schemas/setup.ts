import { installDefinitions, installValidator } from './install';

/** Before any test: the schemas, or the reason why there are none. CI never goes without. */
export default function setup(): void {
  note('NO_VALIDATOR', 'without Python', installValidator());
  note('NO_DEFINITIONS', 'without Go', installDefinitions());
}

function note(variable: string, missing: string, problem: string | undefined): void {
  if (problem === undefined) return;
  if (process.env.CI === 'true') throw new Error(`${missing}: ${problem}`);
  process.env[variable] = `${missing}: ${problem.split('\n')[0]}`;
}
